#include "longhand/explain.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "explain/check.h"
#include "explain/focus.h"
#include "explain/notes.h"
#include "explain/numbers.h"
#include "explain/layer_terms.h"
#include "explain/lookup.h"
#include "explain/render.h"
#include "explain/words.h"
#include "ir/evaluate.h"

namespace longhand {
namespace {

class Explainer {
 public:
  Explainer(const Graph& graph, const std::map<std::string, Tensor>& values, const ExplainOptions& options)
      : graph_(graph), options_(options), notation_(graph, options.batch) {
    for (const auto& [name, tensor] : values) inputs_[name] = to_array<double>(tensor);
    values_ = evaluate<double>(graph, inputs_);
    loss_ = notation_.node_of("L");
    take_stable_values();
    rounding_.emplace(graph_, values_, static_cast<NodeId>(graph_.size()) - 1, stable_);
    for (const auto& quantity : notation_.quantities()) shown_[quantity.id] = presented(quantity);
    if (options.batch) shown_["N"] = Tensor::scalar(static_cast<double>(rows()), DType::f64);
  }

  Derivation explain() const {
    if (options_.focus.empty()) return derive();
    return focus_on(derive(), options_.focus, options_.digits,
                    [&](const std::string& id, std::int64_t entry) { return checked(id, entry); });
  }

 private:
  Derivation derive() const {
    Derivation derivation;
    for (const auto& quantity : notation_.quantities()) {
      // Each column's mean is in its rule.
      if (has_rules() && (quantity.id == "mean" || quantity.id == "scale")) continue;
      if (options_.prediction_only && quantity.pass != "given" && quantity.pass != "input" && quantity.pass != "forward") continue;
      if (quantity.pass == "given") {
        derivation.givens.push_back({quantity.id, meaning_of(graph_, notation_, quantity) + said_of(quantity.id), shown_.at(quantity.id)});
      } else {
        derivation.steps.push_back(step_of(quantity));
      }
    }
    if (options_.batch) derivation.givens.push_back({"N", "number of rows", shown_.at("N")});
    if (options_.prediction_only) keep_used_givens(derivation);
    derivation.columns = options_.columns;
    derivation.is_batch = options_.batch;
    derivation.is_prediction = options_.prediction_only;
    derivation.layers = drawn_layers(graph_, notation_);
    if (!options_.prediction_only) derivation.outcome = outcome();
    if (!options_.batch && !derivation.layers.empty()) {
      for (auto& step : derivation.steps) {
        if (step.id == derivation.layers.back().z) step.contributions = contributions_to_output(derivation.layers, shown_);
      }
    }
    return derivation;
  }

  static void keep_used_givens(Derivation& derivation) {
    std::erase_if(derivation.givens, [&](const Given& given) {
      return given.id != "x" && std::ranges::none_of(derivation.steps, [&](const DerivationStep& step) {
        return std::ranges::find(step.uses, given.id) != step.uses.end();
      });
    });
  }

  // What the caller knows about a given.
  std::string said_of(const std::string& id) const {
    const std::pair<const char*, const std::string*> said[] = {
        {"y", &options_.target}, {"x", &options_.input}, {"learning_rate", &options_.rate}, {"t", &options_.step_number}};
    const auto found = std::ranges::find(said, id, &std::pair<const char*, const std::string*>::first);
    return found == std::end(said) || found->second->empty() ? "" : (id == "y" || id == "x" ? " " : ", ") + *found->second;
  }

  const Node& node(NodeId id) const { return graph_.node(id); }

  NodeId with_role(std::string_view role) const {
    for (std::size_t id = 0; id < graph_.size(); ++id) {
      if (graph_.nodes()[id].label.role == role) return static_cast<NodeId>(id);
    }
    return kNoNode;
  }

  // "dL/dz2" where y_hat is a function of z2.
  std::string gradient_before_head() const {
    for (const auto& quantity : notation_.quantities()) {
      if (quantity.id.starts_with("dy_hat/d")) return "dL/d" + quantity.id.substr(8);
    }
    return "";
  }

  bool is_finite(NodeId id) const {
    return std::ranges::all_of(values_[static_cast<std::size_t>(id)].real,
                               [](double value) { return std::isfinite(value); });
  }

