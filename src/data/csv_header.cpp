#include "data/csv_header.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/text.h"
#include "data/parse_number.h"
#include "data/words.h"

namespace longhand::data {
namespace {

// Each column costs some hundred bytes, whatever is in it.
constexpr std::size_t kMostColumns = 1'000'000;

struct HeaderCell {
  std::string text;
  bool is_quoted;
};

std::string named(char delimiter) {
  return delimiter == '\t' ? "a tab" : std::string{'\'', delimiter, '\''};
}

std::string looks_separated_by(char delimiter) {
  return "; the file looks separated by " + named(delimiter) + ": --delimiter " + (delimiter == '\t' ? "tab" : named(delimiter));
}

constexpr std::string_view kUsualDelimiters = ";\t|,";

bool is_usual_delimiter(char letter) { return kUsualDelimiters.find(letter) != std::string_view::npos; }

// "sep=;" on a line of its own at the beginning of `text`, where the scanner is.
void take_separator_line(CsvScanner& scanner, std::string_view text) {
  constexpr std::string_view kBegin = "sep=";
  if (text.size() <= kBegin.size() || in_small_letters(text.substr(0, kBegin.size())) != kBegin) return;
  const char delimiter = text[kBegin.size()];
  const auto after = text.substr(kBegin.size() + 1);
  const bool is_alone = after.empty() || after.front() == '\n' || after.front() == '\r';
  if (!is_alone || !can_be_delimiter(delimiter)) return;
  scanner.set_delimiter(delimiter);
  scanner.next_line();
}

// Nothing where the window cuts the row.
std::vector<HeaderCell> read_row(CsvScanner& scanner, std::string_view name) {
  std::vector<HeaderCell> cells;
  std::string buffer;
  do {
    const std::int64_t line = scanner.line();
    const Cell cell = scanner.next_cell();
    if (cell.fault == CellFault::cut) return {};
    if (cell.fault == CellFault::text_after_quote && is_usual_delimiter(*scanner.place())) {
      throw_at_line(name, line, "'" + printable(cell.text, 60) + "' in quotes ends before " + named(*scanner.place()) + ", where the delimiter is " +
                                    named(scanner.delimiter()) + looks_separated_by(*scanner.place()));
    }
    if (cell.fault != CellFault::none) {
      throw_at_line(
          name, line,
          "column " + std::to_string(cells.size() + 1) + ": " + describe(cell.fault, line));
    }
    if (cells.size() == kMostColumns) {
      throw_at_line(name, line, "more than " + std::to_string(kMostColumns) + " columns");
    }
    cells.push_back({std::string(cell_text(cell, buffer)), cell.is_quoted});
  } while (scanner.next_in_row());
  return cells;
}

// The one-column file that was meant to have several: what its first row seems separated by.
std::optional<char> other_delimiter(const std::vector<HeaderCell>& row, char delimiter, bool is_header) {
  if (row.size() != 1 || row[0].is_quoted) return std::nullopt;
  const std::string_view text = row[0].text;
  for (const char candidate : kUsualDelimiters) {
    if (candidate == delimiter || text.find(candidate) == text.npos) continue;
    if (is_header) return candidate;
    // Without a header a sentence is as likely, so here numbers have to be in the majority.
    std::size_t pieces = 0, numbers = 0;
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find(candidate, begin), text.size());
      ++pieces;
      numbers += parse_number(text.substr(begin, end - begin)).is_finite();
      begin = end + 1;
    }
    if (2 * numbers > pieces) return candidate;
  }
  return std::nullopt;
}

// Names may be numbers: years, wavelengths, pixels. But those are ordered, or at least not negative
// integers; a row of measurements is neither.
bool looks_like_data(const std::vector<HeaderCell>& row) {
  bool rises = true, falls = true, are_counts = true;
  double before = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const ParsedNumber number = parse_number(row[i].text);
    if (!number.is_finite()) return false;
    if (i > 0) {
      rises = rises && number.value > before;
      falls = falls && number.value < before;
    }
    are_counts = are_counts && row[i].text.find_first_not_of("0123456789") == std::string::npos;
    before = number.value;
  }
  return !are_counts && (row.size() < 3 || !(rises || falls));
}

