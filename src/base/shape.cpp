#include <algorithm>
#include <limits>

#include "longhand/base.h"

namespace longhand {

Shape::Shape(std::initializer_list<std::int64_t> extents)
    : Shape(std::span<const std::int64_t>(extents.begin(), extents.size())) {}

Shape::Shape(std::span<const std::int64_t> extents) : rank_(extents.size()) {
  if (extents.size() > kMaxRank) {
    throw ShapeError("a shape of rank " + std::to_string(extents.size()) + " is over the limit of " +
                     std::to_string(kMaxRank));
  }
  for (std::size_t axis = 0; axis < rank_; ++axis) {
    if (extents[axis] < 0 && extents[axis] != kBatch) {
      throw ShapeError("negative extent " + std::to_string(extents[axis]) + " on axis " +
                       std::to_string(axis));
    }
    extents_[axis] = extents[axis];
  }
}

std::int64_t checked_multiply(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) {
    throw ShapeError("the size " + std::to_string(a) + " x " + std::to_string(b) + " is too large");
  }
  return product;
}

std::int64_t Shape::count() const {
  if (has_batch()) throw ShapeError("the number of rows of " + to_string(*this) + " is not known");
  return count(0);
}

std::int64_t Shape::count(std::int64_t rows) const {
  std::int64_t product = 1;
  for (auto extent : *this) product = checked_multiply(product, extent == kBatch ? rows : extent);
  return product;
}

Shape Shape::with_rows(std::int64_t rows) const {
  Shape result = *this;
  for (std::size_t axis = 0; axis < rank_; ++axis) {
    if (extents_[axis] == kBatch) result.extents_[axis] = rows;
  }
  return result;
}

bool Shape::has_batch() const { return std::find(begin(), end(), kBatch) != end(); }

Shape Shape::with_extent(std::size_t axis, std::int64_t extent) const {
  Shape result = *this;
  result.extents_[axis] = extent;
  return result;
}

Shape Shape::without_axis(std::size_t axis) const {
  Shape result = *this;
  std::copy(begin() + axis + 1, end(), result.extents_.begin() + axis);
  result.extents_[--result.rank_] = 0;
  return result;
}

Shape Shape::with_axis(std::size_t axis, std::int64_t extent) const {
  std::vector<std::int64_t> extents(begin(), end());
  extents.insert(extents.begin() + static_cast<std::ptrdiff_t>(axis), extent);
  return Shape(extents);
}

bool operator==(const Shape& a, const Shape& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

std::string to_string(const Shape& shape) {
  std::string text = "[";
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    if (axis > 0) text += ", ";
    text += shape[axis] == Shape::kBatch ? "B" : std::to_string(shape[axis]);
  }
  return text + "]";
}

}  // namespace longhand
