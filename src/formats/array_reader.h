// Arrays of numbers in files, the first axis the rows: NPY, which NumPy writes, and IDX, in which MNIST
// comes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "formats/byte_source.h"

namespace longhand {

/// How an entry is kept.
enum class Element : std::uint8_t { boolean, u8, i8, u16, i16, u32, i32, u64, i64, f16, f32, f64 };
std::size_t size_of(Element element);

struct ArrayHeader {
  std::vector<std::uint64_t> extents;
  Element element = Element::f64;
  bool is_big_endian = false;
  bool is_fortran_order = false;  ///< the first index runs fastest
  std::uint64_t bytes = 0;        ///< of the header

  bool operator==(const ArrayHeader&) const = default;
};

/// Whether a file that begins with these bytes, eight at least where it has as many, is one of the two.
bool is_array(std::span<const std::byte> first);

/// Reads rows of columns; all axes but the first are the columns, in C's order whatever the file's.
/// Memory: a piece at a time; but of an array in Fortran's order that is packed, the whole.
class ArrayReader {
 public:
  /// Throws DataError, one line with the file's name, for what is neither format, a header that is not as
  /// the format says, elements that are no numbers, an array without rows or columns, and a file that is
  /// longer or shorter than its header says (a packed one when it is read).
  explicit ArrayReader(std::unique_ptr<ByteSource> source);

  const std::string& name() const { return source_->name(); }
  std::int64_t rows() const { return static_cast<std::int64_t>(header_.extents[0]); }
  std::int64_t columns() const { return columns_; }
  Element element() const { return header_.element; }
  /// Whether reading it takes the whole in memory.
  bool needs_all() const { return needs_all_; }

  /// Reads as many of the rows that follow as fit into `into`, row after row; says how many, 0 behind the
  /// last. NaN and infinities are passed on. Throws DataError for a whole number that no double holds.
  std::int64_t read(std::span<double> into);
  /// Back to the first row.
  void rewind();

 private:
  void read_header();
  void check_extents();
  std::uint64_t data_bytes() const;
  [[noreturn]] void throw_wrong_size(std::uint64_t bytes) const;
  [[noreturn]] void throw_too_short() const;
  void place_columns();
  const std::byte* entries(std::size_t offset, std::size_t bytes);
  void load_whole();
  void require_end();
  template <class T>
  double value_at(const std::byte* from, std::size_t row, std::size_t column) const;
  template <class T>
  void convert_pieces(std::span<double> into, std::size_t rows);
  template <class T>
  void convert_columns(std::span<double> into, std::size_t rows);

  std::unique_ptr<ByteSource> source_;
  ArrayHeader header_;
  std::int64_t columns_ = 1;
  std::int64_t next_row_ = 0;
  bool needs_all_ = false;
  std::vector<std::byte> piece_, whole_;
  std::vector<std::size_t> place_of_column_;  // in Fortran's order: how many columns lie before it
};

}  // namespace longhand
