#include "explain/rounding.h"

#include <limits>

namespace longhand {

double Rounding::of(NodeId node, std::size_t entry) const {
  std::call_once(is_found_, [&] { find(); });
  const auto& range = ranges_[static_cast<std::size_t>(node)].real[entry];
  return range.is_bounded() ? range.width() : std::numeric_limits<double>::infinity();
}

void Rounding::find() const {
  Inputs<Interval> inputs;
  for (std::size_t id = 0; id < graph_.size(); ++id) {
    const auto& node = graph_.nodes()[id];
    if (node.op != Op::input && node.op != Op::state) continue;
    const auto& value = values_[id];
    inputs[node.attributes.name] = {value.shape, std::vector<Interval>(value.real.begin(), value.real.end()), value.index};
  }
  std::map<NodeId, Array<Interval>> overrides;
  ranges_ = evaluate<Interval>(graph_, inputs, {}, 1, last_);
  for (const auto& [node, twin] : replaced_) {
    if (node > last_ || twin > last_) continue;
    overrides[node] = ranges_[static_cast<std::size_t>(twin)];
    ranges_ = evaluate<Interval>(graph_, inputs, overrides, 1, last_);
  }
}

}  // namespace longhand
