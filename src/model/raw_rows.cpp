// Cells of a table -> a model's raw columns.
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <optional>
#include <unordered_map>

#include "base/text.h"
#include "data/as_numbers.h"
#include "data/missing_cells.h"
#include "longhand/model.h"

namespace longhand {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// A column of categories as their places; `unknown` for other texts.
std::vector<double> places_of(const Column& column, const InputColumn& input, const data::MissingCells& missing,
                              double unknown) {
  const Classes classes(input.categories);
  const auto place_of = [&](const std::string& text) {
    const auto found = classes.find(text);
    return found ? static_cast<double>(*found) : missing.is_missing(text) ? kMissing : unknown;
  };
  std::vector<double> places;
  places.reserve(column.rows());
  if (column.is_numbers()) {
    std::unordered_map<double, double> known;
    for (std::size_t row = 0; row < column.rows(); ++row) {
      const auto [found, is_new] = known.try_emplace(column.numbers()[row] + 0.0, unknown);  // -0 is 0
      if (is_new) found->second = place_of(column.cell(row));
      places.push_back(found->second);
    }
    return places;
  }
  std::vector<double> of_texts;
  for (std::size_t i = 0; i < column.texts().size(); ++i) of_texts.push_back(place_of(std::string(column.texts()[i])));
  for (const auto code : column.codes()) places.push_back(of_texts[static_cast<std::size_t>(code)]);
  return places;
}

class RawReader {
 public:
  RawReader(const Model& model, const Table& table, std::vector<CellNote>* notes)
      : model_(model), table_(table), missing_(model.missing_words), notes_(notes) {}

  Tensor read() const {
    const auto width = model_.inputs.size();
    Tensor raw({table_.rows(), static_cast<std::int64_t>(width)}, DType::f64);
    const auto entries = raw.values<double>();
    for (std::size_t j = 0; j < width; ++j) {
      const auto cells = cells_of(model_.inputs[j]);
      for (std::size_t i = 0; i < cells.size(); ++i) entries[i * width + j] = cells[i];
    }
    return raw;
  }

 private:
  std::vector<double> cells_of(const InputColumn& input) const {
    const auto& column = table_.column(input.name);
    std::vector<double> cells;
    const auto unknown = static_cast<double>(input.categories.size());
    if (input.is_category()) {
      cells = places_of(column, input, missing_, unknown);
      note(column, cells, false, [&](double cell) { return cell == unknown; });
    } else if (input.kind == ColumnKind::date) {
      cells = data::days_or_missing(table_, column, missing_, input.order);
    } else {
      cells = data::numbers_or_missing(table_, column, missing_);
    }
    if (!input.has_missing) {
      note(column, cells, true, [](double cell) { return std::isnan(cell); });
      for (double& cell : cells) {
        if (std::isnan(cell)) cell = input.is_category() ? unknown : input.fill;
      }
    }
    return cells;
  }

  template <class IsNew>
  void note(const Column& column, const std::vector<double>& cells, bool is_missing, const IsNew& is_new) const {
    if (notes_ == nullptr) return;
    CellNote note{.column = column.name(), .is_missing = is_missing, .first = {}, .example = {}};
    for (std::size_t row = 0; row < cells.size(); ++row) {
      if (!is_new(cells[row])) continue;
      if (note.cells++ > 0) continue;
      note.first = table_.where(static_cast<std::int64_t>(row));
      note.example = column.cell(row);
    }
    if (note.cells > 0) notes_->push_back(std::move(note));
  }

  const Model& model_;
  const Table& table_;
  const data::MissingCells missing_;
  std::vector<CellNote>* notes_;
};

}  // namespace

Tensor raw_rows(const Model& model, const Table& table, std::vector<CellNote>* notes) {
  return RawReader(model, table, notes).read();
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
