#include "base/convert.h"

#include <cstring>

#include "base/element_type.h"

namespace longhand {

void convert(const Tensor& from, Tensor& to) {
  if (from.count() != to.count()) {
    throw ShapeError("the entries of " + to_string(from.shape()) + " do not fill " + to_string(to.shape()));
  }
  if (from.dtype() == to.dtype()) {
    std::memcpy(to.data(), from.data(), from.bytes());
    return;
  }
  with_element_type(from.dtype(), [&](auto* from_type) {
    with_element_type(to.dtype(), [&](auto* to_type) {
      using From = std::remove_pointer_t<decltype(from_type)>;
      using To = std::remove_pointer_t<decltype(to_type)>;
      const auto dtype = to.dtype();
      const auto* __restrict x = static_cast<const From*>(from.data());
      auto* __restrict y = static_cast<To*>(to.data());
      for (std::int64_t i = 0; i < from.count(); ++i) y[i] = rounded<To>(static_cast<double>(x[i]), dtype);
    });
  });
}

}  // namespace longhand
