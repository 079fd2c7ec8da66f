// How far the kernels' functions are from the exact value, in units in the last place.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "backends/cpu/elementwise.h"
#include "backends/each_target.h"
#include "base/philox.h"

namespace longhand::testing {
namespace {

template <class T>
struct Function {
  const char* name;
  Op op;
  long double (*exact)(long double);
  double float_bound, double_bound;
};

template <class T>
std::vector<T> apply(Op op, std::vector<T> x) {
  std::vector<T> y(x.size());
  const Place<T> places[] = {{x.data(), 1}, {y.data(), 1}};
  Instruction<T> instruction;
  instruction.function = instruction_function<T>(op);
  instruction.result = 1;
  instruction.function(places, instruction, {1, x.size()});
  return y;
}

// Units between neighbouring numbers of T around `exact`.
template <class T>
double ulps(T found, long double exact) {
  const T nearest = static_cast<T>(exact);
  if (std::isnan(nearest) || std::isnan(found)) {
    return std::isnan(nearest) && std::isnan(found) ? 0 : std::numeric_limits<double>::infinity();
  }
  if (std::isinf(nearest) || std::isinf(found) || nearest == found) {
    // A zero keeps its sign.
    const bool same = nearest == found && std::signbit(nearest) == std::signbit(found);
    if (std::isinf(nearest) || std::isinf(found) || nearest == T(0)) {
      return same ? 0 : std::numeric_limits<double>::infinity();
    }
  }
  const T magnitude = std::max(std::fabs(nearest), std::numeric_limits<T>::min());
  const T unit = magnitude - std::nextafter(magnitude, T(0));
  return static_cast<double>(std::fabs(static_cast<long double>(found) - exact) / unit);
}

template <class T>
void check(const Function<T>& function, const std::vector<T>& x, double bound) {
  const auto y = apply<T>(function.op, x);
  double worst = 0;
  T at = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double error = ulps(y[i], function.exact(x[i]));
    if (!(error <= worst)) {
      worst = error;
      at = x[i];
    }
  }
  if (std::getenv("LONGHAND_PRINT_ULPS") != nullptr) {
    std::printf("%-8s %s: %.3f at %.9g\n", function.name, sizeof(T) == 4 ? "float" : "double",
                worst, static_cast<double>(at));
  }
  EXPECT_LE(worst, bound) << function.name << " at " << at << ": " << apply<T>(function.op, {at})[0]
                          << ", exactly " << function.exact(at);
}

// The formula divides by 1 + e^-x, which overflows where the result would be denormal: 0.
template <class T>
long double exact_sigmoid(long double x) {
  return std::isinf(std::exp(static_cast<T>(-x))) ? 0 : 1 / (1 + std::exp(-x));
}

template <class T>
const Function<T> kFunctions[] = {
    {"exp", Op::exp, std::exp, 1.5, 1.5},       {"log", Op::log, std::log, 1.5, 1.5},
    {"log1p", Op::log1p, std::log1p, 1.5, 1.5}, {"expm1", Op::expm1, std::expm1, 2, 2},
    {"tanh", Op::tanh, std::tanh, 3, 3},        {"sigmoid", Op::sigmoid, exact_sigmoid<T>, 3, 3},
    {"erf", Op::erf, std::erf, 3, 2},           {"sin", Op::sin, std::sin, 3, 2},
    {"cos", Op::cos, std::cos, 3, 2},
};

// A prime, so that every exponent and many significands are met. LONGHAND_ULP_STRIDE=1 takes all
// floats: hours.
std::uint32_t stride() {
  const char* text = std::getenv("LONGHAND_ULP_STRIDE");
  return text == nullptr ? 20011 : static_cast<std::uint32_t>(std::atoi(text));
}

TEST(Math, FloatFunctionsAreWithinThreeUlps) {
  each_target([] {
    for (const auto& function : kFunctions<float>) {
      std::vector<float> x;
      for (std::uint64_t bits = 0; bits < (std::uint64_t{1} << 32); bits += stride()) {
        x.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
        if (x.size() == 1 << 16) {
          check(function, x, function.float_bound);
          x.clear();
        }
      }
      check(function, x, function.float_bound);
    }
  });
}

// Where a network's values lie, more densely.
TEST(Math, FunctionsOfModerateNumbers) {
  each_target([] {
    PhiloxStream numbers(7, 0);
    std::vector<float> x(100'000);
    std::vector<double> wide(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double scale = std::exp2(10 * numbers.uniform() - 5);
      wide[i] = scale * (2 * numbers.uniform() - 1);
      x[i] = static_cast<float>(wide[i]);
    }
    for (const auto& function : kFunctions<float>) check(function, x, function.float_bound);
    for (const auto& function : kFunctions<double>) check(function, wide, function.double_bound);
  });
}

template <class T>
std::vector<T> edges() {
  using Limits = std::numeric_limits<T>;
  std::vector<T> x;
  for (const T value : {T(0),
                        Limits::denorm_min(),
                        Limits::min(),
                        Limits::min() / 2,
                        Limits::epsilon(),
                        T(1),
                        T(0.5),
                        T(2),
                        T(80),
                        T(88),
                        T(89),
                        T(103),
                        T(104),
                        T(105),
                        T(709),
                        T(710),
                        T(744),
                        T(745),
                        T(746),
                        T(1000),
                        Limits::max(),
                        Limits::infinity(),
                        Limits::quiet_NaN(),
                        T(1) - Limits::epsilon() / 2,
                        T(1) + Limits::epsilon()}) {
    x.push_back(value);
    x.push_back(-value);
  }
  return x;
}

TEST(Math, EdgesAreTheStandardLibrarys) {
  each_target([] {
    for (const auto& function : kFunctions<float>)
      check(function, edges<float>(), function.float_bound);
    for (const auto& function : kFunctions<double>)
      check(function, edges<double>(), function.double_bound);
  });
}

}  // namespace
}  // namespace longhand::testing
