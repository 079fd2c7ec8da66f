// From the element type that a tensor has when the program runs to a type of the language.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

#include "longhand/base.h"

namespace longhand {

/// Calls `f` with a null pointer of the element type, so that one generic body serves every type.
template <class F>
decltype(auto) with_element_type(DType dtype, F f) {
  switch (dtype) {
    case DType::f32: return f(static_cast<float*>(nullptr));
    case DType::f64: return f(static_cast<double*>(nullptr));
    case DType::i32: return f(static_cast<std::int32_t*>(nullptr));
    case DType::u8:
    case DType::boolean: return f(static_cast<std::uint8_t*>(nullptr));
  }
  throw ArgumentError("unknown element type");
}

/// The nearest T. What T cannot hold is refused: the language leaves it undefined.
template <class T>
T rounded(double value, DType dtype) {
  if constexpr (std::is_floating_point_v<T>) {
    return static_cast<T>(value);
  } else {
    if (dtype == DType::boolean) return value != 0 ? T{1} : T{0};
    const double whole = std::nearbyint(value);
    if (!(whole >= static_cast<double>(std::numeric_limits<T>::min()) &&
          whole <= static_cast<double>(std::numeric_limits<T>::max()))) {
      throw ArgumentError(std::to_string(value) + " does not fit into " + std::string(name(dtype)));
    }
    return static_cast<T>(whole);
  }
}

}  // namespace longhand
