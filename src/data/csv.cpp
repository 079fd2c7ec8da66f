#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <optional>
#include <string>
#include <utility>

#include "base/files.h"
#include "base/text.h"
#include "data/column_builder.h"
#include "data/csv_header.h"
#include "data/csv_scanner.h"
#include "data/names.h"
#include "data/parse_number.h"
#include "longhand/data.h"

namespace longhand {
namespace data {
namespace {

// Rows and bytes that are read before it is decided which columns are text.
constexpr std::int32_t kSampleRows = 1000;
constexpr std::ptrdiff_t kSampleBytes = std::ptrdiff_t{1} << 20;

enum class Reading : std::uint8_t {
  skip,
  numbers,
  failed,  // was read as numbers until a cell was none
  text,
};

struct Gathered {
  Reading reading = Reading::numbers;
  std::vector<double> numbers;
  SpellingIndex spellings;
  TextIndex texts;
  std::vector<std::int32_t> codes;
};

// Every column is first taken for numbers. Those of which a cell in the first rows is none are read
// as text from the start; those that fail later are read as text in a second pass over the file.
class CsvReader {
 public:
  CsvReader(std::string_view bytes, std::string_view name, const CsvOptions& options)
      : name_(name),
        options_(options),
        scanner_(open_csv(bytes, name, options.delimiter)),
        fast_end_(bytes.data()) {
    const std::size_t last = bytes.find_last_of("\n\r");
    if (last != bytes.npos) fast_end_ = bytes.data() + last;
    names_ = read_column_names(scanner_, name_, options_);
    columns_.resize(names_.size());
    for (const auto& column : options_.text) columns_[place_of(column)].reading = Reading::text;
    for (const auto& column : options_.drop) columns_[place_of(column)].reading = Reading::skip;
  }

  Table read() {
    const CsvScanner start = scanner_;
    const bool is_sample_all = read_rows(kSampleRows, kSampleBytes);
    if (has_failed_) {
      for (Gathered& column : columns_) {
        const Reading reading = column.reading == Reading::failed ? Reading::text : column.reading;
        column = Gathered{};
        column.reading = reading;
      }
      restart(start);
      read_rows(kSampleRows, kSampleBytes);
    }
    if (!is_sample_all) {
      reserve(scanner_.place() - start.place());
      read_rows(std::numeric_limits<std::int32_t>::max(),
                std::numeric_limits<std::ptrdiff_t>::max());
    }
    if (rows_ == 0) throw DataError(name_ + ": the file has a header but no rows");
    if (has_failed_) reread_failed(start);
    return table();
  }

 private:
  std::size_t place_of(const std::string& column) const {
    const auto found = std::ranges::find(names_, column);
    if (found != names_.end()) return static_cast<std::size_t>(found - names_.begin());
    if (const auto place = place_from_end(column, names_.size())) return *place;
    throw ArgumentError(name_ + ": no column '" + printable(column, 60) + "' among " +
                        list_names(names_));
  }

  void restart(const CsvScanner& start) {
    scanner_ = start;
    rows_ = 0;
    lines_.clear();
    has_failed_ = false;
  }

  void reread_failed(const CsvScanner& start) {
    std::vector<Reading> before;
    for (Gathered& column : columns_) {
      before.push_back(column.reading);
      column.reading = column.reading == Reading::failed ? Reading::text : Reading::skip;
    }
    restart(start);
    read_rows(std::numeric_limits<std::int32_t>::max(), std::numeric_limits<std::ptrdiff_t>::max());
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      columns_[i].reading = before[i] == Reading::failed ? Reading::text : before[i];
    }
  }

  // Room for as many rows as there will be if the rest of the file is like the `bytes` that were
  // read. A column is not more than eight times its cells, since each has a byte and its delimiter.
  void reserve(std::ptrdiff_t bytes) {
    const double rows_a_byte = static_cast<double>(rows_) / static_cast<double>(bytes);
    const double left = static_cast<double>(scanner_.left()) * rows_a_byte * 1.02;
    const std::size_t rows = static_cast<std::size_t>(rows_) + static_cast<std::size_t>(left) + 16;
    for (Gathered& column : columns_) {
      if (column.reading == Reading::numbers) column.numbers.reserve(rows);
      if (column.reading == Reading::text) column.codes.reserve(rows);
    }
  }

  // Reads up to so many rows and bytes; true where the file ended.
  bool read_rows(std::int32_t most_rows, std::ptrdiff_t most_bytes) {
    const char* const start = scanner_.place();
    const std::int32_t first_row = rows_;
    while (!scanner_.at_end()) {
      if (rows_ - first_row == most_rows || scanner_.place() - start >= most_bytes) return false;
      if (columns_.size() > 1 && scanner_.at_blank_line()) {
        scanner_.next_line();
        continue;
      }
      read_row();
    }
    return true;
  }

