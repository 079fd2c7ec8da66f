#include "explain/check.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/philox.h"
#include "ir/op_table.h"

namespace longhand {
namespace {

constexpr std::size_t kMostEntries = 100;

// Which side of each kink the values are on: the outcome of every comparison.
std::vector<bool> sides(const Graph& graph, const std::vector<Array<double>>& values, NodeId last) {
  std::vector<bool> result;
  for (NodeId id = 0; id <= last; ++id) {
    const auto& node = graph.node(id);
    const auto value = [&](std::size_t i) -> const auto& {
      return values[static_cast<std::size_t>(node.inputs[i])].real;
    };
    if (info(node.op).op_class == OpClass::comparison) {
      for (const double entry : values[static_cast<std::size_t>(id)].real) result.push_back(entry != 0);
    } else if (node.op == Op::relu || node.op == Op::abs) {
      for (const double entry : value(0)) result.push_back(entry > 0);
    } else if ((node.op == Op::minimum || node.op == Op::maximum) && value(0).size() == value(1).size()) {
      for (std::size_t i = 0; i < value(0).size(); ++i) result.push_back(value(0)[i] < value(1)[i]);
    }
  }
  return result;
}

std::vector<std::size_t> drawn_entries(std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> entries(count);
  std::iota(entries.begin(), entries.end(), std::size_t{0});
  if (count > kMostEntries) {
    PhiloxStream stream(seed, hash_name("gradient check"));
    shuffle(std::span(entries), stream);
    entries.resize(kMostEntries);
    std::ranges::sort(entries);
  }
  return entries;
}

}  // namespace

GradientCheck check_gradient(const Graph& graph, const Inputs<double>& inputs,
                             const std::vector<Array<double>>& values, NodeId loss, NodeId of,
                             NodeId gradient, std::uint64_t seed) {
  const auto& point = values[static_cast<std::size_t>(of)];
  const auto& analytic = values[static_cast<std::size_t>(gradient)].real;
  // Two central differences, extrapolated to a step of 0: the error is of the fourth order in the
  // step, and least near the fifth root of the precision.
  const double least_step = std::pow(std::numeric_limits<double>::epsilon(), 0.2);

  GradientCheck check;
  for (const auto entry : drawn_entries(point.real.size(), seed)) {
    const double at = point.real[entry];
    const double step = least_step * std::max(1.0, std::abs(at));
    bool kink = false;
    const auto difference = [&](double h) {
      const auto moved = [&](double to) {
        auto array = point;
        array.real[entry] = to;
        return evaluate<double>(graph, inputs, {{of, std::move(array)}}, 1, loss);
      };
      const auto above = moved(at + h), below = moved(at - h);
      kink = kink || sides(graph, above, loss) != sides(graph, below, loss);
      const auto result = static_cast<std::size_t>(loss);
      return (above[result].real[0] - below[result].real[0]) / ((at + h) - (at - h));
    };
    const double wide = difference(step);
    const double numeric = (4 * difference(step / 2) - wide) / 3;
    if (kink) {
      check.kink = true;
      continue;
    }
    const double exact = analytic[entry];
    const double scale = std::max({std::abs(exact), std::abs(numeric), 1e-8});
    const double error = std::abs(exact - numeric) / scale;
    // Written so that NaN counts as the worst.
    if (!(error <= check.relative_error)) check.relative_error = error;
    ++check.entries;
  }
  return check;
}

}  // namespace longhand
