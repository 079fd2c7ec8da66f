#include <algorithm>

#include "longhand/nn.h"

namespace longhand::nn {

Embedding::Embedding(Module& parent, std::string name, std::int64_t rows, std::int64_t size)
    : Module(parent, std::move(name)), rows_(rows), size_(size) {
  if (rows < 1 || size < 1) {
    throw ArgumentError("'" + path() + "': an embedding of " + std::to_string(rows) + " rows of " + std::to_string(size) + " entries");
  }
  checked_multiply(rows, size);
  declare({.name = "weight", .shape = {rows_, size_}, .deviation = 1});
}

Var Embedding::forward(Var index) const {
  const Var weight = parameter(*index.graph, "weight").labelled(path(), "E");
  return gather(weight, index.kind() == Kind::index ? index : to_index(index)).labelled(path(), "r");
}

EmbeddedColumns::EmbeddedColumns(Module& parent, std::string name, const std::vector<Table>& tables)
    : Module(parent, std::move(name)) {
  for (const auto& table : tables) {
    if (table.column < 0 || (!columns_.empty() && table.column <= columns_.back())) {
      throw ArgumentError("'" + path() + "': the tables' columns must rise from 0");
    }
    columns_.push_back(table.column);
    tables_.push_back(std::make_unique<Embedding>(*this, table.name, table.rows, table.size));
  }
}

Var EmbeddedColumns::forward(Var x) const {
  std::vector<Var> parts;
  std::int64_t at = 0;
  const auto take_until = [&](std::int64_t column) {
    if (at < column) parts.push_back(slice(x, 1, at, column));
    at = column;
  };
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    take_until(columns_[i]);
    parts.push_back(tables_[i]->forward(reshape(slice(x, 1, at, at + 1), {x.shape()[0]})));
    ++at;
  }
  take_until(x.shape()[1]);
  return concatenate(parts, 1).labelled(path(), "x");
}

}  // namespace longhand::nn
