#include "formats/array_reader.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include "base/text.h"
#include "formats/idx.h"
#include "formats/npy.h"
#include "longhand/base.h"

namespace longhand {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 18;
constexpr std::uint64_t kMostColumns = 1'000'000;
constexpr std::uint64_t kMostRows = std::numeric_limits<std::int32_t>::max();

std::string shown(std::uint64_t count) { return with_commas(static_cast<std::int64_t>(count)); }

template <class T>
T load(const std::byte* from, bool is_big_endian) {
  std::array<std::byte, sizeof(T)> bytes;
  std::memcpy(bytes.data(), from, sizeof(T));
  if (is_big_endian != (std::endian::native == std::endian::big)) std::ranges::reverse(bytes);
  return std::bit_cast<T>(bytes);
}

// IEEE 754 binary16.
double half_value(std::uint16_t bits) {
  const double sign = (bits & 0x8000) != 0 ? -1 : 1;
  const int exponent = (bits >> 10) & 0x1F;
  const double fraction = (bits & 0x3FF) / 1024.0;
  if (exponent == 0x1F) return fraction == 0 ? sign * std::numeric_limits<double>::infinity() : std::nan("");
  return sign * (exponent == 0 ? std::ldexp(fraction, -14) : std::ldexp(1 + fraction, exponent - 15));
}

// A whole number that no double holds has none.
template <class T>
bool is_held(T value) {
  if constexpr (sizeof(T) < 8 || !std::is_integral_v<T>) {
    return true;
  } else {
    const double nearest = static_cast<double>(value);
    // Rounded up to 2^63 or 2^64, it does not fit back.
    return nearest < std::ldexp(1.0, std::numeric_limits<T>::digits) && static_cast<T>(nearest) == value;
  }
}

/// f(T{}) for the C++ type of an element; a boolean is a byte, and a half its 16 bits.
template <class F>
auto with_type(Element element, const F& f) {
  switch (element) {
    case Element::boolean:
    case Element::u8: return f(std::uint8_t{});
    case Element::i8: return f(std::int8_t{});
    case Element::f16:
    case Element::u16: return f(std::uint16_t{});
    case Element::i16: return f(std::int16_t{});
    case Element::u32: return f(std::uint32_t{});
    case Element::i32: return f(std::int32_t{});
    case Element::u64: return f(std::uint64_t{});
    case Element::i64: return f(std::int64_t{});
    case Element::f32: return f(float{});
    case Element::f64: break;
  }
  return f(double{});
}

}  // namespace

std::size_t size_of(Element element) {
  return with_type(element, [](auto zero) { return sizeof(zero); });
}

bool is_array(std::span<const std::byte> first) {
  const std::string_view text(reinterpret_cast<const char*>(first.data()), first.size());
  return text.starts_with(npy::kMagic) || idx::is_magic(first);
}

