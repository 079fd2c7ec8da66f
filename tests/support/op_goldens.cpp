#include "support/op_goldens.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "ir/op_table.h"

namespace longhand::testing {
namespace {

using nlohmann::json;
using Vars = std::vector<Var>;
using Integers = std::vector<std::int64_t>;

// The operations that take operands alone.
std::optional<Op> plain_op(const std::string& name) {
  for (int i = 0; i < kOpCount; ++i) {
    const auto op = static_cast<Op>(i);
    const auto op_class = info(op).op_class;
    const bool plain = op_class == OpClass::unary || op_class == OpClass::binary ||
                       op_class == OpClass::comparison || op == Op::linear || op == Op::where;
    if (plain && info(op).name == name) return op;
  }
  return std::nullopt;
}

Build plain(Op op) {
  return [=](const Vars& x) {
    std::vector<NodeId> ids;
    for (const auto& var : x) ids.push_back(var.id);
    return x[0].graph->add(op, ids);
  };
}

// The golden's name of an operation and its attributes as what builds it.
Build builder(const std::string& op, const json& a, const Shape& output) {
  const auto integers = [&](const char* key) { return a.at(key).get<Integers>(); };
  if (const auto found = plain_op(op)) return plain(*found);
  if (op == "matmul") {
    return [left = a["transpose_left"].get<bool>(), right = a["transpose_right"].get<bool>()](
               const Vars& x) { return matmul(x[0], x[1], left, right); };
  }
  if (op == "silu") return [](const Vars& x) { return silu(x[0]); };
  if (op == "softplus") return [](const Vars& x) { return softplus(x[0]); };
  if (op == "hard_sigmoid") return [](const Vars& x) { return hard_sigmoid(x[0]); };
  if (op == "hard_tanh") return [](const Vars& x) { return hard_tanh(x[0]); };
  if (op == "gelu" && a["approximate"] == "tanh")
    return [](const Vars& x) { return gelu_tanh(x[0]); };
  if (op == "gelu") return [](const Vars& x) { return gelu(x[0]); };
  if (op == "leaky_relu") {
    return [slope = a["negative_slope"].get<double>()](const Vars& x) {
      return leaky_relu(x[0], slope);
    };
  }
  if (op == "elu") {
    return [alpha = a["alpha"].get<double>()](const Vars& x) { return elu(x[0], alpha); };
  }
  if (op == "sum" || op == "mean" || op == "max") {
    using Reduce = Var (*)(Var, Integers, bool);
    const Reduce reduce = op == "sum"    ? Reduce(sum)
                          : op == "mean" ? Reduce(mean)
                                         : Reduce(reduce_max);
    return [=, axes = integers("axes"), keep = a["keep_dims"].get<bool>()](const Vars& x) {
      return reduce(x[0], axes, keep);
    };
  }
  if (op == "argmax") {
    return [axis = integers("axes")[0], keep = a["keep_dims"].get<bool>()](const Vars& x) {
      return argmax(x[0], axis, keep);
    };
  }
  if (op == "logsumexp") {
    return [axis = a["axis"].get<std::int64_t>(), keep = a["keep_dims"].get<bool>()](
               const Vars& x) { return logsumexp(x[0], axis, keep); };
  }
  if (op == "softmax" || op == "log_softmax") {
    return [axis = a["axis"].get<std::int64_t>(),
            f = op == "softmax" ? softmax : log_softmax](const Vars& x) { return f(x[0], axis); };
  }
  if (op == "reshape") {
    return [shape = Shape(integers("shape"))](const Vars& x) { return reshape(x[0], shape); };
  }
  if (op == "transpose") {
    return [order = integers("permutation")](const Vars& x) { return transpose(x[0], order); };
  }
  if (op == "slice") {
    return [axis = a["axis"].get<std::int64_t>(), start = a["start"].get<std::int64_t>(),
            stop = a["stop"].get<std::int64_t>()](const Vars& x) {
      return slice(x[0], axis, start, stop);
    };
  }
  if (op == "concatenate") {
    return [axis = a["axis"].get<std::int64_t>()](const Vars& x) { return concatenate(x, axis); };
  }
  if (op == "gather") {
    // PyTorch indexes with any shape; here an index is a vector.
    return [=](const Vars& x) {
      return reshape(gather(x[0], reshape(x[1], {x[1].shape().count()})), output);
    };
  }
  if (op == "one_hot") {
    return [classes = a["classes"].get<std::int64_t>()](const Vars& x) {
      return one_hot(x[0], classes);
    };
  }
  throw std::runtime_error("ops.json has an operation unknown here: " + op);
}

Kind kind_of(const std::string& op, std::size_t operand) {
  if (op == "where" && operand == 0) return Kind::boolean;
  if ((op == "gather" && operand == 1) || op == "one_hot") return Kind::index;
  return Kind::real;
}

OpGolden read(const json& row) {
  OpGolden golden;
  auto& sample = golden.sample;
  const auto op = row["op"].get<std::string>();
  sample.operation = op == "max" ? "reduce_max" : op;
  sample.variant =
      row["attributes"].empty() ? "of ops.json" : row["attributes"].dump() + " of ops.json";
  for (const auto& input : row["inputs"]) {
    const auto kind = kind_of(op, sample.operands.size());
    sample.operands.push_back({Tensor::from(input["values"].get<std::vector<double>>(),
                                            Shape(input["shape"].get<Integers>()),
                                            kind == Kind::index ? DType::i32 : DType::f64),
                               kind});
  }
  sample.expected = row["output"]["values"].get<std::vector<double>>();
  golden.shape = Shape(row["output"]["shape"].get<Integers>());
  sample.build = builder(op, row["attributes"], golden.shape);
  sample.differences = false;  // many are at kinks
  if (!row["cotangent"].is_null()) golden.cotangent = row["cotangent"].get<std::vector<double>>();
  for (const auto& gradient : row["gradients"]) {
    if (gradient.is_null())
      golden.gradients.emplace_back();
    else
      golden.gradients.emplace_back(gradient.get<std::vector<double>>());
  }
  return golden;
}

}  // namespace

const std::vector<OpGolden>& op_goldens() {
  static const auto kGoldens = [] {
    std::ifstream file(LONGHAND_SOURCE_DIR "/tests/goldens/ops.json");
    std::vector<OpGolden> goldens;
    const auto document = json::parse(file);
    for (const auto& row : document.at("cases")) goldens.push_back(read(row));
    return goldens;
  }();
  return kGoldens;
}

}  // namespace longhand::testing