  // Where y_hat has rounded to 0 or 1 the long formulas divide by nothing. What follows from them is
  // then taken from the stable form of the loss, whose gradient is y_hat - y.
  void take_stable_values() {
    const auto z = notation_.node_of(gradient_before_head());
    const auto loss_after = notation_.node_of("L_new");
    const std::pair<NodeId, NodeId> twins[] = {{loss_, with_role("L_stable")},
                                               {z, with_role("dz_stable")},
                                               {loss_after, with_role("L_new_stable")}};
    std::map<NodeId, Array<double>> overrides;
    for (const auto& [node, twin] : twins) {
      if (node == kNoNode || twin == kNoNode || is_finite(node)) continue;
      overrides[node] = values_[static_cast<std::size_t>(twin)];
      values_ = evaluate<double>(graph_, inputs_, overrides);
      stable_.emplace_back(node, twin);
      // No gradient is of the loss after the step.
      if (node != loss_after) loss_ = with_role("L_stable");
    }
  }

  // Whether cells become entries of x by rules of their columns, in place of one formula for all.
  bool has_rules() const {
    return std::ranges::any_of(options_.columns, [](const TableColumn& column) { return !column.rule.empty(); });
  }

  // As a person sees it: for one sample without the row's axis, and a plain number for one unit.
  Tensor presented(const Quantity& quantity) const {
    Tensor tensor = to_tensor(values_[static_cast<std::size_t>(quantity.node)]).cast(DType::f64);
    if (!quantity.is_row) return tensor;
    const bool always_vector = quantity.id == "x" || quantity.id == "c" || quantity.id == "raw" || quantity.id == "dL/dx";
    Shape shape = tensor.shape();
    while (shape.rank() > 1 && shape[shape.rank() - 1] == 1 && !always_vector) {
      shape = shape.without_axis(shape.rank() - 1);
    }
    if (!options_.batch && shape[0] == 1) shape = shape.without_axis(0);
    return tensor.reshaped(shape);
  }

  DerivationStep step_of(const Quantity& quantity) const {
    DerivationStep step{.id = quantity.id, .pass = quantity.pass, .layer = quantity.layer};
    step.value = shown_.at(quantity.id);
    step.title = title_of(graph_, notation_, quantity);
    if (quantity.id == "L_new") {
      write_loss_after(step);
    } else if (auto lookup = written_lookup(graph_, notation_, quantity, shown_, options_.digits, options_.batch)) {
      static_cast<WrittenFormula&>(step) = std::move(*lookup);
    } else if ((quantity.id == "x" || quantity.id == "c") && has_rules()) {
      step.formula = quantity.id + " = what each cell becomes, side by side";
      step.latex = quantity.id + " = \\text{what each cell becomes, side by side}";
      step.substituted = display(step.value, options_.digits);
      step.uses = {"raw"};
    } else if (quantity.id == "raw") {
      step.formula = "raw = the cells of the row";
      step.latex = "\\text{raw} = \\text{the cells of the row}";
      step.substituted = display(step.value, options_.digits);
    } else {
      write(step, quantity.id, expression_of(quantity));
    }
    step.is_stable_value = std::ranges::find(stable_, quantity.node, &std::pair<NodeId, NodeId>::first) != stable_.end();
    step.note = step.is_stable_value
                    ? "In double precision ŷ has rounded to 0 or 1, and with the numbers in this formula is not "
                      "finite. The value is that of the stable form of the loss, written in z."
                    : told_once(note_of(graph_, notation_, quantity, shown_, options_.digits));
    if (quantity.id.starts_with("dL/d")) {
      // Of a focus only the parts that are kept are checked.
      if (options_.check && options_.focus.empty()) step.check = checked(quantity.id);
      step.shares = shares_of(quantity, notation_.node_of(quantity.id.substr(4)));
    }
    if (quantity.id == gradient_before_head()) step.short_form = short_form(quantity);
    return step;
  }

  // Of one entry (from 0), or for -1 of many.
  GradientCheck checked(const std::string& id, std::int64_t entry = -1) const {
    CheckOptions options{.seed = options_.seed};
    if (entry >= 0) options.only = static_cast<std::size_t>(entry);
    return check_gradient({graph_, values_, loss_, notation_.node_of(id.substr(4)), notation_.node_of(id), &*rounding_}, options);
  }