ArrayReader::ArrayReader(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {
  read_header();
  check_extents();
  const auto size = source_->size();
  if (size && *size != header_.bytes + data_bytes()) throw_wrong_size(*size - header_.bytes);
  if (!header_.is_fortran_order) return;
  needs_all_ = !source_->seek(header_.bytes);
  place_columns();
}

void ArrayReader::read_header() {
  std::array<std::byte, 8> first{};
  const std::span came(first.data(), read_all(*source_, first));
  source_->rewind();
  if (!is_array(came)) throw DataError(name() + ": neither NPY nor IDX, by how it begins");
  const bool is_idx = idx::is_magic(came);
  header_ = is_idx ? idx::read_header(*source_) : npy::read_header(*source_);
}

void ArrayReader::check_extents() {
  auto& extents = header_.extents;
  if (extents.empty()) throw DataError(name() + ": a single number, where rows are needed");
  if (extents[0] == 0) throw DataError(name() + ": an array without rows");
  if (extents[0] > kMostRows) throw DataError(name() + ": too many rows, " + std::to_string(extents[0]));
  std::uint64_t columns = 1;
  for (std::size_t axis = 1; axis < extents.size(); ++axis) {
    if (extents[axis] == 0) throw DataError(name() + ": an array without columns");
    if (extents[axis] > kMostColumns / columns) {
      throw DataError(name() + ": more than " + shown(kMostColumns) + " columns");
    }
    columns *= extents[axis];
  }
  columns_ = static_cast<std::int64_t>(columns);
}

std::uint64_t ArrayReader::data_bytes() const {
  return static_cast<std::uint64_t>(rows()) * static_cast<std::uint64_t>(columns_) * size_of(header_.element);
}

void ArrayReader::throw_wrong_size(std::uint64_t bytes) const {
  throw DataError(name() + ": " + shown(static_cast<std::uint64_t>(rows())) + " rows of " +
                  shown(static_cast<std::uint64_t>(columns_)) + " columns take " + shown(data_bytes()) +
                  " bytes, but the file has " + shown(bytes));
}

void ArrayReader::throw_too_short() const {
  throw DataError(name() + ": the file ends before its " + shown(static_cast<std::uint64_t>(rows())) + " rows of " +
                  shown(static_cast<std::uint64_t>(columns_)) + " columns do");
}

// In Fortran's order the first of the axes that make a column runs fastest.
void ArrayReader::place_columns() {
  const auto& extents = header_.extents;
  place_of_column_.resize(static_cast<std::size_t>(columns_));
  for (std::size_t column = 0; column < place_of_column_.size(); ++column) {
    std::size_t place = 0, left = column;
    auto stride = static_cast<std::size_t>(columns_);
    for (auto axis = extents.size() - 1; axis > 0; --axis) {
      const auto extent = static_cast<std::size_t>(extents[axis]);
      stride /= extent;
      place += left % extent * stride;
      left /= extent;
    }
    place_of_column_[column] = place;
  }
}

void ArrayReader::rewind() {
  next_row_ = 0;
  if (!whole_.empty()) return;
  const auto before = header_;
  source_->rewind();
  read_header();
  if (header_ != before) throw DataError(name() + ": the file changed while it was read");
}

std::int64_t ArrayReader::read(std::span<double> into) {
  const auto width = static_cast<std::size_t>(columns_);
  const auto count = std::min(static_cast<std::size_t>(rows() - next_row_), into.size() / width);
  if (count == 0) return 0;
  with_type(header_.element, [&](auto zero) {
    using T = decltype(zero);
    header_.is_fortran_order ? convert_columns<T>(into, count) : convert_pieces<T>(into, count);
  });
  next_row_ += static_cast<std::int64_t>(count);
  if (next_row_ == rows() && !header_.is_fortran_order) require_end();
  return static_cast<std::int64_t>(count);
}

template <class T>
double ArrayReader::value_at(const std::byte* from, std::size_t row, std::size_t column) const {
  const auto value = load<T>(from, header_.is_big_endian);
  if constexpr (std::is_same_v<T, std::uint16_t>) {
    if (header_.element == Element::f16) return half_value(value);
  }
  if (!is_held(value)) {
    throw DataError(name() + ": row " + std::to_string(static_cast<std::size_t>(next_row_) + row + 1) + ", column '" +
                    std::to_string(column + 1) + "': no double holds " + std::to_string(value));
  }
  return static_cast<double>(value);
}

template <class T>
void ArrayReader::convert_pieces(std::span<double> into, std::size_t rows) {
  const auto width = static_cast<std::size_t>(columns_);
  piece_.resize(kPiece);
  const std::size_t total = rows * width;
  for (std::size_t done = 0; done < total;) {
    const std::size_t count = std::min(total - done, kPiece / sizeof(T));
    const std::span bytes(piece_.data(), count * sizeof(T));
    if (read_all(*source_, bytes) < bytes.size()) throw_too_short();
    for (std::size_t i = 0; i < count; ++i, ++done) {
      into[done] = value_at<T>(bytes.data() + i * sizeof(T), done / width, done % width);
    }
  }
}

template <class T>
void ArrayReader::convert_columns(std::span<double> into, std::size_t rows) {
  const auto width = static_cast<std::size_t>(columns_), height = static_cast<std::size_t>(this->rows());
  for (std::size_t column = 0; column < width; ++column) {
    const auto first = place_of_column_[column] * height + static_cast<std::size_t>(next_row_);
    const auto* from = entries(first * sizeof(T), rows * sizeof(T));
    for (std::size_t row = 0; row < rows; ++row) into[row * width + column] = value_at<T>(from + row * sizeof(T), row, column);
  }
}

// So many bytes of data from `offset` on.
const std::byte* ArrayReader::entries(std::size_t offset, std::size_t bytes) {
  if (needs_all_) {
    if (whole_.empty()) load_whole();
    return whole_.data() + offset;
  }
  piece_.resize(bytes);
  source_->seek(header_.bytes + offset);
  if (read_all(*source_, piece_) < bytes) throw_too_short();
  return piece_.data();
}

// A packed file may promise more than it has: memory grows with what comes.
void ArrayReader::load_whole() {
  const auto needed = static_cast<std::size_t>(data_bytes());
  while (whole_.size() < needed) {
    const auto before = whole_.size();
    whole_.resize(std::min(needed, std::max(before * 2, kPiece)));
    const std::span bytes = std::span(whole_).subspan(before);
    if (read_all(*source_, bytes) < bytes.size()) throw_too_short();
  }
  require_end();
}

void ArrayReader::require_end() {
  std::byte more{};
  if (source_->read(std::span(&more, 1)) > 0) {
    throw DataError(name() + ": the file goes on behind its " + shown(static_cast<std::uint64_t>(rows())) + " rows");
  }
}

}  // namespace longhand
