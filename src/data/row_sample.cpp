#include "data/row_sample.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

#include "base/philox.h"
#include "base/text.h"
#include "data/names.h"
#include "data/parse_number.h"

namespace longhand::data {
namespace {

constexpr std::size_t kMostCells = 4'000'000, kFewestRows = 1000;
constexpr std::size_t kMostTextBytes = std::size_t{1} << 26;
// More are not classes, but values of which the rare ones would be drawn too often.
constexpr std::size_t kMostNumbersOfTarget = 1000, kMostTextsOfTarget = 10'000;

std::size_t place_of(const Table& block, const std::string& column) {
  if (const auto place = block.find(column)) return *place;
  std::vector<std::string> names;
  for (const auto& known : block.columns()) names.push_back(known.name());
  throw ArgumentError(block.name() + ": no column '" + printable(column, 60) + "' among " + list_names(names));
}

}  // namespace

RowSample::RowSample(const Table& block, const SampleOptions& options)
    : name_(block.name()),
      seed_(options.seed),
      limit_(std::numeric_limits<std::uint64_t>::max()),
      columns_(block.columns().size()),
      keeps_first_of_cells_(!options.target.empty()),
      target_(keeps_first_of_cells_ ? place_of(block, options.target) : 0) {
  most_ = std::min(static_cast<std::size_t>(std::max<std::int64_t>(options.rows, 1)),
                   std::max(kMostCells / columns_.size(), kFewestRows));
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    columns_[i].name = block.columns()[i].name();
    columns_[i].is_numbers = block.columns()[i].is_numbers();
  }
}

std::uint64_t RowSample::key_of(std::int64_t row) const {
  static constexpr auto kStream = static_cast<std::uint32_t>(hash_name("sample"));
  const auto low = [](std::uint64_t word) { return static_cast<std::uint32_t>(word); };
  const auto number = static_cast<std::uint64_t>(row);
  const auto words =
      philox4x32({low(number), low(number >> 32), kStream, 0}, {low(seed_), low(seed_ >> 32)});
  return std::uint64_t{words[0]} << 32 | words[1];
}

void RowSample::add(const Table& block) {
  const auto is_first = first_of_cells(block.columns()[target_]);
  std::vector<std::int32_t> chosen;
  for (std::int32_t i = 0; i < block.rows(); ++i) {
    const auto row = block.file_row(i);
    const auto key = key_of(row);
    const bool is_first_of_cell = !is_first.empty() && is_first[static_cast<std::size_t>(i)];
    if (key >= limit_ && !is_first_of_cell) continue;
    chosen.push_back(i);
    rows_.push_back({key, row, block.line_of(i).value_or(0), is_first_of_cell});
  }
  std::size_t text_bytes = 0;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    columns_[i].add(block.columns()[i], chosen);
    text_bytes += columns_[i].text_bytes;
  }
  if (text_bytes > kMostTextBytes) most_ = std::max(most_ / 2, kFewestRows);
  if (rows_.size() > most_ + most_ / 4 || text_bytes > kMostTextBytes) cut();
}

// Empty where it no longer matters.
std::vector<bool> RowSample::first_of_cells(const Column& target) {
  if (!keeps_first_of_cells_) return {};
  std::vector<bool> is_first(target.rows());
  if (target.is_numbers()) {
    for (std::size_t i = 0; i < target.rows(); ++i) {
      is_first[i] = numbers_seen_.insert(target.numbers()[i]).second;
      if (numbers_seen_.size() > kMostNumbersOfTarget) break;
    }
  } else {
    std::vector<bool> was_met(target.texts().size());
    for (std::size_t i = 0; i < target.rows(); ++i) {
      const auto code = static_cast<std::size_t>(target.codes()[i]);
      if (was_met[code]) continue;
      was_met[code] = true;
      is_first[i] = texts_seen_.emplace(target.texts()[code]).second;
    }
  }
  if (numbers_seen_.size() <= kMostNumbersOfTarget && texts_seen_.size() <= kMostTextsOfTarget) return is_first;
  keeps_first_of_cells_ = false;
  numbers_seen_ = {};
  texts_seen_ = {};
  for (auto& row : rows_) row.is_first_of_cell = false;
  return {};
}

// Leaves the rows with the least keys, and those that are the first of a cell.
void RowSample::cut() {
  if (rows_.size() <= most_) return;
  std::vector<std::uint64_t> keys;
  for (const auto& row : rows_) keys.push_back(row.key);
  const auto next = keys.begin() + static_cast<std::ptrdiff_t>(most_);
  std::ranges::nth_element(keys, next);
  limit_ = *next;
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].key < limit_ || rows_[i].is_first_of_cell) kept.push_back(i);
  }
  for (std::size_t i = 0; i < kept.size(); ++i) rows_[i] = rows_[kept[i]];
  rows_.resize(kept.size());
  for (auto& column : columns_) column.select(kept);
}

Table RowSample::take() {
  cut();
  std::vector<Column> columns;
  for (auto& column : columns_) {
    columns.push_back(column.is_numbers
                          ? Column::of_numbers(column.name, std::move(column.numbers), column.spellings.take())
                          : Column::of_codes(column.name, column.texts.take(), std::move(column.codes)));
  }
  std::vector<std::int64_t> file_rows;
  std::vector<LineRun> lines;
  for (const auto& [key, row, line, is_first] : rows_) {
    file_rows.push_back(row);
    if (line == 0) continue;
    if (lines.empty() || line - lines.back().line != row - lines.back().row) lines.push_back({row, line});
  }
  return Table(name_, std::move(columns), std::move(lines), std::move(file_rows));
}

void RowSample::KeptColumn::add(const Column& column, std::span<const std::int32_t> chosen) {
  for (const auto i : chosen) {
    const auto row = static_cast<std::size_t>(i);
    if (!is_numbers) {
      codes.push_back(code_of(column.texts()[static_cast<std::size_t>(column.codes()[row])]));
      continue;
    }
    const double value = column.numbers()[row];
    numbers.push_back(value);
    if (!column.has_spellings()) continue;
    const auto text = column.spelled(value);
    if (text != shortest_decimal(value)) spellings.note(value, text);
  }
}

void RowSample::KeptColumn::select(std::span<const std::size_t> rows) {
  if (is_numbers) {
    for (std::size_t i = 0; i < rows.size(); ++i) numbers[i] = numbers[rows[i]];
    numbers.resize(rows.size());
    return;
  }
  const auto old_texts = texts.take();
  const auto old_codes = std::move(codes);
  texts = {};
  codes = {};
  text_bytes = 0;
  for (const auto row : rows) codes.push_back(code_of(old_texts[static_cast<std::size_t>(old_codes[row])]));
}

std::int32_t RowSample::KeptColumn::code_of(std::string_view text) {
  const auto before = texts.texts().size();
  const auto code = texts.code_of(text);
  if (texts.texts().size() > before) text_bytes += text.size();
  return code;
}

}  // namespace longhand::data
