// Samples of products, reductions and movements.
#include "support/op_sample_parts.h"

namespace longhand::testing {
namespace {

using Vars = std::vector<Var>;
using Axes = std::vector<std::int64_t>;

std::string list(const Axes& axes) {
  std::string text = "{";
  for (const auto axis : axes) text += (text.size() > 1 ? ", " : "") + std::to_string(axis);
  return text + "}";
}

void add_products(std::vector<OpSample>& samples) {
  std::uint64_t salt = 3000;
  struct Sizes {
    std::int64_t rows, in, out;
  };
  for (const auto& [n, in, out] :
       {Sizes{1, 2, 2}, Sizes{5, 4, 3}, Sizes{3, 1, 2}, Sizes{0, 2, 3}}) {
    samples.push_back({"linear",
                       "",
                       {rows(filled({n, in}, ++salt)), real(filled({out, in}, ++salt)),
                        real(filled({out}, ++salt))},
                       [](const Vars& x) { return linear(x[0], x[1], x[2]); }});
  }
  for (const bool left : {false, true}) {
    for (const bool right : {false, true}) {
      const auto product = [=](const Vars& x) { return matmul(x[0], x[1], left, right); };
      for (const auto& [m, k, n] :
           {Sizes{2, 3, 4}, Sizes{4, 1, 2}, Sizes{1, 3, 1}, Sizes{2, 0, 3}}) {
        const Tensor a = filled(left ? Shape{k, m} : Shape{m, k}, ++salt);
        const Tensor b = filled(right ? Shape{n, k} : Shape{k, n}, ++salt);
        // The batch is m, or the inner extent where that comes first on both sides.
        const bool inner = left && !right;
        samples.push_back(
            {"matmul",
             std::string(left ? "left transposed " : "") + (right ? "right transposed" : ""),
             {{a, Kind::real, !left || inner}, {b, Kind::real, inner}},
             product});
      }
    }
  }
}

void add_reductions(std::vector<OpSample>& samples) {
  std::uint64_t salt = 4000;
  struct Case {
    Shape shape;
    Axes axes;
    bool batch;
  };
  const Case cases[] = {{{3, 4}, {0}, true},
                        {{3, 4}, {-1}, true},
                        {{3, 4}, {}, true},
                        {{2, 3, 4}, {1}, true},
                        {{2, 3, 4}, {2, 0}, true},
                        {{5}, {0}, false},
                        {{2, 1, 3, 2}, {-1, 1}, true},
                        {{}, {}, false}};
  using Reduce = Var (*)(Var, Axes, bool);
  const std::pair<const char*, Reduce> reductions[] = {
      {"sum", sum}, {"mean", mean}, {"reduce_max", reduce_max}};
  for (const auto& [operation, reduce] : reductions) {
    for (const auto& row : cases) {
      for (const bool keep : {false, true}) {
        samples.push_back({operation,
                           "over " + list(row.axes) + (keep ? " kept" : ""),
                           {{filled(row.shape, ++salt), Kind::real, row.batch}},
                           [=, f = reduce](const Vars& x) { return f(x[0], row.axes, keep); }});
      }
    }
  }
  samples.push_back({"sum", "of no rows", {rows(filled({0, 3}, ++salt))}, [](const Vars& x) {
                       return sum(x[0], {0});
                     }});
  for (const std::int64_t axis : {0, 1, -1}) {
    for (const bool keep : {false, true}) {
      samples.push_back({"argmax",
                         "over " + list({axis}) + (keep ? " kept" : ""),
                         {rows(filled({2, 3, 4}, ++salt))},
                         [=](const Vars& x) { return argmax(x[0], axis, keep); }});
    }
  }
  samples.push_back({"argmax",
                     "of ties: the first",
                     {real({2, 3}, {1, 2, 2, -1, -1, -1})},
                     [](const Vars& x) { return argmax(x[0]); },
                     {1, 0}});
  samples.push_back({"extent",
                     "with the batch",
                     {rows(filled({5, 2, 3}, ++salt))},
                     [](const Vars& x) {
                       return extent(x[0], {0, -1});
                     },
                     {15}});
  samples.push_back({"extent",
                     "without the batch",
                     {rows(filled({5, 2, 3}, ++salt))},
                     [](const Vars& x) {
                       return extent(x[0], {1, 2});
                     },
                     {6}});
}

void add_along_an_axis(std::vector<OpSample>& samples) {
  std::uint64_t salt = 5000;
  using Function = Var (*)(Var, std::int64_t);
  const std::pair<const char*, Function> functions[] = {
      {"softmax", softmax},
      {"log_softmax", log_softmax},
      {"logsumexp", [](Var x, std::int64_t axis) { return logsumexp(x, axis); }},
      {"logsumexp", [](Var x, std::int64_t axis) { return logsumexp(x, axis, true); }}};
  for (const auto& [operation, function] : functions) {
    for (const std::int64_t axis : {0, 1, -1}) {
      samples.push_back({operation,
                         "axis " + std::to_string(axis),
                         {rows(filled({3, 2, 4}, ++salt))},
                         [=, f = function](const Vars& x) { return f(x[0], axis); }});
    }
  }
  const auto cross_entropy = [](const Vars& x) { return softmax_cross_entropy(x[0], x[1]); };
  samples.push_back(
      {"softmax_cross_entropy",
       "targets that sum to 1, to more and to 0",
       {rows({4, 3}, {0.5, -1.25, 2.0, 1.0, 1.0, 1.0, -3.0, 0.0, 0.125, 0.25, -2.0, 1.5}),
        rows({4, 3}, {0, 0, 1, .25, .25, .5, .5, .75, .5, 0, 0, 0})},
       cross_entropy,
       {0.23262198310203266, 1.0986122886681098, 2.8036734457959995, 0}});
  samples.push_back(
      {"softmax_cross_entropy",
       "far out",
       {real({4, 3}, {1000, -1000, 0, 1000, -1000, 0, 1e30, -1e30, 0, 1e30, -1e30, 0}),
        real({4, 3}, {1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1})},
       cross_entropy,
       {0, 2000, 0, 1e30},
       false});
  samples.push_back({"softmax_cross_entropy",
                     "targets by number",
                     {rows({2, 3}, {0.5, -1.25, 2.0, 1.5, 0.25, -0.5}), index({2}, {0, 2}, true)},
                     [](const Vars& x) { return softmax_cross_entropy(x[0], one_hot(x[1], 3)); },
                     {1.7326219831020326, 2.351951863802802}});
}

void add_movements(std::vector<OpSample>& samples) {
  std::uint64_t salt = 6000;
  const auto add = [&](const char* operation, const char* variant, SampleOperand x, Build build,
                       std::vector<double> expected = {}) {
    samples.push_back({operation, variant, {std::move(x)}, std::move(build), std::move(expected)});
  };
  const auto matrix = [&] { return rows(filled({3, 4}, ++salt)); };
  const auto block = [&] { return rows(filled({2, 3, 4}, ++salt)); };
  add("reshape", "", matrix(), [](const Vars& x) {
    return reshape(x[0], {x[0].shape()[0], 2, 2});
  });
  add("reshape", "", block(), [](const Vars& x) { return reshape(x[0], {4, x[0].shape()[0], 3}); });
  add("reshape", "to a scalar", real(filled({1, 1}, ++salt)),
      [](const Vars& x) { return reshape(x[0], {}); });
  add("reshape", "", index({4}, {3, 1, 4, 1}),
      [](const Vars& x) {
        return reshape(x[0], {2, 2});
      },
      {3, 1, 4, 1});

  add("broadcast", "", rows(filled({3, 1}, 1)), [](const Vars& x) {
    return broadcast(x[0], {2, x[0].shape()[0], 4});
  });
  add("broadcast", "", real({2}, {5, 7}),
      [](const Vars& x) {
        return broadcast(x[0], {3, 2});
      },
      {5, 7, 5, 7, 5, 7});
  add("broadcast", "", real({2, 1}, {5, 7}),
      [](const Vars& x) {
        return broadcast(x[0], {2, 2, 2});
      },
      {5, 5, 7, 7, 5, 5, 7, 7});
  add("broadcast", "a scalar", real({}, {5}),
      [](const Vars& x) {
        return broadcast(x[0], {1, 2});
      },
      {5, 5});
  add("broadcast", "", index({1}, {9}), [](const Vars& x) { return broadcast(x[0], {3}); },
      {9, 9, 9});

  add("transpose", "", matrix(), [](const Vars& x) { return transpose(x[0]); });
  for (const Axes& axes : {Axes{2, 0, 1}, Axes{0, 2, 1}, Axes{-1, 0, -2}}) {
    add("transpose", "", block(), [=](const Vars& x) { return transpose(x[0], axes); });
    samples.back().variant = "by " + list(axes);
  }
  add("transpose", "", real(filled({2, 1, 3, 2}, ++salt)),
      [](const Vars& x) { return transpose(x[0]); });
  add("transpose", "", index({2, 2}, {1, 2, 3, 4}), [](const Vars& x) { return transpose(x[0]); },
      {1, 3, 2, 4});
  add("transpose", "", boolean({1, 2}, {1, 0}), [](const Vars& x) { return transpose(x[0]); },
      {1, 0});

  add("slice", "1 to 3 of axis 1", matrix(), [](const Vars& x) { return slice(x[0], 1, 1, 3); });
  add("slice", "the last of axis -2", block(), [](const Vars& x) { return slice(x[0], -2, 2, 3); });
  add("slice", "all", matrix(), [](const Vars& x) { return slice(x[0], 1, 0, 4); });
  add("slice", "nothing", matrix(), [](const Vars& x) { return slice(x[0], 1, 2, 2); });
  add("slice", "1 to 3", index({4}, {3, 1, 4, 5}),
      [](const Vars& x) { return slice(x[0], 0, 1, 3); }, {1, 4});

  add("pad", "2 and 1 on axis 1", rows({2, 2}, {1.0, 2.0, 3.0, 4.0}),
      [](const Vars& x) { return pad(x[0], 1, 2, 1); }, {0, 0, 1, 2, 0, 0, 0, 3, 4, 0});
  add("pad", "0 and 1 on axis -2", real({2, 1, 2}, {1, 2, 3, 4}),
      [](const Vars& x) { return pad(x[0], -2, 0, 1); }, {1, 2, 0, 0, 3, 4, 0, 0});
  add("pad", "1 and 0", index({2}, {5, 6}), [](const Vars& x) { return pad(x[0], 0, 1, 0); },
      {0, 5, 6});

  const auto joined = [](std::int64_t axis) {
    return [=](const Vars& x) { return concatenate(x, axis); };
  };
  samples.push_back({"concatenate",
                     "axis 1",
                     {matrix(), rows(filled({3, 1}, ++salt)), rows(filled({3, 2}, ++salt))},
                     joined(1)});
  samples.push_back(
      {"concatenate", "axis -2", {block(), rows(filled({2, 1, 4}, ++salt))}, joined(-2)});
  samples.push_back(
      {"concatenate",
       "axis 0",
       {real(filled({2}, ++salt)), real(filled({0}, ++salt)), real(filled({3}, ++salt))},
       joined(0)});
  samples.push_back({"concatenate", "one part", {matrix()}, joined(1)});
  samples.push_back(
      {"concatenate", "axis 0", {index({2}, {3, 1}), index({1}, {2})}, joined(0), {3, 1, 2}});

  const auto picked = [](const Vars& x) { return gather(x[0], x[1]); };
  samples.push_back({"gather",
                     "some twice",
                     {real(filled({4, 3}, ++salt)), index({5}, {3, 0, 3, 1, 3}, true)},
                     picked});
  samples.push_back(
      {"gather", "out of the batch", {rows(filled({4, 2}, ++salt)), index({2}, {2, 2})}, picked});
  samples.push_back({"gather", "numbers", {real(filled({3}, ++salt)), index({2}, {2, 0})}, picked});
  samples.push_back(
      {"gather", "indices", {index({3}, {7, 8, 9}), index({2}, {2, 0})}, picked, {9, 7}});
  samples.push_back(
      {"gather", "nothing", {real(filled({3, 2}, ++salt)), index({0}, {}, true)}, picked});

  const auto scattered = [](const Vars& x) { return scatter_add(x[0], x[1], 4); };
  samples.push_back({"scatter_add",
                     "some twice",
                     {index({3}, {2, 0, 2}, true), rows({3, 2}, {1, 2, 3, 4, 5, 6.5})},
                     scattered,
                     {3, 4, 0, 0, 6, 8.5, 0, 0}});
  samples.push_back({"scatter_add",
                     "numbers",
                     {index({3}, {3, 3, 3}), real({3}, {1, 2, 4})},
                     scattered,
                     {0, 0, 0, 7}});
  samples.push_back({"to_index", "numbers", {real({5}, {2, 0, 1.75, -1, 4e9})},
                     [](const Vars& x) { return to_index(x[0]); }, {2, 0, 1, -1, -1}});
  samples.push_back({"to_index", "rows", {rows({2, 2}, {3, 7, 16777215, 0})},
                     [](const Vars& x) { return to_index(x[0]); }, {3, 7, 16777215, 0}});
  add("one_hot", "some out of range", index({4}, {2, 0, 3, -1}, true),
      [](const Vars& x) { return one_hot(x[0], 3); }, {0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0});
}

}  // namespace

std::vector<OpSample> structured_samples() {
  std::vector<OpSample> samples;
  add_products(samples);
  add_reductions(samples);
  add_along_an_axis(samples);
  add_movements(samples);
  return samples;
}

std::vector<OpSample> leaf_and_random_samples() {
  std::vector<OpSample> samples;
  const auto itself = [](const Vars& x) { return x[0]; };
  const Tensor value = Tensor::from(std::vector{1.5, -2.0}, {2}, DType::f64);
  samples.push_back({"input", "", {{value, Kind::real, true, Op::input}}, itself, {1.5, -2}});
  samples.push_back({"state", "", {{value, Kind::real, false, Op::state}}, itself, {1.5, -2}});
  samples.push_back(
      {"constant", "", {{value, Kind::real, false, Op::constant}}, itself, {1.5, -2}});
  // The seed is over 32 bits long, so that both halves of the key count.
  constexpr std::uint64_t kSeed = 0x123456789abcdef;
  const std::vector<SampleOperand> counters = {index({}, {7}), index({3}, {0, 5, 1000000}, true)};
  samples.push_back({"random_uniform",
                     "",
                     counters,
                     [](const Vars& x) { return random_uniform(x[0], x[1], 2, kSeed, 3); },
                     {0.46648144721984863, 0.09108239412307739, 0.5913063287734985,
                      0.3344228267669678, 0.44645750522613525, 0.8549323678016663}});
  samples.push_back({"random_normal",
                     "",
                     counters,
                     [](const Vars& x) { return random_normal(x[0], x[1], 2, kSeed, 3); },
                     {-0.4489418457222332, 0.3369290007086778, -0.6140321716998839,
                      0.16788301311088796, 0.32173651941463877, 1.9119046921278402}});
  return samples;
}

}  // namespace longhand::testing