std::vector<std::string> names_of(std::vector<HeaderCell> row, std::string_view name,
                                  std::int64_t line) {
  std::vector<std::string> names;
  bool has_name = false;
  for (HeaderCell& cell : row) {
    if (!cell.is_quoted) {
      cell.text = std::string(trimmed(cell.text));
    }
    if (find_invalid_utf8(cell.text) != std::string::npos) {
      throw_at_line(name, line, "the name of column " + std::to_string(names.size() + 1) + ", '" + printable(cell.text, 60) + "', is not UTF-8; save the table as UTF-8");
    }
    has_name = has_name || !cell.text.empty();
    names.push_back(cell.text.empty() ? std::to_string(names.size() + 1) : std::move(cell.text));
  }
  if (!has_name) throw_at_line(name, line, "the header has no names");
  std::unordered_map<std::string_view, std::size_t> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto [other, is_new] = seen.try_emplace(names[i], i);
    if (is_new) continue;
    throw_at_line(name, line,
                  "columns " + std::to_string(other->second + 1) + " and " + std::to_string(i + 1) +
                      " have the same name, '" + printable(names[i], 60) + "'");
  }
  return names;
}

}  // namespace

bool can_be_delimiter(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  const bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
  const bool is_digit = byte >= '0' && byte <= '9';
  return byte != 0 && byte < 0x80 && !is_letter && !is_digit && std::string_view("\"\r\n+-.").find(letter) == std::string_view::npos;
}

void throw_at_line(std::string_view name, std::int64_t line, const std::string& what) {
  throw DataError(std::string(name) + ": line " + std::to_string(line) + ": " + what);
}

std::string describe(CellFault fault, std::int64_t opened_on_line) {
  switch (fault) {
    case CellFault::none:
    case CellFault::cut:
      break;
    case CellFault::unclosed_quote:
      return "the quote opened on line " + std::to_string(opened_on_line) + " is never closed";
    case CellFault::text_after_quote:
      return "text after the closing quote of the cell that begins on line " +
             std::to_string(opened_on_line) + " (a quote inside quotes is written twice)";
    case CellFault::zero_byte:
      return "a zero byte; is this a text file?";
  }
  return "";
}

CsvScanner open_csv(const CsvSource& source, std::string_view name, char delimiter) {
  std::string_view bytes = source.window();
  const auto refuse = [&](const char* what) { throw DataError(std::string(name) + ": " + what); };
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    refuse("the file is UTF-16; save it as UTF-8");
  }
  if (bytes.starts_with("\x1F\x8B")) refuse("the file is packed with gzip twice; unpack it first");
  if (bytes.starts_with("PK\x03\x04")) {
    refuse("the file is a zip archive, as spreadsheets and .npz files are; save it as CSV or .npy");
  }
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (bytes.empty()) refuse("the file is empty");
  CsvScanner scanner(bytes, source.is_last(), delimiter);
  take_separator_line(scanner, bytes);
  return scanner;
}

std::vector<std::string> read_column_names(CsvScanner& scanner, std::string_view name,
                                           const CsvOptions& options) {
  const CsvScanner start = scanner;
  while (!scanner.at_end() && scanner.at_blank_line()) scanner.next_line();
  const CsvScanner first = scanner;
  if (scanner.at_end()) {
    if (!scanner.is_last()) return {};
    if (options.header) throw_at_line(name, start.line(), "the header is empty");
    scanner = start;  // one column of empty cells
    return {"1"};
  }
  std::vector<HeaderCell> row = read_row(scanner, name);
  if (row.empty()) return {};
  if (const auto other = other_delimiter(row, scanner.delimiter(), options.header)) {
    throw_at_line(name, first.line(),
                  "one column, '" + printable(row[0].text, 60) + "', where the delimiter is " +
                      named(scanner.delimiter()) + looks_separated_by(*other));
  }
  if (options.header) {
    if (looks_like_data(row)) {
      throw_at_line(name, first.line(),
                    "the header looks like a row of numbers ('" + printable(row[0].text, 30) +
                        "', …); has the file no header? --no-header reads it so");
    }
    return names_of(std::move(row), name, first.line());
  }
  // The row is data. Blank lines before it are too where there is one column.
  scanner = row.size() == 1 ? start : first;
  std::vector<std::string> names(row.size());
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = std::to_string(i + 1);
  return names;
}

}  // namespace longhand::data
