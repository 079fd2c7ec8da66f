#include "train/embeddings.h"

#include <algorithm>

namespace longhand::train {
namespace {

std::vector<bool> seen_rows(const EmbeddingTable& table, const Tensor& x) {
  std::vector<bool> seen(static_cast<std::size_t>(table.rows));
  const auto width = x.shape()[1];
  for (std::int64_t row = 0; row < x.shape()[0]; ++row) {
    seen[static_cast<std::size_t>(x.at(row * width + table.input))] = true;
  }
  return seen;
}

// Each member's weights of the table.
template <class Change>
void change(Model& model, const EmbeddingTable& table, const Change& change) {
  const auto name = model.network.layers[0].name + "." + table.name + ".weight";
  for (const auto& [path, spec] : make_network(model.network)->parameters()) {
    if (path == name || path.ends_with("." + name)) change(model.state.get(path));
  }
}

void set_row(Tensor& weight, std::size_t row, const std::vector<double>& entries) {
  const auto first = static_cast<std::int64_t>(row * entries.size());
  for (std::size_t j = 0; j < entries.size(); ++j) weight.set(first + static_cast<std::int64_t>(j), entries[j]);
}

std::vector<double> mean_of(const Tensor& weight, const std::vector<bool>& seen) {
  const auto size = weight.shape()[1];
  std::vector<double> mean(static_cast<std::size_t>(size));
  for (std::size_t row = 0; row < seen.size(); ++row) {
    if (!seen[row]) continue;
    for (std::size_t j = 0; j < mean.size(); ++j) mean[j] += weight.at(static_cast<std::int64_t>(row) * size + static_cast<std::int64_t>(j));
  }
  const auto count = static_cast<double>(std::ranges::count(seen, true));
  for (double& entry : mean) entry /= count;
  return mean;
}

}  // namespace

void clear_unseen(Model& model, const Examples& examples) {
  for (const auto& table : model.network.tables()) {
    const auto seen = seen_rows(table, examples.x);
    change(model, table, [&](Tensor& weight) {
      const std::vector<double> zeros(static_cast<std::size_t>(table.size));
      for (std::size_t row = 0; row < seen.size(); ++row) {
        if (!seen[row]) set_row(weight, row, zeros);
      }
    });
  }
}

void average_unseen(Model& model, const Examples& examples) {
  for (const auto& table : model.network.tables()) {
    const auto seen = seen_rows(table, examples.x);
    change(model, table, [&](Tensor& weight) {
      const auto mean = mean_of(weight, seen);
      for (std::size_t row = 0; row < seen.size(); ++row) {
        if (!seen[row]) set_row(weight, row, mean);
      }
    });
  }
}

}  // namespace longhand::train
