#include "explain/subjects.h"

#include "explain/expression.h"
#include "explain/spellings.h"
#include "explain/symbols.h"
#include "explain/words.h"

namespace longhand {
namespace {

bool is_given(const Graph& graph, const Quantity& quantity) {
  const auto op = graph.node(quantity.node).op;
  return quantity.pass == "given" || op == Op::input || op == Op::state || op == Op::constant;
}

Subject subject_of(const std::string& id, const Tensor& value, const std::string& formula = {},
                   std::shared_ptr<const Expression> expression = nullptr) {
  return {.id = id, .value = value, .formula = formula, .expression = std::move(expression), .range = {}, .operands = {}};
}

std::vector<double> limits_of(const std::string& function) {
  if (function == "tanh") return {-1, 1};
  return function == "sigmoid" || function == "softmax" ? std::vector<double>{1} : std::vector<double>{};
}

std::int64_t rows_in(const Graph& graph, const std::map<std::string, Tensor>& values) {
  std::map<std::string, Shape> shapes;
  for (const auto& [name, value] : values) shapes[name] = value.shape();
  return rows_of(graph, shapes, 1);
}

}  // namespace

Subjects::Subjects(const Graph& graph, const std::map<std::string, Tensor>& values, bool batch)
    : rows_(rows_in(graph, values)) {
  const Notation notation(graph, batch);
  const auto derivation = explain(graph, values, {.batch = batch, .check = false});
  std::map<std::string, Subject> shown;
  for (const auto& given : derivation.givens) shown[given.id] = subject_of(given.id, given.value);
  for (const auto& step : derivation.steps) shown[step.id] = subject_of(step.id, step.value, step.formula, step.expression);
  for (const auto& [name, value] : values) exact_["%" + name] = to_array<Interval>(value);

  for (const auto& quantity : notation.quantities()) {
    if (!is_given(graph, quantity)) continue;
    const auto shape = graph.node(quantity.node).type.shape.with_rows(rows_);
    exact_[quantity.id] = to_array<Interval>(shown.at(quantity.id).value.reshaped(shape));
  }
  for (const auto& quantity : notation.quantities()) {
    auto& subject = shown.at(quantity.id);
    if (exact_.contains(quantity.id)) {
      numbers_[quantity.id] = subjects_.size();
      subjects_.push_back(std::move(subject));
    } else {
      if (quantity.pass == "forward") subject.limits = limits_of(function_of(graph, quantity.node));
      add(std::move(subject), formula_graph(graph, notation, quantity, rows_));
    }
  }
  add_linear_slopes(graph, notation);
  find_needs();
}

void Subjects::add(Subject subject, Formula formula) {
  std::vector<std::string> varying;
  for (const auto& id : formula.operands) {
    if (!exact_.contains(id)) varying.push_back(id);
  }
  subject.range.emplace(std::move(formula), rows_, varying);
  numbers_[subject.id] = subjects_.size();
  subjects_.push_back(std::move(subject));
}

void Subjects::add_linear_slopes(const Graph& graph, const Notation& notation) {
  for (const auto& quantity : notation.quantities()) {
    const auto& node = graph.node(quantity.node);
    if (node.op != Op::linear || quantity.pass != "forward") continue;
    const std::pair<std::size_t, std::size_t> slopes[] = {{1, 0}, {0, 1}};  // by the one it is the other
    for (const auto& [by, other] : slopes) {
      const auto *name = notation.find(node.inputs[by]), *equal = notation.find(node.inputs[other]);
      if (name == nullptr || equal == nullptr) continue;
      const auto id = "d" + quantity.id + "/d" + *name;
      if (numbers_.contains(id)) continue;
      const auto& value = subjects_[numbers_.at(*equal)].value;
      const Expression rule{.kind = Expression::Kind::name, .text = *equal, .is_scalar = value.count() == 1};
      add(subject_of(id, value, unicode_symbol(id) + " = " + unicode_symbol(*equal), std::make_shared<const Expression>(rule)),
          second_name(graph, node.inputs[other], *equal));
    }
  }
}

void Subjects::find_needs() {
  needs_.resize(subjects_.size());
  std::vector<bool> is_done(subjects_.size(), false);
  const auto visit = [&](auto&& self, std::size_t i) -> void {
    if (is_done[i]) return;
    is_done[i] = true;
    auto& subject = subjects_[i];
    if (subject.is_exact()) return;
    for (const auto& id : subject.range->formula().operands) {
      if (exact_.contains(id)) continue;
      const auto operand = numbers_.at(id);
      subject.operands.push_back(operand);
      self(self, operand);
      needs_[i].insert(operand);
      needs_[i].insert(needs_[operand].begin(), needs_[operand].end());
    }
  };
  for (std::size_t i = 0; i < subjects_.size(); ++i) visit(visit, i);
}

std::optional<std::size_t> Subjects::find(const std::string& id) const {
  const auto found = numbers_.find(id);
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::size_t> Subjects::find_spelt(const std::string& spelling) const {
  if (const auto exact = find(spelling)) return exact;
  const auto plain = plain_spelling(spelling);
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < subjects_.size(); ++i) {
    const auto& id = subjects_[i].id;
    if (plain != plain_spelling(id) && plain != plain_spelling(unicode_symbol(id)) && plain != plain_spelling(latex_symbol(id))) continue;
    if (found) return std::nullopt;
    found = i;
  }
  return found;
}

std::vector<std::string> Subjects::ids() const {
  std::vector<std::string> ids;
  for (const auto& subject : subjects_) ids.push_back(subject.id);
  return ids;
}

}  // namespace longhand
