// The last steps of an ensemble: what its members give, and their mean.
#include <fmt/format.h>

#include "explain/algebra.h"
#include "explain/notation.h"
#include "explain/numbers.h"
#include "explain/render.h"
#include "ir/evaluate.h"
#include "longhand/explain.h"

namespace longhand {
namespace {

class Ensemble {
 public:
  Ensemble(Derivation& derivation, const Graph& graph, const std::map<std::string, Tensor>& values, int digits)
      : derivation_(derivation), graph_(graph), digits_(digits) {
    Inputs<double> inputs;
    for (const auto& [name, tensor] : values) inputs[name] = to_array<double>(tensor);
    values_ = evaluate<double>(graph, inputs);
  }

  void add(std::int64_t shown) {
    for (std::size_t id = 0; id < graph_.size(); ++id) {
      const auto& role = graph_.nodes()[id].label.role;
      if (role == "member") add_member(static_cast<NodeId>(id), shown);
      else if (role == "y_hat_mean") add_mean(static_cast<NodeId>(id));
    }
    const auto prediction = graph_.find_output("prediction");
    if (graph_.node(prediction).label.role != "y_hat_mean") add_prediction(prediction);
  }

 private:
  // As the derivation shows y_hat.
  Tensor presented(NodeId id) const {
    auto tensor = to_tensor(values_[static_cast<std::size_t>(id)]).cast(DType::f64);
    auto shape = tensor.shape();
    if (shape[1] == 1) shape = shape.without_axis(1);
    if (!derivation_.is_batch && shape[0] == 1) shape = shape.without_axis(0);
    return tensor.reshaped(shape);
  }

  DerivationStep& add_step(const std::string& id, NodeId node, const std::string& title) {
    auto& step = derivation_.steps.emplace_back();
    step.id = id;
    step.pass = "ensemble";
    step.title = title;
    step.value = presented(node);
    shown_[id] = step.value;
    return step;
  }

  void add_member(NodeId node, std::int64_t shown) {
    const auto number = ++members_;
    const auto id = fmt::format("y_hat_{}", number);
    auto& step = add_step(id, node, fmt::format("output of member {}", number));
    step.layer = graph_.node(node).label.layer;
    const bool is_rate = graph_.node(node).op == Op::exp && number == shown;
    const auto words = number == shown ? std::string("as worked out above") : fmt::format("the same with the parameters of member {}", number);
    step.formula = fmt::format("{} = {}{}", unicode_symbol(id), is_rate ? "e^" + unicode_symbol("y_hat") + ", " : number == shown ? unicode_symbol("y_hat") + ", " : "", words);
    step.latex = fmt::format("{} = {}\\text{{{}}}", latex_symbol(id),
                             is_rate ? "e^{" + latex_symbol("y_hat") + "},\\; " : number == shown ? latex_symbol("y_hat") + ",\\; " : "", words);
    step.substituted = display(step.value, digits_);
    if (number == shown) step.uses = {"y_hat"};
    else if (number == (shown == 1 ? 2 : 1)) step.note = fmt::format("--member {} works that member's own chain out.", number);
  }

  Expression name(const std::string& id) const {
    return {.kind = Expression::Kind::name, .text = id, .is_scalar = shown_.at(id).count() == 1};
  }

  void write(DerivationStep& step, Expression expression) {
    step.formula = unicode_symbol(step.id) + " = " + render_text(expression);
    step.latex = latex_symbol(step.id) + " = " + render_latex(expression);
    step.substituted = render_numbers(expression, shown_, digits_);
    step.uses = names_in(expression);
    step.expression = std::make_shared<const Expression>(std::move(expression));
  }

  void add_mean(NodeId node) {
    auto& step = add_step("y_hat_mean", node, "prediction of the ensemble: the mean of its members");
    constexpr std::int64_t kMostTerms = 8;
    if (members_ > kMostTerms) {
      const auto last = fmt::format("y_hat_{}", members_);
      step.formula = fmt::format("{} = ({} + … + {}) / {}", unicode_symbol(step.id), unicode_symbol("y_hat_1"), unicode_symbol(last), members_);
      step.latex = fmt::format("{} = \\frac{{{} + \\dots + {}}}{{{}}}", latex_symbol(step.id), latex_symbol("y_hat_1"), latex_symbol(last), members_);
      step.substituted = display(step.value, digits_);
      for (std::int64_t i = 1; i <= members_; ++i) step.uses.push_back(fmt::format("y_hat_{}", i));
      return;
    }
    auto sum = name("y_hat_1");
    for (std::int64_t i = 2; i <= members_; ++i) sum = added(std::move(sum), name(fmt::format("y_hat_{}", i)));
    write(step, divided(std::move(sum), number(static_cast<double>(members_))));
  }

  // mean * scale + mean of the target.
  void add_prediction(NodeId node) {
    const auto constant = [&](NodeId id) { return graph_.node(id).attributes.value.item(); };
    const auto& sum = graph_.node(node);
    const auto& product = graph_.node(sum.inputs[0]);
    auto& step = add_step("prediction_mean", node, "prediction in the target's own units");
    write(step, added(multiplied(number(constant(product.inputs[1])), name("y_hat_mean")), number(constant(sum.inputs[1]))));
  }

  Derivation& derivation_;
  const Graph& graph_;
  const int digits_;
  std::vector<Array<double>> values_;
  std::map<std::string, Tensor> shown_;
  std::int64_t members_ = 0;
};

}  // namespace

void add_ensemble(Derivation& derivation, const Graph& prediction, const std::map<std::string, Tensor>& values,
                  std::int64_t member, int digits) {
  Ensemble(derivation, prediction, values, digits).add(member);
}

}  // namespace longhand
