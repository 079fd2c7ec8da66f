// base: errors, shapes and tensors. Knows nothing of networks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace longhand {

/// The root of every exception that Longhand throws. The message names the operation, tensor, file,
/// row or column, what was found and what was expected.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Shapes or element types that do not fit an operation.
class ShapeError : public Error {
 public:
  using Error::Error;
};

/// An option or argument outside what it may be.
class ArgumentError : public Error {
 public:
  using Error::Error;
};

/// A table, worksheet or batch of rows that is wrong or missing.
class DataError : public Error {
 public:
  using Error::Error;
};

/// A model file or network description that is wrong or missing.
class ModelError : public Error {
 public:
  using Error::Error;
};

/// The operating system refused: an output that cannot be written, memory that cannot be had.
class IoError : public Error {
 public:
  using Error::Error;
};

/// Training left the finite numbers.
class DivergenceError : public Error {
 public:
  using Error::Error;
};

/// The type of a tensor's elements. `boolean` is one byte, 0 or 1.
enum class DType : std::uint8_t { f32, f64, i32, u8, boolean };

/// "f32", "f64", "i32", "u8", "bool".
std::string_view name(DType dtype);

/// Bytes of one element.
std::size_t size_of(DType dtype);

/// The extents of a tensor, outermost first; row-major. One extent may be `kBatch`: the number of
/// rows, unknown until a graph is run. Rank is at most `kMaxRank`; no memory is allocated.
class Shape {
 public:
  static constexpr std::int64_t kBatch = -1;
  static constexpr std::size_t kMaxRank = 6;

  Shape() = default;
  /// Throws ShapeError for a rank over kMaxRank or an extent that is negative and not kBatch.
  Shape(std::initializer_list<std::int64_t> extents);
  explicit Shape(std::span<const std::int64_t> extents);

  std::size_t rank() const { return rank_; }
  std::int64_t operator[](std::size_t axis) const { return extents_[axis]; }
  std::span<const std::int64_t> extents() const { return {extents_.data(), rank_}; }
  const std::int64_t* begin() const { return extents_.data(); }
  const std::int64_t* end() const { return extents_.data() + rank_; }

  /// The number of elements; 1 for rank 0. Throws ShapeError when it overflows or is not known.
  std::int64_t count() const;
  /// The number of elements with `rows` in place of kBatch.
  std::int64_t count(std::int64_t rows) const;
  /// The same shape with `rows` in place of kBatch.
  Shape with_rows(std::int64_t rows) const;
  bool has_batch() const;

  Shape with_extent(std::size_t axis, std::int64_t extent) const;
  Shape without_axis(std::size_t axis) const;
  Shape with_axis(std::size_t axis, std::int64_t extent) const;

  friend bool operator==(const Shape& a, const Shape& b);

 private:
  std::array<std::int64_t, kMaxRank> extents_{};
  std::size_t rank_ = 0;
};

/// "[B, 784]": B stands for the number of rows.
std::string to_string(const Shape& shape);

/// a * b for sizes. Throws ShapeError on overflow.
std::int64_t checked_multiply(std::int64_t a, std::int64_t b);

namespace detail {
/// Nested braces of numbers, `{{1, 2}, {3, 4}}`, for Tensor's constructor.
struct NestedNumbers {
  template <class Number>
    requires std::is_arithmetic_v<Number>
  NestedNumbers(Number number) : value(static_cast<double>(number)) {}  // NOLINT: implicit by design
  NestedNumbers(std::initializer_list<NestedNumbers> list) : children(list), is_list(true) {}
  double value = 0;
  std::vector<NestedNumbers> children;
  bool is_list = false;
};
template <class T>
constexpr DType dtype_of() {
  if constexpr (std::is_same_v<T, float>) return DType::f32;
  else if constexpr (std::is_same_v<T, double>) return DType::f64;
  else if constexpr (std::is_same_v<T, std::int32_t>) return DType::i32;
  else if constexpr (std::is_same_v<T, bool>) return DType::boolean;
  else { static_assert(std::is_same_v<T, std::uint8_t>); return DType::u8; }
}
}  // namespace detail

/// Numbers in memory: a row-major array of one element type. Copies share their memory; `clone`
/// makes a separate one. The memory is owned, or borrowed from the caller who keeps it alive.
/// Reading one tensor from several threads is safe.
class Tensor {
 public:
  /// A scalar zero, float32.
  Tensor();
  /// Zeros: `Tensor(Shape{2, 3})`; bare braces are entries. The shape must be known (no kBatch).
  explicit Tensor(Shape shape, DType dtype = DType::f32);
  /// From nested braces: `Tensor{{1.0, 2.0}}` is float32 [1, 2]. Throws ShapeError if ragged.
  Tensor(std::initializer_list<detail::NestedNumbers> rows);
  /// A scalar.
  static Tensor scalar(double value, DType dtype = DType::f32);
  static Tensor full(Shape shape, double value, DType dtype = DType::f32);
  /// Copies `values`, rounding to `dtype`. Throws ShapeError if their number is not the shape's.
  static Tensor from(std::span<const double> values, Shape shape, DType dtype = DType::f32);
  /// Borrows `memory`, which must outlive the tensor and every copy of it.
  static Tensor borrow(void* memory, Shape shape, DType dtype);

  DType dtype() const { return dtype_; }
  const Shape& shape() const { return shape_; }
  std::int64_t count() const { return count_; }
  std::size_t bytes() const { return static_cast<std::size_t>(count_) * size_of(dtype_); }

  const void* data() const { return memory_.get(); }
  void* data() { return memory_.get(); }

  /// The elements. Throws ShapeError if T is not the tensor's element type.
  template <class T>
  std::span<const T> values() const {
    require(detail::dtype_of<T>());
    return {static_cast<const T*>(data()), static_cast<std::size_t>(count_)};
  }
  template <class T>
  std::span<T> values() {
    require(detail::dtype_of<T>());
    return {static_cast<T*>(data()), static_cast<std::size_t>(count_)};
  }

  /// Element `index` in row-major order, as a double.
  double at(std::int64_t index) const;
  /// Rounds to nearest; a boolean becomes whether it is not 0. Throws ArgumentError for an integer
  /// that the element type cannot hold.
  void set(std::int64_t index, double value);
  /// The value of a tensor of one element. Throws ShapeError otherwise.
  double item() const;
  std::vector<double> to_doubles() const;

  Tensor clone() const;
  /// A copy in another element type, rounded to nearest.
  Tensor cast(DType dtype) const;
  /// The same memory under another shape of equal count.
  Tensor reshaped(Shape shape) const;

 private:
  void require(DType dtype) const;

  std::shared_ptr<std::byte[]> memory_;
  Shape shape_;
  std::int64_t count_ = 1;
  DType dtype_ = DType::f32;
};

/// Nested brackets, each number as the shortest decimal that reads back to it: `[[0.9387738]]`.
std::ostream& operator<<(std::ostream& stream, const Tensor& tensor);
std::string to_string(const Tensor& tensor);

/// True where shape, element type and every byte agree.
bool identical(const Tensor& a, const Tensor& b);

}  // namespace longhand