  std::string told_once(Note note) const {
    return note.holds_anywhere && !told_.insert(note.text).second ? std::string() : std::move(note.text);
  }

  void write(WrittenFormula& formula, const std::string& id, Expression expression) const {
    formula.formula = unicode_symbol(id) + " = " + render_text(expression);
    formula.latex = latex_symbol(id) + " = " + render_latex(expression);
    formula.substituted = render_numbers(expression, shown_, options_.digits);
    formula.uses = names_in(expression);
    formula.expression = std::make_shared<const Expression>(std::move(expression));
  }

  // What the chain through the head and the loss comes to.
  std::optional<ShortForm> short_form(const Quantity& quantity) const {
    const auto node = with_role("dz_short");
    if (node == kNoNode) return std::nullopt;
    ShortForm form;
    write(form, quantity.id, formula_of(graph_, notation_, node, options_.batch));
    Quantity twin = quantity;
    twin.node = node;
    form.value = presented(twin);
    const auto& long_value = shown_.at(quantity.id);
    for (std::int64_t i = 0; i < form.value.count(); ++i) {
      const double a = form.value.at(i), b = long_value.at(i);
      form.difference = std::max(form.difference, std::abs(a - b) / std::max({std::abs(a), std::abs(b), 1e-8}));
    }
    form.why = why_short(graph_, notation_);
    return form;
  }

  // Each row's part of a parameter's gradient: what it would be if the other rows sent nothing back.
  std::optional<Tensor> shares_of(const Quantity& quantity, NodeId parameter) const {
    if (!options_.batch || node(parameter).op != Op::state) return std::nullopt;
    const auto sent = adjoint_of_layer(node(parameter).label.layer);
    const auto& total = values_[static_cast<std::size_t>(quantity.node)];
    if (sent == kNoNode) return std::nullopt;
    const auto& whole = values_[static_cast<std::size_t>(sent)];
    const auto rows = whole.shape[0];
    constexpr std::int64_t kMostShown = 256;
    if (rows * total.shape.count() > kMostShown) return std::nullopt;
    Tensor shares(total.shape.with_axis(0, rows), DType::f64);
    const auto units = whole.real.size() / static_cast<std::size_t>(rows);
    for (std::int64_t row = 0; row < rows; ++row) {
      auto alone = whole;
      for (std::size_t i = 0; i < alone.real.size(); ++i) {
        if (static_cast<std::int64_t>(i / units) != row) alone.real[i] = 0;
      }
      const auto values = evaluate<double>(graph_, inputs_, {{sent, std::move(alone)}}, 1, quantity.node);
      const auto& share = values[static_cast<std::size_t>(quantity.node)].real;
      for (std::size_t i = 0; i < share.size(); ++i) {
        shares.set(row * total.shape.count() + static_cast<std::int64_t>(i), share[i]);
      }
    }
    return shares;
  }

  // dL/dz of the layer of that name.
  NodeId adjoint_of_layer(const std::string& layer) const {
    for (const auto& quantity : notation_.quantities()) {
      if (quantity.layer == layer && node(quantity.node).label.role == "z") return notation_.node_of("dL/d" + quantity.id);
    }
    return kNoNode;
  }

  std::int64_t rows() const {
    return values_[static_cast<std::size_t>(notation_.node_of("y"))].shape[0];
  }

  StepOutcome outcome() const {
    const auto value = [&](std::string_view role) {
      const auto found = with_role(role);
      return found == kNoNode ? 0.0 : values_[static_cast<std::size_t>(found)].real[0];
    };
    StepOutcome result{.loss_before = shown_.at("L").item(), .foretold_change = value("foretold_change"),
                       .squared_gradient_norm = value("squared_gradient_norm")};
    if (const auto after = shown_.find("L_new"); after != shown_.end()) result.loss_after = after->second.item();
    // By plain SGD every parameter moves against its own gradient, as far as the learning rate says.
    result.is_plain_sgd = std::ranges::none_of(notation_.quantities(), [](const Quantity& quantity) {
      return quantity.pass == "update" && !quantity.id.ends_with("_new");
    });
    if (const auto rate = shown_.find("learning_rate"); rate != shown_.end()) {
      const double plain = -rate->second.item() * result.squared_gradient_norm;
      result.is_plain_sgd = result.is_plain_sgd && std::abs(plain - result.foretold_change) <= 1e-9 * std::abs(plain);
    }
    return result;
  }

