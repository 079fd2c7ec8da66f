#include <cmath>

#include "longhand/optim.h"

namespace longhand::optim {
namespace {

// One parameter's step while it is being built.
struct Builder {
  Var w;
  Var g;
  Var learning_rate;
  Var step;
  Update result;

  const std::string& name() const { return w.node().attributes.name; }

  Var named(const std::string& role, Var value) {
    result.quantities.emplace_back(role, value.labelled(name(), role));
    return value;
  }

  Var memory(const std::string& role) {
    return w.graph->state("optimizer." + role + "." + name(), w.shape());
  }

  // The memory's next value, kept.
  Var remember(const std::string& role, Var value) {
    w.graph->assign(memory(role), value);
    return named(role, value);
  }

  void decay_gradient(double weight_decay) {
    if (weight_decay != 0) g = g + weight_decay * w;
  }

  void finish(Var new_value) {
    result.new_value = new_value.labelled(name(), "new");
    w.graph->assign(w, new_value);
  }
};

// 1 - beta^t. Written so that it keeps its digits in single precision for beta near 1.
Var bias_correction(double beta, Var step) {
  Graph& graph = *step.graph;
  const Var t =
      ((step.kind() == Kind::index ? to_real(step) : step) + 1.0).labelled("", "t");
  graph.begin_composite("bias_correction", {t}, {{"beta", beta}}, true);
  return graph.end_composite(-expm1(t * std::log(beta)));
}

void apply(const Sgd& rule, Builder& b) {
  b.decay_gradient(rule.weight_decay);
  Var direction = b.g;
  if (rule.momentum != 0) {
    const Var v = b.remember("v", rule.momentum * b.memory("v") + b.g);
    direction = rule.nesterov ? b.g + rule.momentum * v : v;
  }
  b.finish(b.w - b.learning_rate * direction);
}

template <class Rule>
void apply_adam(const Rule& rule, Builder& b, Var decayed) {
  const Var m = b.remember("m", rule.beta1 * b.memory("m") + (1 - rule.beta1) * b.g);
  const Var v = b.remember("v", rule.beta2 * b.memory("v") + (1 - rule.beta2) * (b.g * b.g));
  const Var m_hat = b.named("m_hat", m / bias_correction(rule.beta1, b.step));
  const Var v_hat = b.named("v_hat", v / bias_correction(rule.beta2, b.step));
  b.finish(decayed - b.learning_rate * m_hat / (sqrt(v_hat) + rule.epsilon));
}

void apply(const Adam& rule, Builder& b) {
  b.decay_gradient(rule.weight_decay);
  apply_adam(rule, b, b.w);
}

void apply(const AdamW& rule, Builder& b) {
  apply_adam(rule, b, rule.weight_decay == 0 ? b.w : b.w - b.learning_rate * rule.weight_decay * b.w);
}

void apply(const RmsProp& rule, Builder& b) {
  b.decay_gradient(rule.weight_decay);
  const Var v = b.remember("v", rule.alpha * b.memory("v") + (1 - rule.alpha) * (b.g * b.g));
  Var direction = b.g / (sqrt(v) + rule.epsilon);
  if (rule.momentum != 0) direction = b.remember("b", rule.momentum * b.memory("b") + direction);
  b.finish(b.w - b.learning_rate * direction);
}

void apply(const Adagrad& rule, Builder& b) {
  b.decay_gradient(rule.weight_decay);
  const Var v = b.remember("v", b.memory("v") + b.g * b.g);
  b.finish(b.w - b.learning_rate * b.g / (sqrt(v) + rule.epsilon));
}

void require(bool condition, const char* option, double value) {
  if (!condition) {
    throw ArgumentError(std::string(option) + " cannot be " + std::to_string(value));
  }
}

// Written so that NaN fails.
void require_not_negative(const char* option, double value) {
  require(value >= 0 && std::isfinite(value), option, value);
}
void require_fraction(const char* option, double value) {
  require(value >= 0 && value < 1, option, value);
}

void check(const Sgd& rule) {
  require_not_negative("momentum", rule.momentum);
  require_not_negative("weight_decay", rule.weight_decay);
  if (rule.nesterov && rule.momentum == 0) throw ArgumentError("nesterov needs a momentum");
}
template <class Rule>
void check_adam(const Rule& rule) {
  require_fraction("beta1", rule.beta1);
  require_fraction("beta2", rule.beta2);
  require_not_negative("epsilon", rule.epsilon);
  require_not_negative("weight_decay", rule.weight_decay);
}
void check(const Adam& rule) { check_adam(rule); }
void check(const AdamW& rule) { check_adam(rule); }
void check(const RmsProp& rule) {
  require_fraction("alpha", rule.alpha);
  require_not_negative("epsilon", rule.epsilon);
  require_not_negative("momentum", rule.momentum);
  require_not_negative("weight_decay", rule.weight_decay);
}
void check(const Adagrad& rule) {
  require_not_negative("epsilon", rule.epsilon);
  require_not_negative("weight_decay", rule.weight_decay);
}

}  // namespace

void validate(const StepRule& rule) {
  std::visit([](const auto& r) { check(r); }, rule);
}

StepRule without_decay(StepRule rule) {
  std::visit([](auto& r) { r.weight_decay = 0; }, rule);
  return rule;
}

Update update(const StepRule& rule, Var parameter, Var gradient, Var learning_rate, Var step) {
  if (parameter.node().op != Op::state) throw ArgumentError("update: not a state entry");
  Builder builder{parameter, gradient, learning_rate, step, {}};
  std::visit([&](const auto& r) { apply(r, builder); }, rule);
  return builder.result;
}

}  // namespace longhand::optim
