// Samples of what works entry by entry. The values of ordinary ones are away from kinks; what
// happens at a kink is in tests/goldens/ops.json.
#include "support/op_sample_parts.h"

namespace longhand::testing {
namespace {

struct Unary {
  const char* operation;
  const char* variant;
  double low, high;
  Var (*build)(Var);
};

const Unary kUnary[] = {
    {"negate", "", -2, 2, [](Var x) { return -x; }},
    {"exp", "", -2, 2, [](Var x) { return exp(x); }},
    {"log", "", 0.2, 3, [](Var x) { return log(x); }},
    {"log1p", "", -0.8, 2, [](Var x) { return log1p(x); }},
    {"expm1", "", -2, 2, [](Var x) { return expm1(x); }},
    {"sqrt", "", 0.2, 3, [](Var x) { return sqrt(x); }},
    {"abs", "", -2, 2, [](Var x) { return abs(x); }},
    {"erf", "", -2, 2, [](Var x) { return erf(x); }},
    {"sin", "", -4, 4, [](Var x) { return sin(x); }},
    {"cos", "", -4, 4, [](Var x) { return cos(x); }},
    {"relu", "", -2, 2, [](Var x) { return relu(x); }},
    {"sigmoid", "", -4, 4, [](Var x) { return sigmoid(x); }},
    {"tanh", "", -2, 2, [](Var x) { return tanh(x); }},
    {"leaky_relu", "", -2, 2, [](Var x) { return leaky_relu(x); }},
    {"leaky_relu", "slope 0.3", -2, 2, [](Var x) { return leaky_relu(x, 0.3); }},
    {"elu", "", -2, 2, [](Var x) { return elu(x); }},
    {"elu", "alpha 0.6", -2, 2, [](Var x) { return elu(x, 0.6); }},
    {"gelu", "", -3, 3, [](Var x) { return gelu(x); }},
    {"gelu_tanh", "", -3, 3, [](Var x) { return gelu_tanh(x); }},
    {"silu", "", -4, 4, [](Var x) { return silu(x); }},
    {"softplus", "", -4, 4, [](Var x) { return softplus(x); }},
    {"hard_sigmoid", "", -5, 5, [](Var x) { return hard_sigmoid(x); }},
    {"hard_tanh", "", -2, 2, [](Var x) { return hard_tanh(x); }},
};

struct Binary {
  const char* operation;
  double left_low, right_low;
  Var (*build)(Var, Var);
};

const Binary kBinary[] = {
    {"add", -2, -2, [](Var a, Var b) { return a + b; }},
    {"subtract", -2, -2, [](Var a, Var b) { return a - b; }},
    {"multiply", -2, -2, [](Var a, Var b) { return a * b; }},
    {"divide", -2, 0.5, [](Var a, Var b) { return a / b; }},
    {"power", 0.3, -2, [](Var a, Var b) { return power(a, b); }},
    {"minimum", -2, -2, [](Var a, Var b) { return minimum(a, b); }},
    {"maximum", -2, -2, [](Var a, Var b) { return maximum(a, b); }},
    {"sigmoid_cross_entropy", -2, 0, [](Var z, Var y) { return sigmoid_cross_entropy(z, y); }},
};

const Binary kComparisons[] = {
    {"equal", 0, 0, [](Var a, Var b) { return equal(a, b); }},
    {"not_equal", 0, 0, [](Var a, Var b) { return not_equal(a, b); }},
    {"less", 0, 0, [](Var a, Var b) { return less(a, b); }},
    {"less_equal", 0, 0, [](Var a, Var b) { return less_equal(a, b); }},
    {"greater", 0, 0, [](Var a, Var b) { return greater(a, b); }},
    {"greater_equal", 0, 0, [](Var a, Var b) { return greater_equal(a, b); }},
};

struct Pair {
  Shape left, right;
  bool left_batch, right_batch;
};

const Pair kPairs[] = {
    {{3, 4}, {3, 4}, true, true},       {{3, 4}, {4}, true, false},
    {{4}, {3, 4}, false, true},         {{3, 1}, {1, 4}, true, false},
    {{}, {3, 4}, false, true},          {{3, 4}, {}, true, false},
    {{2, 3, 4}, {3, 1}, true, false},   {{3, 1, 2}, {5, 1}, true, false},
    {{2, 1, 3}, {2, 4, 3}, true, true}, {{}, {}, false, false},
    {{0, 3}, {3}, true, false},
};

void add_unary(std::vector<OpSample>& samples) {
  std::uint64_t salt = 0;
  for (const auto& row : kUnary) {
    const auto build = [f = row.build](const std::vector<Var>& x) { return f(x[0]); };
    for (const auto& shape : {Shape{}, Shape{4, 3}, Shape{2, 3, 2}, Shape{0, 3}}) {
      const Tensor values = filled(shape, ++salt, row.low, row.high);
      const bool batch = shape.rank() == 2;
      samples.push_back({row.operation, row.variant, {{values, Kind::real, batch}}, build});
    }
  }
}

void add_binary(std::vector<OpSample>& samples) {
  std::uint64_t salt = 1000;
  for (const auto& row : kBinary) {
    const auto build = [f = row.build](const std::vector<Var>& x) { return f(x[0], x[1]); };
    for (const auto& pair : kPairs) {
      const Tensor left = filled(pair.left, ++salt, row.left_low, 2);
      const Tensor right = filled(pair.right, ++salt, row.right_low, 2);
      samples.push_back(
          {row.operation,
           "",
           {{left, Kind::real, pair.left_batch}, {right, Kind::real, pair.right_batch}},
           build});
    }
  }
  const auto cross_entropy = [](const std::vector<Var>& x) {
    return sigmoid_cross_entropy(x[0], x[1]);
  };
  samples.push_back({"sigmoid_cross_entropy",
                     "a label for all",
                     {rows({3}, {-1.5, 0.5, 2.0}), real({}, {0.25})},
                     cross_entropy,
                     {0.5764132779827524, 0.8490769841801067, 1.6269280110429725}});
  samples.push_back({"sigmoid_cross_entropy",
                     "far out",
                     {real({8}, {-2.5, -0.0, 0.75, 30, -1000, 1000, 1e30, -1e30}),
                      real({8}, {1, 0.5, 0, 1, 0, 1, 1, 0})},
                     cross_entropy,
                     {2.5788897342925496, 0.6931471805599453, 1.1368710061148999,
                      9.357622968839737e-14, 0, 0, 0, 0},
                     false});
  samples.push_back(
      {"power", "squared", {rows(filled({3, 2}, ++salt))}, [](const std::vector<Var>& x) {
         return power(x[0], x[0].graph->constant(2.0));
       }});
}

void add_choices(std::vector<OpSample>& samples) {
  for (const auto& row : kComparisons) {
    const auto build = [f = row.build](const std::vector<Var>& x) { return f(x[0], x[1]); };
    const SampleOperand left = rows({3, 2}, {0.0, 1.0, -2.5, 7.0, -0.0, 3.0});
    samples.push_back({row.operation, "", {left, real({2}, {0, 3})}, build});
    samples.push_back({row.operation, "", {left, real({3, 1}, {0, -2.5, 3})}, build});
    samples.back().operands[1].batch = true;
    samples.push_back({row.operation, "", {left, real({}, {0})}, build});
  }
  const auto choose = [](const std::vector<Var>& x) { return where(x[0], x[1], x[2]); };
  const SampleOperand mask = boolean({3, 4}, {1, 0, 0, 1, 1, 1, 0, 1, 0, 0, 1, 0}, true);
  const SampleOperand row_mask = boolean({4}, {0, 1, 1, 0});
  samples.push_back(
      {"where", "", {mask, rows(filled({3, 4}, 2001)), rows(filled({3, 4}, 2002))}, choose});
  samples.push_back(
      {"where", "", {mask, rows(filled({3, 1}, 2003)), real(filled({}, 2004))}, choose});
  samples.push_back(
      {"where", "", {row_mask, rows(filled({3, 1}, 2005)), real(filled({4}, 2006))}, choose});
  samples.push_back(
      {"where", "", {row_mask, real(filled({}, 2007)), rows(filled({2, 3, 4}, 2008))}, choose});

  samples.push_back({"to_real",
                     "",
                     {index({3}, {0, -7, 2000000000}, true)},
                     [](const std::vector<Var>& x) { return to_real(x[0]); },
                     {0, -7, 2e9}});
  samples.push_back({"to_real",
                     "",
                     {boolean({2, 2}, {1, 0, 0, 1}, true)},
                     [](const std::vector<Var>& x) { return to_real(x[0]); },
                     {1, 0, 0, 1}});
  samples.push_back({"stop_gradient",
                     "",
                     {real({2, 2}, {1, -2, 0.5, 4})},
                     [](const std::vector<Var>& x) { return stop_gradient(x[0]); },
                     {1, -2, 0.5, 4}});
}

}  // namespace

std::vector<OpSample> elementwise_samples() {
  std::vector<OpSample> samples;
  add_unary(samples);
  add_binary(samples);
  add_choices(samples);
  return samples;
}

std::vector<BadSample> bad_elementwise_samples() {
  const auto on = [](Kind kind, Shape shape) { return Type{kind, shape}; };
  std::vector<BadSample> bad;
  for (const auto& row : kUnary) {
    const auto build = [f = row.build](const std::vector<Var>& x) { return f(x[0]); };
    bad.push_back({row.operation, {on(Kind::index, {3, 2})}, build});
    bad.push_back({row.operation, {on(Kind::boolean, {Shape::kBatch})}, build});
  }
  const auto two_operands = [&](const Binary& row) {
    const auto build = [f = row.build](const std::vector<Var>& x) { return f(x[0], x[1]); };
    const auto real = [&](Shape shape) { return on(Kind::real, shape); };
    bad.push_back({row.operation, {real({2, 3}), real({2, 4})}, build});
    bad.push_back({row.operation, {real({2, 3}), real({2})}, build});
    bad.push_back({row.operation, {real({Shape::kBatch, 3}), real({5, 3})}, build});
    bad.push_back({row.operation, {on(Kind::index, {2}), real({2})}, build});
    bad.push_back({row.operation, {real({2}), on(Kind::boolean, {2})}, build});
  };
  for (const auto& row : kBinary) two_operands(row);
  for (const auto& row : kComparisons) two_operands(row);

  const auto choose = [](const std::vector<Var>& x) { return where(x[0], x[1], x[2]); };
  bad.push_back({"where", {on(Kind::real, {2}), on(Kind::real, {2}), on(Kind::real, {2})}, choose});
  bad.push_back(
      {"where", {on(Kind::boolean, {2}), on(Kind::index, {2}), on(Kind::real, {2})}, choose});
  bad.push_back(
      {"where", {on(Kind::boolean, {2}), on(Kind::real, {2}), on(Kind::index, {2})}, choose});
  bad.push_back(
      {"where", {on(Kind::boolean, {2}), on(Kind::real, {3}), on(Kind::real, {1})}, choose});
  bad.push_back(
      {"where", {on(Kind::boolean, {1}), on(Kind::real, {3}), on(Kind::real, {4})}, choose});
  bad.push_back({"stop_gradient", {on(Kind::index, {3})}, [](const std::vector<Var>& x) {
                   return stop_gradient(x[0]);
                 }});

  // A neutral constant is dropped only where the other operand would have done.
  bad.push_back(
      {"add", {on(Kind::index, {3})}, [](const std::vector<Var>& x) { return x[0] + 0.0; }});
  bad.push_back(
      {"subtract", {on(Kind::index, {3})}, [](const std::vector<Var>& x) { return x[0] - 0.0; }});
  bad.push_back(
      {"multiply", {on(Kind::boolean, {3})}, [](const std::vector<Var>& x) { return 1.0 * x[0]; }});
  bad.push_back(
      {"divide", {on(Kind::boolean, {3})}, [](const std::vector<Var>& x) { return x[0] / 1.0; }});
  bad.push_back({"power", {on(Kind::index, {3})}, [](const std::vector<Var>& x) {
                   return power(x[0], x[0].graph->constant(1.0));
                 }});
  return bad;
}

}  // namespace longhand::testing
