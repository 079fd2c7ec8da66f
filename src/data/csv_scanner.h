// Where cells and rows of a CSV file end (RFC 4180, with what real files add). Knows neither
// columns nor numbers, and throws nothing: a fault is told to the caller, who knows row and column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace longhand::data {

enum class CellFault : std::uint8_t {
  none,
  unclosed_quote,
  text_after_quote,
  zero_byte,
  cut,  // the window ends inside quotes, and the file does not
};

struct Cell {
  std::string_view text;  // without the quotes around it
  bool is_quoted = false;
  bool has_doubled = false;  // a quote inside is still doubled
  CellFault fault = CellFault::none;
};

/// The text of `cell`; `buffer` holds it where doubled quotes had to be undone.
std::string_view cell_text(const Cell& cell, std::string& buffer);

/// A place in a window of the file, moved forward cell by cell. A row ends with LF, CRLF or CR.
class CsvScanner {
 public:
  CsvScanner(std::string_view window, bool is_last, char delimiter)
      : place_(window.data()),
        end_(window.data() + window.size()),
        delimiter_(delimiter),
        is_last_(is_last) {}

  /// Goes on, on the same line, at the start of another window.
  void enter(std::string_view window, bool is_last) {
    place_ = window.data();
    end_ = window.data() + window.size();
    is_last_ = is_last;
  }

  const char* place() const { return place_; }
  /// The end of the window, and whether the file ends there.
  bool at_end() const { return place_ == end_; }
  bool is_last() const { return is_last_; }
  char delimiter() const { return delimiter_; }
  /// From here on.
  void set_delimiter(char delimiter) { delimiter_ = delimiter; }
  /// The line that the place is on, from 1.
  std::int64_t line() const { return line_; }

  /// True at LF, CR or the end of the file.
  bool at_row_end() const { return place_ == end_ || *place_ == '\n' || *place_ == '\r'; }
  /// True where the line from here has nothing but spaces and tabs that are not delimiters.
  bool at_blank_line() const;
  /// True for what may stand behind a cell.
  bool ends_cell(char letter) const {
    return letter == delimiter_ || letter == '\n' || letter == '\r';
  }
  /// Goes past a cell that the caller has read, to what stands behind it.
  void jump(const char* place) { place_ = place; }

  /// Reads one cell and stops at the delimiter or row end behind it, unless there is a fault.
  Cell next_cell();
  /// At a delimiter: goes past it and returns true. At a row end: goes past that and returns false.
  bool next_in_row() {
    if (place_ != end_ && *place_ == delimiter_) {
      ++place_;
      return true;
    }
    next_line();
    return false;
  }
  /// Goes past everything up to and with the next row end, quotes disregarded.
  void next_line();

 private:
  Cell quoted_cell();
  const char* find_cell_end() const;

  const char* place_;
  const char* end_;
  char delimiter_;
  bool is_last_;
  std::int64_t line_ = 1;
};

}  // namespace longhand::data
