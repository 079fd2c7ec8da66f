#pragma once

#include <chrono>

namespace longhand::bench {

template <class Act>
double seconds_of(Act&& act) {
  const auto start = std::chrono::steady_clock::now();
  act();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace longhand::bench
