#include "data/csv_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "data/csv_header.h"
#include "data/names.h"
#include "data/parse_number.h"

namespace longhand::data {
namespace {

// Rows and bytes that are read before it is decided which columns are text.
constexpr std::int32_t kSampleRows = 1000;
constexpr std::uint64_t kSampleBytes = std::uint64_t{1} << 20;

constexpr std::int32_t kAllRows = std::numeric_limits<std::int32_t>::max();
constexpr std::uint64_t kAllBytes = std::numeric_limits<std::uint64_t>::max();

[[noreturn]] void throw_no_rows(const std::string& name) {
  throw DataError(name + ": the file has a header but no rows");
}

}  // namespace

CsvReader::CsvReader(CsvSource& source, std::string_view name, const CsvOptions& options)
    : source_(source), name_(name), options_(options), notation_(options.decimal, options.thousands), scanner_({}, true, options.delimiter) {
  names_ = open();
  columns_.resize(names_.size());
  for (const auto& column : options_.text) columns_[place_of(column)].reading = Reading::text;
  for (const auto& column : options_.drop) columns_[place_of(column)].reading = Reading::skip;
}

Table CsvReader::read() {
  const std::uint64_t start = bytes_passed();
  const bool is_sample_all = read_rows(kSampleRows, kSampleBytes);
  if (has_failed_) {
    for (ColumnBuilder& column : columns_) {
      const bool is_text = column.reading == Reading::failed || column.reading == Reading::text;
      const Reading reading = is_text ? Reading::text : column.reading;
      column = ColumnBuilder{};
      column.reading = reading;
    }
    reopen();
    read_rows(kSampleRows, kSampleBytes);
  }
  if (!is_sample_all) {
    reserve(bytes_passed() - start);
    read_rows(kAllRows, kAllBytes);
  }
  if (rows_ == 0) throw_no_rows(name_);
  if (has_failed_) reread_failed();
  return table();
}

std::optional<Table> CsvReader::read_block() {
  for (;;) {
    begin_block();
    const CsvScanner start = scanner_;
    read_window(kAllRows, kAllBytes);
    if (has_failed_) {
      const auto readings = leave_failed();
      scanner_ = start;
      rows_ = 0;
      lines_.clear();
      read_window(kAllRows, kAllBytes);
      restore(readings);
    }
    if (rows_ > 0) return table();
    if (scanner_.at_end() && source_.is_last()) break;
    next_window();
  }
  if (first_row_ == 0) throw_no_rows(name_);
  return std::nullopt;
}

void CsvReader::begin_block() {
  first_row_ += rows_;
  rows_ = 0;
  lines_.clear();
  for (ColumnBuilder& column : columns_) {
    const Reading reading = column.reading;
    column = ColumnBuilder{};
    column.reading = reading;
  }
}

// To the first row: the names of the columns.
std::vector<std::string> CsvReader::open() {
  source_.rewind();
  for (;;) {
    scanner_ = open_csv(source_, name_, options_.delimiter);
    std::vector<std::string> names = read_column_names(scanner_, name_, options_);
    if (!names.empty()) return names;
    source_.advance(source_.window().data());
  }
}

void CsvReader::reopen() {
  if (open() != names_) throw DataError(name_ + ": the file changed while it was read");
  first_row_ = 0;
  rows_ = 0;
  lines_.clear();
  has_failed_ = false;
}

std::size_t CsvReader::place_of(const std::string& column) const {
  const auto found = std::ranges::find(names_, column);
  if (found != names_.end()) return static_cast<std::size_t>(found - names_.begin());
  if (const auto place = place_from_end(column, names_.size())) return *place;
  throw ArgumentError(name_ + ": no column '" + printable(column, 60) + "' among " +
                      list_names(names_));
}

// Makes the columns that failed text, and all others not be read. Returns how to go on reading each.
std::vector<Reading> CsvReader::leave_failed() {
  std::vector<Reading> readings;
  for (ColumnBuilder& column : columns_) {
    const bool has_failed = column.reading == Reading::failed;
    readings.push_back(has_failed ? Reading::text : column.reading);
    column.reading = has_failed ? Reading::text : Reading::skip;
  }
  has_failed_ = false;
  return readings;
}

void CsvReader::restore(const std::vector<Reading>& readings) {
  for (std::size_t i = 0; i < columns_.size(); ++i) columns_[i].reading = readings[i];
}

void CsvReader::reread_failed() {
  const std::int32_t rows = rows_;
  const auto readings = leave_failed();
  reopen();
  read_rows(kAllRows, kAllBytes);
  if (rows_ != rows) throw DataError(name_ + ": the file changed while it was read");
  restore(readings);
}

std::uint64_t CsvReader::bytes_passed() const {
  return source_.offset() + static_cast<std::uint64_t>(scanner_.place() - source_.window().data());
}

// Room for as many rows as there will be if the rest of the file is like the bytes that were read.
// A cell has a byte of its own, its delimiter: the room is not more than eight times the file.
void CsvReader::reserve(std::uint64_t bytes_read) {
  const std::uint64_t left = source_.size() - std::min(source_.size(), bytes_passed());
  const double rows_a_byte = static_cast<double>(rows_) / static_cast<double>(bytes_read);
  const double rows_left = static_cast<double>(left) * rows_a_byte * 1.02 + 16;
  const std::size_t rows = static_cast<std::size_t>(rows_) + static_cast<std::size_t>(rows_left);
  for (ColumnBuilder& column : columns_) {
    if (column.reading == Reading::numbers) column.numbers.reserve(rows);
    if (column.reading == Reading::text) column.codes.reserve(rows);
  }
}

// Reads up to so many rows and bytes; true where the file ended.
bool CsvReader::read_rows(std::int32_t most_rows, std::uint64_t most_bytes) {
  const std::int32_t first_row = rows_;
  const std::uint64_t start = bytes_passed();
  while (read_window(most_rows - (rows_ - first_row), most_bytes - (bytes_passed() - start))) {
    if (scanner_.at_end() && source_.is_last()) return true;
    next_window();
  }
  return false;
}

// The same within the window; true where nothing is left of it but a row that it cuts.
bool CsvReader::read_window(std::int32_t most_rows, std::uint64_t most_bytes) {
  const std::int32_t first_row = rows_;
  const std::uint64_t start = bytes_passed();
  for (;;) {
    if (rows_ - first_row == most_rows || bytes_passed() - start >= most_bytes) return false;
    if (scanner_.at_end()) return true;
    if (columns_.size() > 1 && scanner_.at_blank_line()) {
      scanner_.next_line();
      continue;
    }
    const CsvScanner row_start = scanner_;
    if (read_row()) continue;
    for (ColumnBuilder& column : columns_) column.cut_rows(static_cast<std::size_t>(rows_));
    scanner_ = row_start;
    return true;
  }
}

void CsvReader::next_window() {
  source_.advance(scanner_.place());
  scanner_.enter(source_.window(), source_.is_last());
}

// False where the window cuts the row: then it has to be read again.
bool CsvReader::read_row() {
  if (rows_ == kAllRows) throw_at_row("too many rows");
  row_line_ = scanner_.line();
  const std::int64_t row = first_row_ + rows_;
  if (lines_.empty() || row_line_ - lines_.back().line != row - lines_.back().row) {
    lines_.push_back({row, row_line_});
  }
  const std::optional<std::size_t> cells = read_cells();
  if (!cells) return false;
  if (*cells != columns_.size()) {
    throw_at_row("found " + std::to_string(*cells) + (*cells == 1 ? " cell" : " cells") +
                 ", expected " + std::to_string(columns_.size()) +
                 (options_.header ? " as in the header" : " as in the first row") +
                 (columns_.size() == 1 ? "; lines above the table, such as a title, are to be removed" : ""));
  }
  ++rows_;
  return true;
}

std::optional<std::size_t> CsvReader::read_cells() {
  std::size_t cells = 0;
  do {
    // The common case: numbers, without a look at anything else.
    const char* p = scanner_.place();
    while (cells < columns_.size() && p < source_.fast_end()) {
      ColumnBuilder& column = columns_[cells];
      const bool is_number = column.reading == Reading::numbers && notation_.is_usual();
      const char* const end = is_number ? read_number(column, p) : nullptr;
      if (end == nullptr) break;
      ++cells;
      p = end;
      if (*p != scanner_.delimiter()) {
        scanner_.jump(p);
        scanner_.next_line();
        return cells;
      }
      ++p;
    }
    scanner_.jump(p);
    if (!read_any_cell(cells)) return std::nullopt;
    ++cells;
  } while (scanner_.next_in_row());
  return cells;
}

// Reads a cell that is a number and nothing more, and returns its end; else does nothing.
inline const char* CsvReader::read_number(ColumnBuilder& column, const char* p) {
  const PlainNumber number = read_plain_number(p);
  if (number.end == nullptr || !scanner_.ends_cell(*number.end)) {
    return read_long_number(column, p);
  }
  if (!number.is_shortest) {
    const std::string_view text(p, static_cast<std::size_t>(number.end - p));
    if (is_code(text)) return nullptr;
    column.spellings.note(number.value, text);
  }
  column.numbers.push_back(number.value);
  return number.end;
}

// The same for many digits or an exponent.
const char* CsvReader::read_long_number(ColumnBuilder& column, const char* p) {
  double value = 0;
  const auto [end, error] = std::from_chars(p, source_.fast_end(), value);
  if (error != std::errc{} || !std::isfinite(value) || !scanner_.ends_cell(*end)) return nullptr;
  const std::string_view text(p, static_cast<std::size_t>(end - p));
  if (loses_digits(text, value) || is_code(text)) return nullptr;
  column.numbers.push_back(value);
  column.spellings.note(value, text);
  return end;
}

// Any cell, also one beyond the last column. False where the window cuts it.
bool CsvReader::read_any_cell(std::size_t index) {
  const std::int64_t line = scanner_.line();
  const Cell cell = scanner_.next_cell();
  if (cell.fault == CellFault::cut) return false;
  if (cell.fault != CellFault::none) {
    throw_at_row(describe(cell.fault, line), index < names_.size() ? &names_[index] : nullptr);
  }
  if (index >= columns_.size()) return true;
  ColumnBuilder& column = columns_[index];
  if (column.reading == Reading::text) {
    column.codes.push_back(column.texts.code_of(text_of(cell, names_[index])));
  } else if (column.reading == Reading::numbers) {
    add_number(column, text_of(cell, names_[index]));
  }
  return true;
}

// As it is kept: with a number in the usual notation.
std::string_view CsvReader::text_of(const Cell& cell, const std::string& column) {
  const auto text = trimmed(cell_text(cell, buffer_));
  if (notation_.is_usual()) return text;
  const auto usual = notation_.usual(text, number_);
  if (usual.data() == text.data() && parse_number(text).is_finite()) {
    throw_at_row("'" + printable(text, 60) + "' is not a number with " + notation_.words(), &column);
  }
  return usual;
}

void CsvReader::add_number(ColumnBuilder& column, std::string_view text) {
  const ParsedNumber number = parse_number(text);
  if (!number.is_finite() || loses_digits(text, number.value) || is_code(text)) {
    column.reading = Reading::failed;
    column.numbers = {};
    column.spellings = {};
    has_failed_ = true;
    return;
  }
  column.numbers.push_back(number.value);
  if (!number.is_shortest) column.spellings.note(number.value, text);
}

void CsvReader::throw_at_row(const std::string& what, const std::string* column) const {
  std::string message = name_ + ": row " + std::to_string(first_row_ + rows_ + 1) + " (line " +
                        std::to_string(row_line_) + ")";
  if (column != nullptr) message += ", column '" + printable(*column, 60) + "'";
  throw DataError(message + ": " + what);
}

Table CsvReader::table() {
  std::vector<Column> columns;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    ColumnBuilder& column = columns_[i];
    if (column.reading == Reading::numbers) {
      columns.push_back(Column::of_numbers(names_[i], std::move(column.numbers), column.spellings.take()));
    } else if (column.reading == Reading::text) {
      columns.push_back(
          Column::of_codes(names_[i], column.texts.take(), std::move(column.codes)));
    }
  }
  if (columns.empty()) throw ArgumentError(name_ + ": every column is dropped");
  return Table(name_, std::move(columns), std::move(lines_), first_row_);
}

}  // namespace longhand::data
