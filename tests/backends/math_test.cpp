// How far the kernels' functions are from the exact value, in units in the last place.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>

#include "backends/cpu/elementwise.h"
#include "backends/each_target.h"
#include "base/philox.h"

namespace longhand::testing {
namespace {

// Of enough more digits than T has to stand for the exact value.
template <class T>
using Wide = std::conditional_t<std::is_same_v<T, float>, double, long double>;

template <class T>
struct Function {
  const char* name;
  Op op;
  Wide<T> (*exact)(Wide<T>);
  double bound;
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

// The distance to the neighbour nearer to zero.
template <class T>
T unit_of(T magnitude) {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  return magnitude - std::bit_cast<T>(std::bit_cast<Bits>(magnitude) - 1);
}

// Units between neighbouring numbers of T around `exact`.
template <class T>
double ulps(T found, Wide<T> exact) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const T nearest = static_cast<T>(exact);
  if (std::isnan(nearest) || std::isnan(found))
    return std::isnan(nearest) && std::isnan(found) ? 0 : kInfinity;
  if (std::isinf(nearest) || std::isinf(found)) return nearest == found ? 0 : kInfinity;
  if (nearest == T(0))  // a zero keeps its sign
    return found == T(0) && std::signbit(nearest) == std::signbit(found) ? 0 : kInfinity;
  const T magnitude = std::max(std::fabs(nearest), std::numeric_limits<T>::min());
  return static_cast<double>(std::fabs(static_cast<Wide<T>>(found) - exact) / unit_of(magnitude));
}

template <class T>
struct Worst {
  double error = 0;
  T at = 0;
};

template <class T>
void find_worst(const Function<T>& function, const std::vector<T>& x,
                const std::vector<Wide<T>>& exact, Worst<T>& worst) {
  const auto y = apply<T>(function.op, x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double error = ulps(y[i], exact[i]);
    if (!(error <= worst.error)) worst = {error, x[i]};
  }
}

template <class T>
std::vector<Wide<T>> exactly(const Function<T>& function, const std::vector<T>& x) {
  std::vector<Wide<T>> y(x.size());
  std::ranges::transform(x, y.begin(), [&](T entry) { return function.exact(entry); });
  return y;
}

template <class T>
void expect_near(const Function<T>& function, const Worst<T>& worst) {
  if (std::getenv("LONGHAND_PRINT_ULPS") != nullptr) {
    std::printf("%-8s %s: %.3f at %.9g\n", function.name, sizeof(T) == 4 ? "float" : "double",
                worst.error, static_cast<double>(worst.at));
  }
  EXPECT_LE(worst.error, function.bound)
      << function.name << " at " << worst.at << ": " << apply<T>(function.op, {worst.at})[0]
      << ", exactly " << function.exact(worst.at);
}

template <class T>
void check(const Function<T>& function, const std::vector<T>& x) {
  Worst<T> worst;
  find_worst(function, x, exactly(function, x), worst);
  expect_near(function, worst);
}

// The formula divides by 1 + e^-x, which overflows where the result would be denormal: 0.
template <class T>
Wide<T> exact_sigmoid(Wide<T> x) {
  return std::isinf(std::exp(static_cast<T>(-x))) ? 0 : 1 / (1 + std::exp(-x));
}

template <class T>
const Function<T> kFunctions[] = {
    {"exp", Op::exp, std::exp, 1.5},
    {"log", Op::log, std::log, 1.5},
    {"log1p", Op::log1p, std::log1p, 1.5},
    {"expm1", Op::expm1, std::expm1, 2},
    {"tanh", Op::tanh, std::tanh, 3},
    {"sigmoid", Op::sigmoid, exact_sigmoid<T>, 3},
    {"erf", Op::erf, std::erf, sizeof(T) == 4 ? 3 : 2},
    {"sin", Op::sin, std::sin, sizeof(T) == 4 ? 3 : 2},
    {"cos", Op::cos, std::cos, sizeof(T) == 4 ? 3 : 2},
};

// A prime, so that every exponent and many significands are met. LONGHAND_ULP_STRIDE=1 takes all
// floats: minutes for each function.
std::uint32_t stride() {
  const char* text = std::getenv("LONGHAND_ULP_STRIDE");
  return text == nullptr ? 20011 : static_cast<std::uint32_t>(std::atoi(text));
}

class FloatMath : public ::testing::TestWithParam<Function<float>> {};

TEST_P(FloatMath, IsWithinThreeUlps) {
  const auto& function = GetParam();
  std::map<std::int64_t, Worst<float>> worst;  // of each target
  std::vector<float> x;
  const auto compare = [&] {
    const auto exact = exactly(function, x);
    each_target([&] { find_worst(function, x, exact, worst[simd_target()]); });
    x.clear();
  };
  for (std::uint64_t bits = 0; bits < (std::uint64_t{1} << 32); bits += stride()) {
    x.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    if (x.size() == 1 << 14) compare();
  }
  compare();
  each_target([&] { expect_near(function, worst[simd_target()]); });
}

INSTANTIATE_TEST_SUITE_P(Math, FloatMath, ::testing::ValuesIn(kFunctions<float>),
                         [](const auto& test) { return std::string(test.param.name); });

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
    for (const auto& function : kFunctions<float>) check(function, x);
    for (const auto& function : kFunctions<double>) check(function, wide);
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
    for (const auto& function : kFunctions<float>) check(function, edges<float>());
    for (const auto& function : kFunctions<double>) check(function, edges<double>());
  });
}

}  // namespace
}  // namespace longhand::testing
