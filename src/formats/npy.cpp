#include "formats/npy.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "longhand/base.h"

namespace longhand::npy {
namespace {

constexpr std::size_t kLongestHeader = std::size_t{1} << 20, kMostAxes = 64;

std::optional<Element> element_of(std::string_view code) {
  struct Row {
    std::string_view code;
    Element element;
  };
  static constexpr Row kRows[] = {{"b1", Element::boolean}, {"u1", Element::u8},  {"i1", Element::i8},  {"u2", Element::u16},
                                  {"i2", Element::i16},     {"u4", Element::u32}, {"i4", Element::i32}, {"u8", Element::u64},
                                  {"i8", Element::i64},     {"f2", Element::f16}, {"f4", Element::f32}, {"f8", Element::f64}};
  for (const auto& row : kRows) {
    if (row.code == code) return row.element;
  }
  return std::nullopt;
}

// {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }, the keys in any order, padded with spaces.
class Parser {
 public:
  Parser(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  ArrayHeader read() {
    expect('{');
    while (!take('}')) {
      read_entry();
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    skip_spaces();
    if (place_ < text_.size()) fail("the end of the header");
    if (!has_descr_) refuse("has no 'descr'");
    if (!has_order_) refuse("has no 'fortran_order'");
    if (!has_shape_) refuse("has no 'shape'");
    return std::move(header_);
  }

 private:
  void read_entry() {
    const auto key = read_text("a key");
    expect(':');
    const auto once = [&](bool& has) {
      if (has) refuse("has '" + std::string(key) + "' twice");
      has = true;
    };
    if (key == "descr") {
      once(has_descr_);
      read_descr();
    } else if (key == "fortran_order") {
      once(has_order_);
      header_.is_fortran_order = read_bool();
    } else if (key == "shape") {
      once(has_shape_);
      read_shape();
    } else {
      refuse("has the unknown key '" + printable(key, 60) + "'");
    }
  }

  void read_descr() {
    skip_spaces();
    if (place_ < text_.size() && text_[place_] == '[') refuse("tells of records with fields, where plain numbers are needed");
    const auto descr = read_text("an element type");
    const std::string_view code = descr.empty() ? descr : descr.substr(1);
    const bool has_order = !descr.empty() && std::string_view("<>|=").find(descr[0]) != std::string_view::npos;
    const auto element = has_order ? element_of(code) : std::nullopt;
    // One byte has no order; '=' is that of whoever wrote it, which nobody knows.
    const bool is_known = element && (size_of(*element) == 1 || descr[0] == '<' || descr[0] == '>');
    if (!is_known) {
      refuse("tells of elements of type '" + printable(descr, 60) + "'; booleans, whole numbers of 1 to 8 bytes and "
             "floats of 2, 4 or 8 are read");
    }
    header_.element = *element;
    header_.is_big_endian = descr[0] == '>';
  }

  void read_shape() {
    expect('(');
    while (!take(')')) {
      if (header_.extents.size() == kMostAxes) refuse("has more than " + std::to_string(kMostAxes) + " axes");
      header_.extents.push_back(read_extent());
      if (!take(',')) {
        if (header_.extents.size() == 1) fail("','");  // (3) is no tuple
        expect(')');
        break;
      }
    }
  }

  std::uint64_t read_extent() {
    skip_spaces();
    std::uint64_t extent = 0;
    const auto* begin = text_.data() + place_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), extent);
    if (error != std::errc()) fail("an extent");
    place_ += static_cast<std::size_t>(end - begin);
    return extent;
  }

  bool read_bool() {
    skip_spaces();
    for (const auto& [word, value] : {std::pair<std::string_view, bool>("False", false), {"True", true}}) {
      if (!text_.substr(place_).starts_with(word)) continue;
      place_ += word.size();
      return value;
    }
    fail("True or False");
  }

  std::string_view read_text(const char* what) {
    skip_spaces();
    const char quote = place_ < text_.size() ? text_[place_] : '\0';
    if (quote != '\'' && quote != '"') fail(what);
    const auto end = text_.find(quote, place_ + 1);
    if (end == std::string_view::npos) fail("a closing quote");
    const auto text = text_.substr(place_ + 1, end - place_ - 1);
    place_ = end + 1;
    return text;
  }

  void skip_spaces() { place_ = std::min(text_.find_first_not_of(" \n", place_), text_.size()); }
  bool take(char letter) {
    skip_spaces();
    if (place_ == text_.size() || text_[place_] != letter) return false;
    ++place_;
    return true;
  }
  void expect(char letter) {
    if (!take(letter)) fail(std::string{'\'', letter, '\''});
  }
  [[noreturn]] void fail(const std::string& expected) const {
    const auto found = text_.substr(std::min(place_, text_.size()));
    throw DataError(name_ + ": byte " + std::to_string(place_ + 1) + " of the NPY header: expected " + expected + ", found " +
                    (found.empty() ? "its end" : "'" + printable(found, 20) + "'"));
  }
  [[noreturn]] void refuse(const std::string& what) const { throw DataError(name_ + ": the NPY header " + what); }

  std::string_view text_;
  const std::string& name_;
  std::size_t place_ = 0;
  bool has_descr_ = false, has_order_ = false, has_shape_ = false;
  ArrayHeader header_;
};

}  // namespace

ArrayHeader read_header(ByteSource& source) {
  const auto fill = [&](std::span<std::byte> into) {
    if (read_all(source, into) < into.size()) throw DataError(source.name() + ": the file ends in its NPY header");
  };
  std::array<std::byte, 8> start{};
  fill(start);
  const auto version = std::to_integer<int>(start[6]);
  if (version < 1 || version > 3 || start[7] != std::byte{0}) {
    throw DataError(source.name() + ": NPY version " + std::to_string(version) + "." +
                    std::to_string(std::to_integer<int>(start[7])) + ", where 1.0, 2.0 and 3.0 are known");
  }
  std::array<std::byte, 4> length{};
  const std::span length_bytes(length.data(), version == 1 ? 2 : 4);
  fill(length_bytes);
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < length_bytes.size(); ++i) bytes |= std::to_integer<std::size_t>(length[i]) << (8 * i);
  if (bytes > kLongestHeader) {
    throw DataError(source.name() + ": an NPY header of " + with_commas(static_cast<std::int64_t>(bytes)) + " bytes, expected at most " +
                    with_commas(static_cast<std::int64_t>(kLongestHeader)));
  }
  std::string text(bytes, '\0');
  fill(std::as_writable_bytes(std::span(text)));
  auto header = Parser(text, source.name()).read();
  header.bytes = start.size() + length_bytes.size() + bytes;
  return header;
}

}  // namespace longhand::npy
