#include <charconv>
#include <cstring>
#include <ostream>

#include "base/convert.h"
#include "base/element_type.h"
#include "longhand/base.h"

namespace longhand {
namespace {

void flatten(const detail::NestedNumbers& node, std::size_t depth, std::vector<std::int64_t>& extents,
             std::vector<double>& values, bool& leaves_seen) {
  if (!node.is_list) {
    if (depth != extents.size()) throw ShapeError("ragged nested braces: numbers at two depths");
    leaves_seen = true;
    values.push_back(node.value);
    return;
  }
  const auto size = static_cast<std::int64_t>(node.children.size());
  if (depth == extents.size()) {
    if (leaves_seen) throw ShapeError("ragged nested braces: numbers at two depths");
    extents.push_back(size);
  } else if (extents[depth] != size) {
    throw ShapeError("ragged nested braces: a list of " + std::to_string(size) + " beside one of " +
                     std::to_string(extents[depth]));
  }
  for (const auto& child : node.children) flatten(child, depth + 1, extents, values, leaves_seen);
}

template <class T>
void append_number(std::string& text, T value) {
  char buffer[64];
  auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  text.append(buffer, end);
}

std::int64_t append_nested(std::string& text, const Tensor& tensor, std::size_t axis,
                           std::int64_t index) {
  if (axis == tensor.shape().rank()) {
    if (tensor.dtype() == DType::f32) append_number(text, static_cast<float>(tensor.at(index)));
    else append_number(text, tensor.at(index));
    return index + 1;
  }
  text += '[';
  for (std::int64_t i = 0; i < tensor.shape()[axis]; ++i) {
    if (i > 0) text += ", ";
    index = append_nested(text, tensor, axis + 1, index);
  }
  text += ']';
  return index;
}

}  // namespace

std::string_view name(DType dtype) {
  switch (dtype) {
    case DType::f32: return "f32";
    case DType::f64: return "f64";
    case DType::i32: return "i32";
    case DType::u8: return "u8";
    case DType::boolean: return "bool";
  }
  return "?";
}

std::size_t size_of(DType dtype) {
  return with_element_type(dtype, [](auto* type) { return sizeof(*type); });
}

namespace {

// Starts with a line of the cache, as vectors that lie across two take twice as long to read.
std::shared_ptr<std::byte[]> zeroed_lines(std::size_t size) {
  constexpr std::align_val_t kLine{64};
  // An empty tensor has an address too.
  auto* memory = static_cast<std::byte*>(::operator new[](size, kLine));
  std::shared_ptr<std::byte[]> owner(memory, [](std::byte* owned) { ::operator delete[](owned, kLine); });
  std::memset(memory, 0, size);
  return owner;
}

}  // namespace

Tensor::Tensor() : Tensor(Shape{}) {}

Tensor::Tensor(Shape shape, DType dtype) : shape_(shape), count_(shape.count()), dtype_(dtype) {
  const auto size = checked_multiply(count_, static_cast<std::int64_t>(size_of(dtype)));
  try {
    memory_ = zeroed_lines(static_cast<std::size_t>(size));
  } catch (const std::bad_alloc&) {
    throw IoError("not enough memory for a tensor of shape " + to_string(shape));
  }
}

Tensor::Tensor(std::initializer_list<detail::NestedNumbers> rows) {
  std::vector<std::int64_t> extents;
  std::vector<double> values;
  bool leaves_seen = false;
  flatten(detail::NestedNumbers(rows), 0, extents, values, leaves_seen);
  *this = from(values, Shape(extents));
}

Tensor Tensor::scalar(double value, DType dtype) { return full(Shape{}, value, dtype); }

Tensor Tensor::full(Shape shape, double value, DType dtype) {
  Tensor result(shape, dtype);
  for (std::int64_t i = 0; i < result.count(); ++i) result.set(i, value);
  return result;
}

Tensor Tensor::from(std::span<const double> values, Shape shape, DType dtype) {
  Tensor result(shape, dtype);
  if (result.count() != static_cast<std::int64_t>(values.size())) {
    throw ShapeError(std::to_string(values.size()) + " values do not fill the shape " +
                     to_string(shape));
  }
  for (std::int64_t i = 0; i < result.count(); ++i) {
    result.set(i, values[static_cast<std::size_t>(i)]);
  }
  return result;
}

Tensor Tensor::borrow(void* memory, Shape shape, DType dtype) {
  Tensor result;
  result.shape_ = shape;
  result.count_ = shape.count();
  result.dtype_ = dtype;
  result.memory_ = {static_cast<std::byte*>(memory), [](std::byte*) {}};
  return result;
}

double Tensor::at(std::int64_t index) const {
  return with_element_type(dtype_, [&](auto* type) {
    return static_cast<double>(static_cast<decltype(type)>(static_cast<void*>(memory_.get()))[index]);
  });
}

void Tensor::set(std::int64_t index, double value) {
  with_element_type(dtype_, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    static_cast<T*>(data())[index] = rounded<T>(value, dtype_);
  });
}

double Tensor::item() const {
  if (count_ != 1) throw ShapeError("item() of a tensor of shape " + to_string(shape_));
  return at(0);
}

std::vector<double> Tensor::to_doubles() const {
  std::vector<double> values(static_cast<std::size_t>(count_));
  if (count_ != 0) {
    Tensor result = borrow(values.data(), shape_, DType::f64);
    convert(*this, result);
  }
  return values;
}

Tensor Tensor::clone() const {
  Tensor result(shape_, dtype_);
  std::memcpy(result.data(), data(), bytes());
  return result;
}

Tensor Tensor::cast(DType dtype) const {
  Tensor result(shape_, dtype);
  convert(*this, result);
  return result;
}

Tensor Tensor::reshaped(Shape shape) const {
  if (shape.count() != count_) {
    throw ShapeError("cannot reshape " + to_string(shape_) + " to " + to_string(shape));
  }
  Tensor result = *this;
  result.shape_ = shape;
  return result;
}

void Tensor::require(DType dtype) const {
  if (dtype != dtype_) {
    throw ShapeError("a tensor of " + std::string(name(dtype_)) + " read as " +
                     std::string(name(dtype)));
  }
}

std::string to_string(const Tensor& tensor) {
  std::string text;
  append_nested(text, tensor, 0, 0);
  return text;
}

std::ostream& operator<<(std::ostream& stream, const Tensor& tensor) {
  return stream << to_string(tensor);
}

bool identical(const Tensor& a, const Tensor& b) {
  return a.dtype() == b.dtype() && a.shape() == b.shape() &&
         std::memcmp(a.data(), b.data(), a.bytes()) == 0;
}

}  // namespace longhand
