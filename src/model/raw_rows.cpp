#include "model/raw_rows.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <span>
#include <unordered_map>
#include <utility>
#include <variant>

#include "base/text.h"
#include "data/as_numbers.h"
#include "data/names.h"
#include "data/words.h"
#include "model/cell_notes.h"

namespace longhand {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// The places of a column's categories; `unknown` for other texts.
class PlaceCells {
 public:
  PlaceCells(const Column& column, const InputColumn& input, const data::MissingCells& missing)
      : column_(column), missing_(missing), classes_(input.categories), unknown_(static_cast<double>(classes_.size())) {
    for (std::size_t i = 0; i < column.texts().size(); ++i) of_texts_.push_back(place_of(std::string(column.texts()[i])));
  }

  double at(std::size_t row) {
    if (!column_.is_numbers()) return of_texts_[static_cast<std::size_t>(column_.codes()[row])];
    const auto [found, is_new] = of_numbers_.try_emplace(column_.numbers()[row] + 0.0, unknown_);  // -0 is 0
    if (is_new) found->second = place_of(column_.cell(row));
    return found->second;
  }

 private:
  double place_of(const std::string& text) const {
    const auto found = classes_.find(text);
    return found ? static_cast<double>(*found) : missing_.is_missing(text) ? kMissing : unknown_;
  }

  const Column& column_;
  const data::MissingCells& missing_;
  const Classes classes_;
  const double unknown_;
  std::vector<double> of_texts_;
  std::unordered_map<double, double> of_numbers_;
};

std::variant<PlaceCells, data::NumberCells> cells_of(const Table& table, const Column& column, const InputColumn& input,
                                                     const data::MissingCells& missing) {
  if (input.is_category()) return PlaceCells(column, input, missing);
  if (input.kind == ColumnKind::date) return data::NumberCells(table, column, missing, input.order);
  return data::NumberCells(table, column, missing);
}

const Column& column_of(const Table& table, const std::string& name) {
  if (table.find(name)) return table.column(name);
  std::vector<std::string> names;
  for (const auto& column : table.columns()) names.push_back(column.name());
  const auto what = table.name() + ": no column '" + printable(name, 60) + "', which the model reads";
  if (const auto* alike = data::alike_name(names, name)) throw DataError(what + "; '" + printable(*alike, 60) + "' is there");
  throw DataError(what + ", among " + data::list_names(names) + "; add it, with empty cells where it is not known");
}

}  // namespace

class RawRows::ColumnReader {
 public:
  ColumnReader(const Table& table, const InputColumn& input, const data::MissingCells& missing)
      : table_(table), column_(column_of(table, input.name)), input_(input), cells_(cells_of(table, column_, input, missing)) {
    for (auto* note : {&unseen_, &absent_, &far_}) note->column = column_.name();
    absent_.kind = CellNote::Kind::missing;
    far_.kind = CellNote::Kind::far;
    const double reach = input.greatest - input.least;
    if (input.is_category() || !(reach > 0)) return;
    lowest_ = input.least - reach;
    highest_ = input.greatest + reach;
    far_.learned = cell_text(input, input.least) + " to " + cell_text(input, input.greatest);
  }

  /// Every `step`-th of `into`, as many as there are.
  void read(std::int64_t first, std::span<double> into, std::size_t step) {
    std::visit([&](auto& cells) { read_from(cells, static_cast<std::size_t>(first), into, step); }, cells_);
  }
  void add_notes(std::vector<CellNote>& notes) const {
    for (const auto* note : {&unseen_, &absent_, &far_}) {
      if (note->cells > 0) notes.push_back(*note);
    }
  }

 private:
  void read_from(auto& cells, std::size_t row, std::span<double> into, std::size_t step) {
    const auto unknown = static_cast<double>(input_.categories.size());
    const double fill = input_.is_category() ? unknown : input_.fill;
    for (std::size_t i = 0; i < into.size(); i += step, ++row) {
      double cell = cells.at(row);
      if (input_.is_category() && cell == unknown) note(unseen_, row);
      if (cell < lowest_ || cell > highest_) note(far_, row);
      if (!input_.has_missing && std::isnan(cell)) {
        note(absent_, row);
        cell = fill;
      }
      into[i] = cell;
    }
  }

  void note(CellNote& note, std::size_t row) const {
    if (note.cells++ > 0) return;
    note.first = table_.where(static_cast<std::int64_t>(row));
    note.example = column_.cell(row);
  }

  const Table& table_;
  const Column& column_;
  const InputColumn& input_;
  std::variant<PlaceCells, data::NumberCells> cells_;
  CellNote unseen_, absent_, far_;
  double lowest_ = -std::numeric_limits<double>::infinity(), highest_ = std::numeric_limits<double>::infinity();
};

RawRows::RawRows(const Model& model, const Table& table) : model_(model), table_(table), missing_(model.missing_words) {
  for (const auto& input : model.inputs) columns_.push_back(std::make_unique<ColumnReader>(table, input, missing_));
}

RawRows::~RawRows() = default;

Tensor RawRows::read(std::int64_t first, std::int64_t count) {
  const auto width = model_.inputs.size();
  Tensor raw({count, static_cast<std::int64_t>(width)}, DType::f64);
  if (count == 0) return raw;
  for (std::size_t j = 0; j < width; ++j) columns_[j]->read(first, raw.values<double>().subspan(j), width);
  return raw;
}

std::vector<CellNote> RawRows::notes() const {
  std::vector<CellNote> notes;
  for (const auto& column : columns_) column->add_notes(notes);
  return notes;
}

Tensor raw_rows(const Model& model, const Table& table, std::vector<CellNote>* notes) {
  RawRows rows(model, table);
  auto raw = rows.read(0, table.rows());
  if (notes != nullptr) add_notes(*notes, rows.notes());
  return raw;
}

Tensor raw_row(const Model& model, const std::vector<std::string>& cells, std::vector<CellNote>* notes) {
  if (cells.size() != model.inputs.size()) {
    throw ArgumentError(fmt::format("{}, the model reads {}", counted(std::ssize(cells), "cell"), counted(std::ssize(model.inputs), "column")));
  }
  std::vector<Column> columns;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    columns.push_back(Column::of_text(model.inputs[i].name, std::span(&cells[i], 1)));
  }
  return raw_rows(model, Table("the row", std::move(columns)), notes);
}

}  // namespace longhand
