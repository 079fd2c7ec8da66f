#include "explain/line.h"

#include <limits>

namespace longhand {

void Line::hold(const JudgedFigures& claim) {
  claims_[claim.subject].push_back(claim);
  forget(claim.subject);
}

void Line::replace(const JudgedFigures& claim) {
  claims_[claim.subject] = {claim};
  forget(claim.subject);
}

void Line::forget(std::size_t subject) {
  for (auto& memory : memories_) {
    memory.states.erase(subject);
    for (std::size_t other = 0; other < subjects_.size(); ++other) {
      if (!subjects_.depends(other, subject)) continue;
      memory.states.erase(other);
      memory.derived.erase(other);
    }
  }
}

std::vector<double> Line::middles(const Array<Interval>& array) {
  std::vector<double> values;
  for (const auto& value : array.real) {
    values.push_back(value.is_bounded() ? value.middle() : std::numeric_limits<double>::quiet_NaN());
  }
  return values;
}

std::set<std::size_t> Line::sources(std::size_t subject) const {
  std::set<std::size_t> found;
  for (const auto operand : subjects_[subject].operands) found.merge(nearest_claims(operand));
  return found;
}

std::set<std::size_t> Line::nearest_claims(std::size_t subject) const {
  if (!is_own(subject)) return base_->nearest_claims(subject);
  const auto claims = claims_.find(subject);
  return claims == claims_.end() ? sources(subject) : std::set{claims->second.back().claim};
}

const Array<Interval>& Line::state_as(std::size_t subject, Reading reading) {
  if (!is_own(subject)) return base_->state_as(subject, reading);
  if (subjects_[subject].is_exact() || !claims_.contains(subject)) return derived_as(subject, reading);
  auto& states = memory(reading).states;
  const auto found = states.find(subject);
  return found != states.end() ? found->second : states[subject] = by_claims(subject, reading);
}

const Array<Interval>& Line::derived_as(std::size_t subject, Reading reading) {
  if (!is_own(subject)) return base_->derived_as(subject, reading);
  if (subjects_[subject].is_exact()) return subjects_.exact().at(subjects_[subject].id);
  auto& derived = memory(reading).derived;
  if (const auto found = derived.find(subject); found != derived.end()) return found->second;
  return derived[subject] = (*subjects_[subject].range)(operands_as(subject, reading));
}

Inputs<Interval> Line::operands_as(std::size_t subject, Reading reading) {
  Inputs<Interval> inputs;
  for (const auto& node : subjects_[subject].range->formula().graph.nodes()) {
    if (node.op != Op::input) continue;
    const auto& name = node.attributes.name;
    const auto operand = subjects_.find(name);
    inputs[name] = operand ? state_as(*operand, reading) : subjects_.exact().at(name);
  }
  return inputs;
}

std::vector<double> Line::from_figures(std::size_t subject, const std::map<std::size_t, std::vector<double>>& others) {
  if (!is_own(subject)) return base_->from_figures(subject, others);
  auto inputs = operands_as(subject, Reading::written);
  for (const auto& [operand, values] : others) {
    inputs.at(subjects_[operand].id).real = std::vector<Interval>(values.begin(), values.end());
  }
  return middles((*subjects_[subject].range)(inputs));
}

Array<Interval> Line::by_claims(std::size_t subject, Reading reading) {
  auto array = derived_as(subject, reading);
  const auto& claims = claims_.at(subject);
  for (std::size_t i = 0; i < array.real.size(); ++i) {
    if (reading == Reading::written) {
      if (const auto& latest = claims.back().figures[i]) array.real[i] = Interval(latest->value);
      continue;
    }
    auto held = Interval::undefined();
    bool is_claimed = false;
    for (const auto& [claim, of, figures, verdicts] : claims) {
      if (!figures[i]) continue;
      is_claimed = true;
      const auto numbers = stands_for(*figures[i]);
      held = hull(held, Interval(figures[i]->value));
      if (verdicts[i] == Verdict::wrong) held = hull(held, numbers);
      held = hull(held, intersection(numbers, array.real[i]));
      if (verdicts[i] == Verdict::correct) held = hull(held, Interval(subjects_[subject].value.at(static_cast<std::int64_t>(i))));
    }
    if (is_claimed) array.real[i] = held;
  }
  return array;
}

}  // namespace longhand
