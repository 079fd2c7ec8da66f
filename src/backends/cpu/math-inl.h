// Functions of vectors. Included once for each SIMD target.
//
// Largest errors met, in units in the last place (tests/backends/math_test.cpp): exp 1.05, log
// 0.84, log1p 1.38, expm1 1.68, tanh 2.52, erf 1.39, sin 1.71, cos 1.97, and of double exp 0.97,
// log 0.77, log1p 1.34, expm1 1.87, tanh 2.35. The sigmoid of ir/formulas-inl.h has 2.40 with this
// exp. Other functions of double call the standard library lane by lane, as power does for both.
// Denormals, infinities, NaN and the sign of zero are as the standard library has them.
// Polynomials: scripts/fit_polynomials.py.

// clang-format off
#if defined(LONGHAND_BACKENDS_CPU_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LONGHAND_BACKENDS_CPU_MATH_INL_H_
#undef LONGHAND_BACKENDS_CPU_MATH_INL_H_
#else
#define LONGHAND_BACKENDS_CPU_MATH_INL_H_
#endif
// clang-format on

#include <cmath>
#include <limits>

#include "backends/cpu/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace longhand {
namespace HWY_NAMESPACE {
namespace math {

template <class T>
struct Constants;

template <>
struct Constants<float> {
  static constexpr int kSignificandBits = 23;
  static constexpr int kExponentBias = 127;
  // 1.5 * 2^23: a float of that size has no fraction, so adding it rounds to an integer, which
  // then lies in the low bits.
  static constexpr float kRound = 12582912.0f;
  static constexpr float kExpLow = -104.0f, kExpHigh = 89.0f;
  static constexpr float kExpm1Low = -18.0f;
  // So few bits that a product with any exponent is exact.
  static constexpr float kLn2High = 0.693359375f, kLn2Low = -2.12194440e-4f;
  // e^r = 1 + r + r^2 p(r), |r| <= ln(2) / 2
  static constexpr float kExp[] = {0.5f, 0.166665182f, 0.0416662134f, 0.00836894754f,
                                   0.00139500713f};
  // log((1 + s) / (1 - s)) = 2 s + s^3 p(s^2), |s| <= 0.1716
  static constexpr float kLog[] = {0.666666627f, 0.400003344f, 0.285373151f, 0.235820159f};
};

template <>
struct Constants<double> {
  static constexpr int kSignificandBits = 52;
  static constexpr int kExponentBias = 1023;
  static constexpr double kRound = 6755399441055744.0;  // 1.5 * 2^52
  static constexpr double kExpLow = -746.0, kExpHigh = 710.0;
  static constexpr double kExpm1Low = -40.0;
  static constexpr double kLn2High = 0x1.62e42fee00000p-1, kLn2Low = 0x1.a39ef35793c76p-33;
  static constexpr double kExp[] = {0.5,
                                    0.16666666666666685,
                                    0.041666666666666727,
                                    0.0083333333333166192,
                                    0.0013888888888858391,
                                    0.00019841269897363534,
                                    2.4801587373818744e-05,
                                    2.755723392677957e-06,
                                    2.7557233297346719e-07,
                                    2.5112349522416804e-08,
                                    2.0926962706945854e-09};
  static constexpr double kLog[] = {0.6666666666666734,  0.39999999999414737, 0.28571428742372429,
                                    0.22222198574545199, 0.18183564266400437, 0.15314051851554669,
                                    0.14795938467444347};
};

template <class T>
HWY_INLINE Vector<T> set(T value) {
  return hn::Set(Tag<T>(), value);
}

/// c[0] + x (c[1] + x (c[2] + …))
template <class T, std::size_t n>
HWY_INLINE Vector<T> polynomial(Vector<T> x, const T (&c)[n]) {
  auto sum = set(c[n - 1]);
  for (std::size_t i = n - 1; i-- > 0;) sum = hn::MulAdd(sum, x, set(c[i]));
  return sum;
}

/// The same by pairs of terms, whose chain is half as long.
template <class T, std::size_t n>
HWY_INLINE Vector<T> polynomial_of_pairs(Vector<T> x, Vector<T> square, const T (&c)[n]) {
  static_assert(n % 2 == 1);
  auto sum = set(c[n - 1]);
  for (std::size_t i = n - 1; i >= 2; i -= 2)
    sum = hn::MulAdd(sum, square, hn::MulAdd(set(c[i - 1]), x, set(c[i - 2])));
  return sum;
}

/// 2^n where n = rounded - kRound and -kExponentBias < n <= kExponentBias.
template <class T>
HWY_INLINE Vector<T> power_of_two(Vector<T> rounded) {
  using C = Constants<T>;
  const Tag<T> d;
  const hn::RebindToSigned<Tag<T>> bits;
  const auto biased = hn::Add(hn::BitCast(bits, rounded), hn::Set(bits, C::kExponentBias));
  return hn::BitCast(d, hn::ShiftLeft<C::kSignificandBits>(biased));
}

/// x = n ln 2 + r with |r| <= ln(2) / 2; `rounded` is n + kRound.
template <class T>
struct Reduced {
  Vector<T> rounded, n, r;
};

template <class T>
HWY_INLINE Reduced<T> reduce(Vector<T> x) {
  using C = Constants<T>;
  const auto round = set(C::kRound);
  const auto rounded = hn::MulAdd(x, set(static_cast<T>(1.4426950408889634)), round);
  const auto n = hn::Sub(rounded, round);
  const auto r = hn::NegMulAdd(n, set(C::kLn2Low), hn::NegMulAdd(n, set(C::kLn2High), x));
  return {rounded, n, r};
}

/// The smaller of both, or x where that is NaN.
template <class T>
HWY_INLINE Vector<T> at_most(T high, Vector<T> x) {
#if HWY_TARGET == HWY_SCALAR
  return hn::IfThenElse(hn::Gt(x, set(high)), set(high), x);
#else
  return hn::Min(set(high), x);  // x86 gives the second operand where either is NaN
#endif
}

template <class T>
HWY_INLINE Vector<T> clamp_keeping_nan(Vector<T> x, T low, T high) {
#if HWY_TARGET == HWY_SCALAR
  return at_most<T>(high, hn::IfThenElse(hn::Lt(x, set(low)), set(low), x));
#else
  return at_most<T>(high, hn::Max(set(low), x));
#endif
}

template <class T>
HWY_INLINE Vector<T> exp(Vector<T> x) {
  using C = Constants<T>;
  const auto reduced = reduce<T>(clamp_keeping_nan(x, C::kExpLow, C::kExpHigh));
  const auto r = reduced.r, square = hn::Mul(r, r);
  const auto less_one = hn::MulAdd(square, polynomial_of_pairs<T>(r, square, C::kExp), r);
  // 2^n in two factors, since n may be beyond the exponents at either end. 1 is added last, as what
  // is lost before is lost of a smaller number, and scaled with the rest.
  const auto round = set(C::kRound);
  const auto half = hn::MulAdd(reduced.n, set(T(0.5)), round);
  const auto rest = hn::Add(hn::Sub(reduced.n, hn::Sub(half, round)), round);
  const auto scale = power_of_two<T>(half);
  return hn::Mul(hn::MulAdd(less_one, scale, scale), power_of_two<T>(rest));
}

/// e^x - 1 for x no greater than the largest exponent.
template <class T>
HWY_INLINE Vector<T> expm1(Vector<T> x) {
  using C = Constants<T>;
  const auto clamped = clamp_keeping_nan(x, C::kExpm1Low, C::kExpHigh);
  const auto reduced = reduce<T>(clamped);
  const auto r = reduced.r;
  const auto p = hn::MulAdd(hn::Mul(r, r), polynomial<T>(r, C::kExp), r);
  // 2^n (p + 1) - 1, by way of n - 1 since 2^n may overflow where the result does not.
  const auto half_scale = power_of_two<T>(hn::Sub(reduced.rounded, set(T(1))));
  const auto y = hn::MulAdd(half_scale, p, hn::Sub(half_scale, set(T(0.5))));
  const auto result = hn::IfThenElse(hn::Eq(reduced.n, hn::Zero(Tag<T>())), p, hn::Add(y, y));
  return hn::CopySign(result, x);  // for -0
}

/// log(2^k (1 + f)) where 1 + f is between the square roots of 1/2 and 2.
template <class T>
HWY_INLINE Vector<T> log_of(Vector<T> k, Vector<T> f) {
  using C = Constants<T>;
  const auto s = hn::Div(f, hn::Add(f, set(T(2))));
  const auto z = hn::Mul(s, s);
  const auto rest = hn::Mul(z, polynomial<T>(z, C::kLog));
  const auto half_square = hn::Mul(hn::Mul(f, f), set(T(0.5)));
  // k ln 2 + f - (f^2 / 2 - s (f^2 / 2 + rest)), the small parts first.
  const auto small = hn::MulAdd(k, set(C::kLn2Low), hn::Mul(s, hn::Add(half_square, rest)));
  return hn::MulAdd(k, set(C::kLn2High), hn::Sub(f, hn::Sub(half_square, small)));
}

template <class T>
struct Split {
  Vector<T> exponent, significand;
};

/// A positive normal number as 2^exponent significand, the latter between sqrt(1/2) and sqrt(2).
template <class T>
HWY_INLINE Split<T> split(Vector<T> x) {
  using C = Constants<T>;
  const Tag<T> d;
  const hn::RebindToUnsigned<Tag<T>> bits;
  const auto root_half = hn::BitCast(bits, set(static_cast<T>(0.70710678118654752)));
  const auto one = hn::BitCast(bits, set(T(1)));
  const auto shifted = hn::Add(hn::BitCast(bits, x), hn::Sub(one, root_half));
  // The exponent's bits under those of 2^kSignificandBits are that number plus the exponent.
  const auto base = set(static_cast<T>(std::uint64_t{1} << C::kSignificandBits));
  const auto exponent =
      hn::Or(hn::ShiftRight<C::kSignificandBits>(shifted), hn::BitCast(bits, base));
  const auto mask = hn::Sub(hn::ShiftLeft<C::kSignificandBits>(hn::Set(bits, 1)), hn::Set(bits, 1));
  const auto significand = hn::Add(hn::And(shifted, mask), root_half);
  return {hn::Sub(hn::BitCast(d, exponent), hn::Add(base, set(static_cast<T>(C::kExponentBias)))),
          hn::BitCast(d, significand)};
}

/// What a logarithm of x is where `result`, that of a positive finite x, does not apply.
template <class T>
HWY_INLINE Vector<T> log_at_edges(Vector<T> x, Vector<T> result) {
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  const auto zero = hn::Zero(Tag<T>());
  const auto regular = hn::And(hn::Gt(x, zero), hn::Lt(x, set(kInfinity)));
  const auto at_zero =
      hn::IfThenElse(hn::Eq(x, zero), set(-kInfinity), set(std::numeric_limits<T>::quiet_NaN()));
  return hn::IfThenElse(regular, result, hn::IfThenElse(hn::Eq(x, set(kInfinity)), x, at_zero));
}

template <class T>
HWY_INLINE Vector<T> log(Vector<T> x) {
  using C = Constants<T>;
  const auto denormal = hn::Lt(x, set(std::numeric_limits<T>::min()));
  constexpr T kShift = static_cast<T>(C::kSignificandBits + 1);
  const auto scale = set(static_cast<T>(std::uint64_t{2} << C::kSignificandBits));
  const auto parts = split<T>(hn::IfThenElse(denormal, hn::Mul(x, scale), x));
  const auto k = hn::Sub(parts.exponent, hn::IfThenElseZero(denormal, set(kShift)));
  return log_at_edges<T>(x, log_of<T>(k, hn::Sub(parts.significand, set(T(1)))));
}

template <class T>
HWY_INLINE Vector<T> log1p(Vector<T> x) {
  const auto one = set(T(1));
  const auto u = hn::Add(x, one);
  const auto parts = split<T>(u);
  // What was lost in x + 1, found from the smaller of the two, in the significand's scale.
  const auto x_is_larger = hn::Gt(x, one);
  const auto lost =
      hn::IfThenElse(x_is_larger, hn::Sub(one, hn::Sub(u, x)), hn::Sub(x, hn::Sub(u, one)));
  // 2^-exponent; what is lost of a number beyond 2^127 does not count.
  const auto most = set(static_cast<T>(Constants<T>::kExponentBias));
  const auto shrink =
      power_of_two<T>(hn::Sub(set(Constants<T>::kRound),
                              hn::IfThenElse(hn::Gt(parts.exponent, most), most, parts.exponent)));
  const auto f = hn::MulAdd(lost, shrink, hn::Sub(parts.significand, one));
  const auto result = log_at_edges<T>(u, log_of<T>(parts.exponent, f));
  return hn::IfThenElse(hn::Eq(u, one), x, result);
}

/// t / (t + 2) where t = e^(2 |x|) - 1.
template <class T>
HWY_INLINE Vector<T> tanh(Vector<T> x) {
  const auto bounded = at_most<T>(sizeof(T) == 4 ? 10 : 20, hn::Abs(x));  // beyond, 1 is nearest
  const auto t = expm1<T>(hn::Add(bounded, bounded));
  return hn::CopySign(hn::Div(t, hn::Add(t, set(T(2)))), x);
}

/// f of each lane, one after the other.
template <class T, class F>
HWY_INLINE Vector<T> each(Vector<T> x, F f) {
  const Tag<T> d;
  HWY_ALIGN T lanes[kLanes<T>];
  hn::Store(x, d, lanes);
  for (auto& lane : lanes) lane = f(lane);
  return hn::Load(d, lanes);
}

template <class T>
HWY_INLINE Vector<T> power(Vector<T> a, Vector<T> b) {
  const Tag<T> d;
  HWY_ALIGN T bases[kLanes<T>];
  HWY_ALIGN T exponents[kLanes<T>];
  hn::Store(a, d, bases);
  hn::Store(b, d, exponents);
  for (std::size_t i = 0; i < kLanes<T>; ++i) bases[i] = std::pow(bases[i], exponents[i]);
  return hn::Load(d, bases);
}

template <class T>
HWY_INLINE Vector<T> erf(Vector<T> x) {
  if constexpr (sizeof(T) == sizeof(double)) {
    return each<T>(x, [](T lane) { return std::erf(lane); });
  } else {
    // erf(x) = x + x p(x^2) up to 1; beyond, 1 - e^q(x) where q is the logarithm of erfc.
    constexpr float kNear[] = {0.128379166f,   -0.37612626f,     0.112836003f,   -0.0268544424f,
                               0.00518953102f, -0.000802080554f, 7.88901016e-05f};
    constexpr float kFar[] = {0.000188016071f, -1.12957835f,    -0.633220136f,   -0.108418353f,
                              0.025208123f,    -0.00420451537f, 0.000441327633f, -2.16861699e-05f};
    const auto t = hn::Abs(x);
    const auto near = hn::MulAdd(x, polynomial<float>(hn::Mul(x, x), kNear), x);
    const auto bounded = at_most<float>(4.0f, t);
    const auto far = hn::Sub(set(1.0f), exp<float>(polynomial<float>(bounded, kFar)));
    return hn::IfThenElse(hn::Le(t, set(1.0f)), near, hn::CopySign(far, x));
  }
}

/// sin(x + quarters pi / 2).
template <class T, int quarters>
HWY_INLINE Vector<T> sine(Vector<T> x) {
  const auto one_by_one = [](Vector<T> all) HWY_ATTR {
    return each<T>(all, [](T lane) { return quarters == 0 ? std::sin(lane) : std::cos(lane); });
  };
  if constexpr (sizeof(T) == sizeof(double)) {
    return one_by_one(x);
  } else {
    const Tag<float> d;
    constexpr float kSin[] = {-0.166666552f, 0.00833217334f, -0.000195166911f};
    constexpr float kCos[] = {0.0416666456f, -0.0013887363f, 2.44379535e-05f};
    const auto round = set(Constants<float>::kRound);
    const auto magnitude = hn::Abs(x);
    const auto rounded = hn::MulAdd(magnitude, set(0.636619772f), round);
    const auto n = hn::Sub(rounded, round);
    auto r = hn::NegMulAdd(n, set(0x1.921fp0f), magnitude);
    r = hn::NegMulAdd(n, set(0x1.6a88p-17f), r);
    r = hn::NegMulAdd(n, set(0x1.0b4612p-34f), r);
    const auto z = hn::Mul(r, r);
    const auto sin = hn::MulAdd(hn::Mul(r, z), polynomial<float>(z, kSin), r);
    const auto cos = hn::MulAdd(hn::Mul(z, z), polynomial<float>(z, kCos),
                                hn::NegMulAdd(z, set(0.5f), set(1.0f)));
    const hn::RebindToUnsigned<Tag<float>> bits;
    const auto quadrant = hn::Add(hn::BitCast(bits, rounded), hn::Set(bits, quarters));
    const auto odd = hn::Ne(hn::And(quadrant, hn::Set(bits, 1)), hn::Zero(bits));
    const auto sign = hn::ShiftLeft<30>(hn::And(quadrant, hn::Set(bits, 2)));
    auto value = hn::Xor(hn::IfThenElse(hn::RebindMask(d, odd), cos, sin), hn::BitCast(d, sign));
    if constexpr (quarters == 0) value = hn::Xor(value, hn::And(x, hn::SignBit(d)));
    // Up to here n pi / 2 is exact in three parts of 17 bits, as it is not beyond.
    const auto near = hn::Le(magnitude, set(100.0f));
    return hn::AllTrue(d, near) ? value : hn::IfThenElse(near, value, one_by_one(x));
  }
}

template <class T>
HWY_INLINE Vector<T> sin(Vector<T> x) {
  return sine<T, 0>(x);
}
template <class T>
HWY_INLINE Vector<T> cos(Vector<T> x) {
  return sine<T, 1>(x);
}

}  // namespace math
}  // namespace HWY_NAMESPACE
}  // namespace longhand
HWY_AFTER_NAMESPACE();

#endif  // LONGHAND_BACKENDS_CPU_MATH_INL_H_
