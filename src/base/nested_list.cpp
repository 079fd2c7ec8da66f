#include "base/nested_list.h"

#include <numeric>

namespace longhand {
namespace {

struct ListWriter {
  const Shape& shape;
  const WriteEntry& write;
  const ShownIndices& shown;

  std::string list(std::size_t axis, std::int64_t offset) const {
    if (axis == shape.rank()) return write(offset);
    std::string text = "[";
    bool is_first = true;
    for (const auto i : indices(shape[axis])) {
      if (!is_first) text += ", ";
      is_first = false;
      text += i < 0 ? "…" : list(axis + 1, offset * shape[axis] + i);
    }
    return text + "]";
  }

  std::vector<std::int64_t> indices(std::int64_t extent) const {
    if (shown) return shown(extent);
    std::vector<std::int64_t> all(static_cast<std::size_t>(extent));
    std::iota(all.begin(), all.end(), std::int64_t{0});
    return all;
  }
};

}  // namespace

std::string nested_list(const Shape& shape, const WriteEntry& write, const ShownIndices& shown) {
  return ListWriter{shape, write, shown}.list(0, 0);
}

}  // namespace longhand