  void read_row() {
    if (rows_ == std::numeric_limits<std::int32_t>::max()) throw_at_row("too many rows");
    row_line_ = scanner_.line();
    if (lines_.empty() || row_line_ - lines_.back().line != rows_ - lines_.back().row) {
      lines_.push_back({rows_, row_line_});
    }
    std::size_t cells = 0;
    do {
      if (cells >= columns_.size()) {
        read_cell_of(cells, nullptr);
      } else if (!read_plain_cell(columns_[cells])) {
        read_cell_of(cells, &columns_[cells]);
      }
      ++cells;
    } while (scanner_.next_in_row());
    if (cells != columns_.size()) {
      throw_at_row("found " + std::to_string(cells) + (cells == 1 ? " cell" : " cells") +
                   ", expected " + std::to_string(columns_.size()) +
                   (options_.header ? " as in the header" : " as in the first row"));
    }
    ++rows_;
  }

  // Reads the common case, a short decimal in a column of numbers; else nothing and false.
  bool read_plain_cell(Gathered& column) {
    const char* const begin = scanner_.place();
    if (column.reading != Reading::numbers || begin >= fast_end_) return false;
    const PlainNumber number = read_plain_number(begin);
    if (number.end == nullptr || !scanner_.ends_cell(*number.end)) return false;
    column.numbers.push_back(number.value);
    if (!number.is_shortest) {
      column.spellings.note(number.value, {begin, static_cast<std::size_t>(number.end - begin)});
    }
    scanner_.jump(number.end);
    return true;
  }

  // Reads any cell; `column` is null beyond the last.
  void read_cell_of(std::size_t index, Gathered* column) {
    const std::int64_t line = scanner_.line();
    const Cell cell = scanner_.next_cell();
    if (cell.fault != CellFault::none) {
      throw_at_row(describe(cell.fault, line), column == nullptr ? nullptr : &names_[index]);
    }
    if (column == nullptr) return;
    if (column->reading == Reading::text) {
      column->codes.push_back(column->texts.code_of(cell_text(cell, buffer_)));
    } else if (column->reading == Reading::numbers) {
      const std::string_view text = trimmed(cell_text(cell, buffer_));
      const ParsedNumber number = parse_number(text);
      if (number.is_finite()) {
        column->numbers.push_back(number.value);
        column->spellings.note(number.value, text);
      } else {
        column->reading = Reading::failed;
        column->numbers = {};
        column->spellings = {};
        has_failed_ = true;
      }
    }
  }

  [[noreturn]] void throw_at_row(const std::string& what,
                                 const std::string* column = nullptr) const {
    std::string message =
        name_ + ": row " + std::to_string(rows_ + 1) + " (line " + std::to_string(row_line_) + ")";
    if (column != nullptr) message += ", column '" + printable(*column, 60) + "'";
    throw DataError(message + ": " + what);
  }

  Table table() {
    std::vector<Column> columns;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      Gathered& column = columns_[i];
      if (column.reading == Reading::numbers) {
        columns.push_back(Column::of_numbers(std::move(names_[i]), std::move(column.numbers),
                                             column.spellings.take()));
      } else if (column.reading == Reading::text) {
        columns.push_back(
            Column::of_codes(std::move(names_[i]), column.texts.take(), std::move(column.codes)));
      }
    }
    if (columns.empty()) throw ArgumentError(name_ + ": every column is dropped");
    return Table(name_, std::move(columns), std::move(lines_));
  }

  std::string name_;
  const CsvOptions& options_;
  CsvScanner scanner_;
  const char* fast_end_;  // a row end: a number that begins before ends before the memory does
  std::vector<std::string> names_;
  std::vector<Gathered> columns_;
  std::vector<LineRun> lines_;
  std::int32_t rows_ = 0;
  std::int64_t row_line_ = 0;
  bool has_failed_ = false;
  std::string buffer_;
};

void check_delimiter(char delimiter) {
  const auto byte = static_cast<unsigned char>(delimiter);
  const bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
  const bool is_digit = byte >= '0' && byte <= '9';
  if (byte == 0 || byte >= 0x80 || is_letter || is_digit ||
      std::string_view("\"\r\n+-.").find(delimiter) != std::string_view::npos) {
    throw ArgumentError("the delimiter '" + printable(std::string{delimiter}) +
                        "' cannot be told from what is in a cell");
  }
}

}  // namespace
}  // namespace data

Table parse_csv(std::string_view bytes, std::string_view name, const CsvOptions& options) {
  data::check_delimiter(options.delimiter);
  try {
    return data::CsvReader(bytes, name, options).read();
  } catch (const std::bad_alloc&) {
    throw IoError(std::string(name) + ": the table does not fit into memory");
  }
}

Table read_csv(const std::string& path, const CsvOptions& options) {
  std::optional<FileBytes> file;
  try {
    file.emplace(path);
  } catch (const IoError& error) {
    throw DataError(error.what());  // a table that is missing is wrong data, not a failed machine
  }
  return parse_csv(file->text(), path, options);
}

}  // namespace longhand
