// Operands that products, reductions and movements refuse.
#include "support/op_sample_parts.h"

namespace longhand::testing {
namespace {

using Vars = std::vector<Var>;
constexpr auto kBatch = Shape::kBatch;

Type real(Shape shape) { return {Kind::real, shape}; }
Type index(Shape shape) { return {Kind::index, shape}; }

// One node added as a reader of files would add it, past the functions that put attributes right.
Build raw(Op op, Attributes attributes) {
  return [=](const Vars& x) {
    std::vector<NodeId> ids;
    for (const auto& var : x) ids.push_back(var.id);
    return x[0].graph->add(op, ids, attributes);
  };
}

Attributes with_axes(std::vector<std::int64_t> axes) {
  Attributes attributes;
  attributes.axes = std::move(axes);
  return attributes;
}

Attributes with_range(std::int64_t axis, std::int64_t start, std::int64_t stop) {
  Attributes attributes;
  attributes.axis = axis;
  attributes.start = start;
  attributes.stop = stop;
  return attributes;
}

Attributes with_count(std::int64_t count) {
  Attributes attributes;
  attributes.count = count;
  return attributes;
}

void add_products(std::vector<BadSample>& bad) {
  const auto dense = [](const Vars& x) { return linear(x[0], x[1], x[2]); };
  for (const auto& types : {std::vector{real({5, 4}), real({3, 2}), real({3})},
                            std::vector{real({5, 4}), real({3, 4}), real({4})},
                            std::vector{real({4}), real({3, 4}), real({3})},
                            std::vector{real({5, 4}), real({4}), real({3})},
                            std::vector{real({5, 4}), real({3, 4}), real({1, 3})},
                            std::vector{real({kBatch, kBatch}), real({3, 4}), real({3})},
                            std::vector{index({5, 4}), real({3, 4}), real({3})},
                            std::vector{real({5, 4}), index({3, 4}), real({3})},
                            std::vector{real({5, 4}), real({3, 4}), index({3})}}) {
    bad.push_back({"linear", types, dense});
  }
  for (const bool left : {false, true}) {
    for (const bool right : {false, true}) {
      const auto product = [=](const Vars& x) { return matmul(x[0], x[1], left, right); };
      bad.push_back({"matmul", {real({2, 3}), real({4, 5})}, product});
      bad.push_back({"matmul", {real({3}), real({3, 3})}, product});
      bad.push_back({"matmul", {real({3, 3}), real({3})}, product});
      bad.push_back({"matmul", {index({3, 3}), real({3, 3})}, product});
      bad.push_back({"matmul", {real({3, 3}), index({3, 3})}, product});
    }
  }
  const auto cross_entropy = [](const Vars& x) { return softmax_cross_entropy(x[0], x[1]); };
  bad.push_back({"softmax_cross_entropy", {real({2, 3}), real({2, 4})}, cross_entropy});
  bad.push_back({"softmax_cross_entropy", {real({2, 3}), real({kBatch, 3})}, cross_entropy});
  bad.push_back({"softmax_cross_entropy", {real({3}), real({3})}, cross_entropy});
  bad.push_back({"softmax_cross_entropy", {index({2, 3}), real({2, 3})}, cross_entropy});
  bad.push_back({"softmax_cross_entropy", {real({2, 3}), index({2, 3})}, cross_entropy});
}

void add_reductions(std::vector<BadSample>& bad) {
  using Reduce = Var (*)(Var, std::vector<std::int64_t>, bool);
  const std::pair<const char*, Reduce> reductions[] = {
      {"sum", sum}, {"mean", mean}, {"reduce_max", reduce_max}};
  for (const auto& [operation, reduce] : reductions) {
    const auto over = [f = reduce](std::vector<std::int64_t> axes) {
      return [=](const Vars& x) { return f(x[0], axes, false); };
    };
    bad.push_back({operation, {real({2, 3})}, over({2})});
    bad.push_back({operation, {real({2, 3})}, over({-3})});
    bad.push_back({operation, {real({2, 3})}, over({0, -2})});
    bad.push_back({operation, {real({})}, over({0})});
    bad.push_back({operation, {index({2, 3})}, over({0})});
  }
  bad.push_back({"argmax", {real({2, 3})}, [](const Vars& x) { return argmax(x[0], 2); }});
  bad.push_back({"argmax", {index({2, 3})}, [](const Vars& x) { return argmax(x[0], 1); }});
  bad.push_back({"argmax", {real({2, 3})}, raw(Op::argmax, with_axes({0, 1}))});
  bad.push_back({"extent", {real({2, 3})}, [](const Vars& x) { return extent(x[0], {2}); }});
  for (const auto op : {Op::sum, Op::reduce_max, Op::argmax, Op::extent}) {
    const std::string operation = op == Op::sum          ? "sum"
                                  : op == Op::reduce_max ? "reduce_max"
                                  : op == Op::argmax     ? "argmax"
                                                         : "extent";
    for (const auto& axes : {std::vector<std::int64_t>{-1}, {2}, {7}, {1, 0}, {1, 1}, {}}) {
      bad.push_back({operation, {real({2, 3})}, raw(op, with_axes(axes))});
    }
  }
  const std::pair<const char*, Var (*)(Var, std::int64_t)> along[] = {
      {"softmax", softmax},
      {"log_softmax", log_softmax},
      {"logsumexp", [](Var x, std::int64_t axis) { return logsumexp(x, axis); }}};
  for (const auto& [operation, function] : along) {
    for (const std::int64_t axis : {2, -3}) {
      bad.push_back(
          {operation, {real({2, 3})}, [=, f = function](const Vars& x) { return f(x[0], axis); }});
    }
    bad.push_back(
        {operation, {index({2, 3})}, [f = function](const Vars& x) { return f(x[0], 1); }});
    bad.push_back({operation, {real({})}, [f = function](const Vars& x) { return f(x[0], -1); }});
  }
}

void add_movements(std::vector<BadSample>& bad) {
  const auto shaped = [](Shape shape) {
    return [=](const Vars& x) { return reshape(x[0], shape); };
  };
  bad.push_back({"reshape", {real({2, 3})}, shaped({4})});
  bad.push_back({"reshape", {real({kBatch, 3})}, shaped({6})});
  bad.push_back({"reshape", {real({kBatch, 3})}, shaped({kBatch, 4})});
  bad.push_back({"reshape", {real({kBatch, 1})}, shaped({kBatch, kBatch})});

  const auto stretched = [](Shape shape) {
    return [=](const Vars& x) { return broadcast(x[0], shape); };
  };
  bad.push_back({"broadcast", {real({2, 3})}, stretched({3})});
  bad.push_back({"broadcast", {real({2, 3})}, stretched({4, 3})});
  bad.push_back({"broadcast", {real({kBatch, 3})}, stretched({5, 3})});
  const auto summed = [](Shape shape) {
    return [=](const Vars& x) { return sum_to(x[0], shape); };
  };
  bad.push_back({"sum_to", {real({2, 3})}, summed({2})});
  bad.push_back({"sum_to", {real({3})}, summed({2, 3})});

  const auto permuted = [](std::vector<std::int64_t> axes) {
    return [=](const Vars& x) { return transpose(x[0], axes); };
  };
  for (const auto& axes : {std::vector<std::int64_t>{0}, {0, 0}, {0, 2}, {0, -2}, {0, 1, 2}}) {
    bad.push_back({"transpose", {real({2, 3})}, permuted(axes)});
  }
  bad.push_back({"transpose", {real({2, 3})}, raw(Op::transpose, with_axes({-1, 0}))});

  const auto cut = [](std::int64_t axis, std::int64_t start, std::int64_t stop) {
    return [=](const Vars& x) { return slice(x[0], axis, start, stop); };
  };
  bad.push_back({"slice", {real({2, 3})}, cut(2, 0, 1)});
  bad.push_back({"slice", {real({2, 3})}, cut(1, -1, 2)});
  bad.push_back({"slice", {real({2, 3})}, cut(1, 2, 1)});
  bad.push_back({"slice", {real({2, 3})}, cut(1, 0, 4)});
  bad.push_back({"slice", {real({kBatch, 3})}, cut(0, 0, 1)});
  bad.push_back({"slice", {real({2, 3})}, raw(Op::slice, with_range(2, 0, 0))});
  bad.push_back({"slice", {real({2, 3})}, raw(Op::slice, with_range(-1, 0, 0))});

  const auto padded = [](std::int64_t axis, std::int64_t before, std::int64_t after) {
    return [=](const Vars& x) { return pad(x[0], axis, before, after); };
  };
  bad.push_back({"pad", {real({2, 3})}, padded(-3, 0, 1)});
  bad.push_back({"pad", {real({2, 3})}, padded(1, -1, 0)});
  bad.push_back({"pad", {real({2, 3})}, padded(1, 0, -1)});
  bad.push_back({"pad", {real({kBatch, 3})}, padded(0, 1, 0)});
  bad.push_back({"pad", {real({2, 3})}, raw(Op::pad, with_range(2, 0, 0))});

  const auto joined = [](std::int64_t axis) {
    return [=](const Vars& x) { return concatenate(x, axis); };
  };
  bad.push_back({"concatenate", {real({2, 3}), real({2, 3})}, joined(2)});
  bad.push_back({"concatenate", {real({2, 3}), real({1, 3})}, joined(1)});
  bad.push_back({"concatenate", {real({2, 3}), real({3})}, joined(1)});
  bad.push_back({"concatenate", {real({2, 3}), index({2, 3})}, joined(1)});
  bad.push_back({"concatenate", {real({kBatch, 3}), real({kBatch, 3})}, joined(0)});
  bad.push_back(
      {"concatenate", {real({2, 3}), real({2, 3})}, raw(Op::concatenate, with_range(-1, 0, 0))});

  const auto picked = [](const Vars& x) { return gather(x[0], x[1]); };
  bad.push_back({"gather", {real({4, 3}), real({2})}, picked});
  bad.push_back({"gather", {real({4, 3}), index({2, 1})}, picked});
  bad.push_back({"gather", {real({}), index({2})}, picked});
  const auto scattered = [](std::int64_t count) {
    return [=](const Vars& x) { return scatter_add(x[0], x[1], count); };
  };
  bad.push_back({"scatter_add", {real({2}), real({2, 3})}, scattered(4)});
  bad.push_back({"scatter_add", {index({2}), real({3, 2})}, scattered(4)});
  bad.push_back({"scatter_add", {index({2}), real({})}, scattered(4)});
  bad.push_back({"scatter_add", {index({2, 1}), real({2, 1})}, scattered(4)});
  bad.push_back({"scatter_add", {index({2}), index({2, 3})}, scattered(4)});
  bad.push_back({"scatter_add", {index({2}), real({2, 3})}, scattered(-5)});
  bad.push_back({"to_index", {index({2})}, [](const Vars& x) { return to_index(x[0]); }});
  const auto encoded = [](std::int64_t classes) {
    return [=](const Vars& x) { return one_hot(x[0], classes); };
  };
  bad.push_back({"one_hot", {real({2})}, encoded(3)});
  bad.push_back({"one_hot", {index({2, 1})}, encoded(3)});
  bad.push_back({"one_hot", {index({2})}, encoded(-1)});
  bad.push_back({"one_hot", {index({2})}, encoded(-5)});
}

void add_random(std::vector<BadSample>& bad) {
  const std::pair<const char*, Var (*)(Var, Var, std::int64_t, std::uint64_t, std::uint64_t)>
      draws[] = {{"random_uniform", random_uniform}, {"random_normal", random_normal}};
  for (const auto& [operation, draw] : draws) {
    const auto columns = [f = draw](std::int64_t count) {
      return [=](const Vars& x) { return f(x[0], x[1], count, 1, 2); };
    };
    bad.push_back({operation, {real({}), index({2})}, columns(3)});
    bad.push_back({operation, {index({}), real({2})}, columns(3)});
    bad.push_back({operation, {index({1}), index({2})}, columns(3)});
    bad.push_back({operation, {index({}), index({2, 1})}, columns(3)});
    bad.push_back({operation, {index({}), index({2})}, columns(-1)});
  }
}

void add_operand_counts(std::vector<BadSample>& bad) {
  bad.push_back({"exp", {real({2}), real({2})}, raw(Op::exp, {})});
  bad.push_back({"add", {real({2})}, raw(Op::add, {})});
  bad.push_back({"where", {real({2}), real({2})}, raw(Op::where, {})});
  bad.push_back({"one_hot", {index({2}), index({2})}, raw(Op::one_hot, with_count(3))});
}

}  // namespace

std::vector<BadSample> bad_structured_samples() {
  std::vector<BadSample> bad;
  add_products(bad);
  add_reductions(bad);
  add_movements(bad);
  add_random(bad);
  add_operand_counts(bad);
  return bad;
}

}  // namespace longhand::testing
