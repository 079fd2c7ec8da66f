// The last steps where the step's own output is not what the model predicts: its members, and their mean.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "explain/algebra.h"
#include "explain/notation.h"
#include "explain/numbers.h"
#include "explain/render.h"
#include "ir/evaluate.h"
#include "longhand/explain.h"

namespace longhand {
namespace {

class Prediction {
 public:
  Prediction(Derivation& derivation, const Graph& graph, const std::map<std::string, Tensor>& values, const PredictionOptions& options)
      : derivation_(derivation), graph_(graph), options_(options) {
    Inputs<double> inputs;
    for (const auto& [name, tensor] : values) inputs[name] = to_array<double>(tensor);
    values_ = evaluate<double>(graph, inputs);
  }

  void add() {
    is_ensemble_ = with_role("y_hat_mean") != kNoNode;
    for (std::size_t id = 0; id < graph_.size(); ++id) {
      const auto& role = graph_.nodes()[id].label.role;
      if (role == "member" && is_ensemble_) add_member(static_cast<NodeId>(id));
      else if (role == "member") add_output(static_cast<NodeId>(id));
      else if (role == "y_hat_mean") add_mean(static_cast<NodeId>(id));
    }
    const auto prediction = graph_.find_output("prediction");
    const auto& role = graph_.node(prediction).label.role;
    if (role != "y_hat_mean" && role != "member") add_prediction(prediction);
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

  NodeId with_role(std::string_view role) const {
    for (std::size_t id = 0; id < graph_.size(); ++id) {
      if (graph_.nodes()[id].label.role == role) return static_cast<NodeId>(id);
    }
    return kNoNode;
  }

  DerivationStep& add_step(const std::string& id, NodeId node, const std::string& title) {
    auto& step = derivation_.steps.emplace_back();
    step.id = id;
    step.pass = is_ensemble_ ? "ensemble" : "predicting";
    step.title = title;
    step.value = presented(node);
    shown_[id] = step.value;
    return step;
  }

  // Whether it is what the training step had for y_hat (of counts, for its logarithm).
  bool is_output_of_step(NodeId node) const {
    const auto step = std::ranges::find(derivation_.steps, "y_hat", &DerivationStep::id);
    if (step == derivation_.steps.end()) return false;
    const auto predicted = presented(node);
    const bool is_rate = graph_.node(node).op == Op::exp;
    for (std::int64_t i = 0; i < predicted.count(); ++i) {
      const double learned = is_rate ? std::exp(step->value.at(i)) : step->value.at(i);
      if (!(std::abs(predicted.at(i) - learned) <= 1e-12 * std::abs(learned))) return false;
    }
    return true;
  }

  // "ŷ₁ = words", or where the step above has it "ŷ₁ = ŷ, words".
  void write_in_words(DerivationStep& step, const std::string& words, bool from_step, bool is_rate) {
    if (from_step) step.uses = {"y_hat"};
    const auto plain = from_step ? unicode_symbol("y_hat") : "", tex = from_step ? latex_symbol("y_hat") : "";
    step.formula = unicode_symbol(step.id) + " = " + (is_rate ? "e^" + plain : plain) + (from_step ? ", " : "") + words;
    step.latex = latex_symbol(step.id) + " = " + (is_rate ? "e^{" + tex + "}" : tex) + (from_step ? ",\\; " : "") + "\\text{" + words + "}";
    step.substituted = display(step.value, options_.digits);
  }

  void add_member(NodeId node) {
    const auto number = ++members_;
    auto& step = add_step(fmt::format("y_hat_{}", number), node, fmt::format("output of member {}", number));
    step.layer = graph_.node(node).label.layer;
    const bool is_shown = number == options_.member, is_of_step = is_shown && is_output_of_step(node);
    write_in_words(step, is_of_step ? "as worked out above" : is_shown ? "the same with " + options_.difference
                                                                      : fmt::format("the same with the parameters of member {}", number),
                   is_of_step, is_of_step && graph_.node(node).op == Op::exp);
    if (number == (options_.member == 1 ? 2 : 1)) step.note = fmt::format("--member {} works that member's own chain out.", number);
  }

  // Of a single network.
  void add_output(NodeId node) {
    auto& step = add_step("y_hat_p", node, "output where the network predicts");
    const bool is_of_step = is_output_of_step(node);
    write_in_words(step, is_of_step ? "as worked out above" : "the same with " + options_.difference, is_of_step,
                   is_of_step && graph_.node(node).op == Op::exp);
  }

  Expression name(const std::string& id) const {
    return {.kind = Expression::Kind::name, .text = id, .is_scalar = shown_.at(id).count() == 1};
  }

  void write(DerivationStep& step, Expression expression) {
    step.formula = unicode_symbol(step.id) + " = " + render_text(expression);
    step.latex = latex_symbol(step.id) + " = " + render_latex(expression);
    step.substituted = render_numbers(expression, shown_, options_.digits);
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
      step.substituted = display(step.value, options_.digits);
      for (std::int64_t i = 1; i <= members_; ++i) step.uses.push_back(fmt::format("y_hat_{}", i));
      return;
    }
    auto sum = name("y_hat_1");
    for (std::int64_t i = 2; i <= members_; ++i) sum = added(std::move(sum), name(fmt::format("y_hat_{}", i)));
    write(step, divided(std::move(sum), number(static_cast<double>(members_))));
  }

  // y_hat * scale + mean of the target.
  void add_prediction(NodeId node) {
    const auto constant = [&](NodeId id) { return graph_.node(id).attributes.value.item(); };
    const auto& sum = graph_.node(node);
    const auto& product = graph_.node(sum.inputs[0]);
    auto& step = add_step(is_ensemble_ ? "prediction_mean" : "prediction_p", node, "prediction in the target's own units");
    write(step, added(multiplied(number(constant(product.inputs[1])), name(is_ensemble_ ? "y_hat_mean" : "y_hat_p")), number(constant(sum.inputs[1]))));
  }

  Derivation& derivation_;
  const Graph& graph_;
  const PredictionOptions& options_;
  std::vector<Array<double>> values_;
  std::map<std::string, Tensor> shown_;
  std::int64_t members_ = 0;
  bool is_ensemble_ = false;
};

}  // namespace

void add_prediction(Derivation& derivation, const Graph& prediction, const std::map<std::string, Tensor>& values,
                    const PredictionOptions& options) {
  Prediction(derivation, prediction, values, options).add();
}

}  // namespace longhand
