#include "data/csv_scanner.h"

#include <cstddef>
#include <cstring>

namespace longhand::data {
namespace {

// LF, CRLF and CR each end a line.
std::int64_t count_line_ends(std::string_view text, char after) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : after;
    count += text[i] == '\n' || (text[i] == '\r' && next != '\n');
  }
  return count;
}

bool has_zero_byte(std::string_view text) {
  return !text.empty() && std::memchr(text.data(), 0, text.size()) != nullptr;
}

}  // namespace

std::string_view cell_text(const Cell& cell, std::string& buffer) {
  if (!cell.has_doubled) return cell.text;
  buffer.clear();
  for (std::size_t i = 0; i < cell.text.size(); ++i) {
    buffer += cell.text[i];
    i += cell.text[i] == '"';
  }
  return buffer;
}

bool CsvScanner::at_blank_line() const {
  const char* p = place_;
  while (p != end_ && (*p == ' ' || *p == '\t') && *p != delimiter_) ++p;
  return p == end_ || *p == '\n' || *p == '\r';
}

void CsvScanner::next_line() {
  while (place_ != end_ && *place_ != '\n' && *place_ != '\r') ++place_;
  if (place_ == end_) return;
  place_ += *place_ == '\r' && place_ + 1 != end_ && place_[1] == '\n';
  ++place_;
  ++line_;
}

// Or the zero byte before it.
const char* CsvScanner::find_cell_end() const {
  // Eight bytes at a time: a byte of `x` is zero where it matched, and then its top bit gets set.
  constexpr std::uint64_t kOnes = 0x0101010101010101, kTops = 0x8080808080808080;
  const auto spread = [](char letter) { return kOnes * static_cast<unsigned char>(letter); };
  const auto zeros = [](std::uint64_t x) { return (x - kOnes) & ~x & kTops; };
  const char* p = place_;
  for (; end_ - p >= 8; p += 8) {
    std::uint64_t word;
    std::memcpy(&word, p, 8);
    const std::uint64_t found = zeros(word ^ spread(delimiter_)) | zeros(word ^ spread('\n')) |
                                zeros(word ^ spread('\r')) | zeros(word);
    if (found != 0) break;
  }
  while (p != end_ && !ends_cell(*p) && *p != 0) ++p;
  return p;
}

Cell CsvScanner::next_cell() {
  if (place_ != end_ && *place_ == '"') return quoted_cell();
  const char* const start = place_;
  place_ = find_cell_end();
  Cell cell;
  cell.text = {start, static_cast<std::size_t>(place_ - start)};
  if (place_ != end_ && *place_ == 0) cell.fault = CellFault::zero_byte;
  return cell;
}

Cell CsvScanner::quoted_cell() {
  const char* const start = place_ + 1;
  const char* close = start;
  Cell cell;
  cell.is_quoted = true;
  for (;; close += 2) {
    const auto left = static_cast<std::size_t>(end_ - close);
    close = left == 0 ? nullptr : static_cast<const char*>(std::memchr(close, '"', left));
    if (close == nullptr) {
      cell.text = {start, static_cast<std::size_t>(end_ - start)};
      cell.fault = is_last_ ? CellFault::unclosed_quote : CellFault::cut;
      return cell;
    }
    if (close + 1 == end_ || close[1] != '"') break;
    cell.has_doubled = true;
  }
  cell.text = {start, static_cast<std::size_t>(close - start)};
  place_ = close + 1;
  line_ += count_line_ends(cell.text, '"');
  if (has_zero_byte(cell.text)) cell.fault = CellFault::zero_byte;
  if (!at_row_end() && *place_ != delimiter_) cell.fault = CellFault::text_after_quote;
  return cell;
}

}  // namespace longhand::data