  Expression expression_of(const Quantity& quantity) const {
    const auto jacobian = softmax_jacobian(quantity);
    if (jacobian) return *jacobian;
    if (const auto chained = softmax_chain(quantity)) return *chained;
    if (!quantity.same_as.empty()) {
      return {.kind = Expression::Kind::name, .text = quantity.same_as, .is_scalar = shown_.at(quantity.id).count() == 1};
    }
    return formula_of(graph_, notation_, quantity.node, options_.batch);
  }

  // "dy_hat/dzk" of softmax, which is a matrix: dŷᵢ/dzⱼ = ŷᵢ (1 if i = j, else 0) - ŷᵢ ŷⱼ.
  std::optional<Expression> softmax_jacobian(const Quantity& quantity) const {
    if (!is_matrix_slope(quantity)) return std::nullopt;
    const Expression y{.kind = Expression::Kind::name, .text = "y_hat", .is_scalar = false};
    const auto of = [](Expression::Kind kind, std::vector<Expression> children) {
      return Expression{.kind = kind, .children = std::move(children), .is_scalar = false};
    };
    Expression diagonal{.kind = Expression::Kind::call, .text = "diag", .children = {y}, .is_scalar = false};
    return of(Expression::Kind::subtract,
              {diagonal, of(Expression::Kind::product, {y, of(Expression::Kind::transpose, {y})})});
  }

  // The gradient behind softmax: its matrix times the gradient before it.
  std::optional<Expression> softmax_chain(const Quantity& quantity) const {
    if (!quantity.id.starts_with("dL/d")) return std::nullopt;
    const auto slope = "dy_hat/d" + quantity.id.substr(4);
    for (const auto& other : notation_.quantities()) {
      if (other.id != slope || !is_matrix_slope(other)) continue;
      const Expression matrix{.kind = Expression::Kind::name, .text = slope, .is_scalar = false};
      const Expression gradient{.kind = Expression::Kind::name, .text = "dL/dy_hat", .is_scalar = false};
      const Expression transposed{.kind = Expression::Kind::transpose, .children = {matrix}, .is_scalar = false};
      return Expression{.kind = Expression::Kind::product, .children = {transposed, gradient}, .is_scalar = false};
    }
    return std::nullopt;
  }

  bool is_matrix_slope(const Quantity& quantity) const {
    return quantity.id.starts_with("dy_hat/") && node(quantity.node).type.shape.rank() == 3;
  }

  // The whole forward pass again would be no help: the rule is that of L with the new parameters.
  void write_loss_after(DerivationStep& step) const {
    std::string text, latex;
    for (const auto& quantity : notation_.quantities()) {
      if (quantity.pass != "update" || !quantity.id.ends_with("_new")) continue;
      text += (text.empty() ? "" : ", ") + unicode_symbol(quantity.id);
      latex += (latex.empty() ? "" : ", ") + latex_symbol(quantity.id);
      step.uses.push_back(quantity.id);
    }
    step.formula = "L′ = L(" + text + ")";
    step.latex = "L' = L(" + latex + ")";
    step.substituted = "L was " + display(shown_.at("L"), options_.digits);
    step.uses.insert(step.uses.begin(), {"x", "y"});
  }

  const Graph& graph_;
  const ExplainOptions& options_;
  Notation notation_;
  Inputs<double> inputs_;
  std::vector<Array<double>> values_;
  NodeId loss_ = kNoNode;
  std::vector<std::pair<NodeId, NodeId>> stable_;  // whose values are taken from the stable form, and which that is
  std::optional<Rounding> rounding_;
  std::map<std::string, Tensor> shown_;
  mutable std::set<std::string> told_;
};

}  // namespace

Derivation explain(const Graph& graph, const std::map<std::string, Tensor>& values,
                   const ExplainOptions& options) {
  return Explainer(graph, values, options).explain();
}

}  // namespace longhand
