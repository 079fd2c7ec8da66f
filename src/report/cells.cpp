#include "report/cells.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/philox.h"
#include "data/missing_cells.h"

namespace longhand::report {

std::size_t Cells::missing() const {
  return static_cast<std::size_t>(std::ranges::count_if(values, [](double value) { return std::isnan(value); }));
}

std::vector<double> Cells::present() const {
  auto there = values;
  std::erase_if(there, [](double value) { return std::isnan(value); });
  return there;
}

Cells cells_of(const Model& model, const Table& table, const std::string& name) {
  const auto input = std::ranges::find(model.inputs, name, &InputColumn::name);
  if (input != model.inputs.end()) {
    Model one;
    one.inputs = {*input};
    one.inputs.front().has_missing = true;  // else it is what the network is given in its place
    one.missing_words = model.missing_words;
    Cells cells{raw_rows(one, table).to_doubles(), !input->is_category()};
    if (input->is_category()) cells.unknown = static_cast<double>(input->categories.size());
    return cells;
  }
  const auto& column = table.column(name);
  if (column.is_numbers()) return {column.numbers().to_doubles(), true};
  const auto is_missing = data::missing_texts(column, data::MissingCells(model.missing_words));
  std::vector<double> hashes;  // 53 bits, so that each is a double
  for (std::size_t i = 0; i < column.texts().size(); ++i) hashes.push_back(static_cast<double>(hash_name(column.texts()[i]) >> 11));
  Cells cells;
  for (const auto code : column.codes()) {
    const auto text = static_cast<std::size_t>(code);
    cells.values.push_back(is_missing[text] ? std::nan("") : hashes[text]);
  }
  return cells;
}

std::string shown_cell(const Cells& cells, const Column& column, std::size_t row) {
  return cells.values[row] == cells.unknown ? "others" : column.cell(row);
}

Groups::Groups(const Cells& cells, std::size_t most) : are_numbers_(cells.are_numbers) {
  auto ascending = cells.present();
  std::ranges::sort(ascending);
  std::vector<std::pair<std::int64_t, double>> distinct;  // how many, and the value
  for (const double value : ascending) {
    if (distinct.empty() || distinct.back().second != value) distinct.emplace_back(0, value);
    ++distinct.back().first;
  }
  if (distinct.size() > most && are_numbers_) {
    for (std::size_t i = 1; i <= most; ++i) {
      const double end = ascending[i * ascending.size() / most - 1];
      if (ends_.empty() || end > ends_.back()) ends_.push_back(end);
    }
    return;
  }
  if (distinct.size() > most) {
    std::ranges::stable_sort(distinct, std::greater(), &std::pair<std::int64_t, double>::first);
    distinct.resize(most);
  }
  for (const auto& [count, value] : distinct) ends_.push_back(value);
  std::ranges::sort(ends_);
}

std::size_t Groups::of(double value) const {
  if (std::isnan(value)) return ends_.size();
  const auto group = static_cast<std::size_t>(std::ranges::lower_bound(ends_, value) - ends_.begin());
  if (are_numbers_) return std::min(group, ends_.size() - 1);
  return group < ends_.size() && ends_[group] == value ? group : ends_.size();
}

}  // namespace longhand::report
