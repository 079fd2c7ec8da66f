#include "bench/demand.h"

#include <variant>

namespace longhand::bench {
namespace {

// Numbers that the optimiser keeps for each parameter.
double memory_of(const optim::StepRule& rule) {
  struct Count {
    double operator()(const optim::Sgd& sgd) const { return sgd.momentum != 0 ? 1 : 0; }
    double operator()(const optim::Adam&) const { return 2; }
    double operator()(const optim::AdamW&) const { return 2; }
    double operator()(const optim::RmsProp& rule) const { return rule.momentum != 0 ? 2 : 1; }
    double operator()(const optim::Adagrad&) const { return 1; }
  };
  return std::visit(Count{}, rule);
}

}  // namespace

Demand demand_of(const Case& what) {
  const auto batch = static_cast<double>(what.batch);
  double width = static_cast<double>(what.network.inputs), parameters = 0, products = 0;
  const double input = width * batch;
  bool is_first = true;
  for (const auto& layer : what.network.layers) {
    if (layer.type != "linear") continue;
    const auto out = static_cast<double>(layer.out);
    const double passes = !what.trains ? 1 : is_first ? 2 : 3;
    products += passes * width * out * batch;
    parameters += (width + 1) * out;
    width = out;
    is_first = false;
  }
  const double memory = what.trains ? memory_of(what.network.optimizer.rule) : 0;
  const double moved = what.trains ? 3 + 2 * memory : 1;
  return {2 * products, sizeof(float) * (parameters * moved + input),
          static_cast<std::size_t>(parameters * (1 + memory) + input) * sizeof(float)};
}

}  // namespace longhand::bench
