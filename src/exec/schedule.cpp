#include "exec/schedule.h"

#include <algorithm>
#include <set>

#include "ir/op_table.h"

namespace longhand {
namespace {

// So that the values of a fused step stay few enough for the first-level cache.
constexpr std::size_t kMaxFused = 48;

class Scheduler {
 public:
  Scheduler(const Graph& graph, const Precedence& precedence)
      : graph_(graph), edges_(precedence), done_(graph.size()), is_kept_(graph.size()),
        is_elementwise_(graph.size()) {
    schedule_.position.resize(graph.size());
    for (std::size_t id = 0; id < graph.size(); ++id) is_elementwise_[id] = is_elementwise(graph, static_cast<NodeId>(id));
    for (const auto& [name, id] : graph.outputs()) is_kept_[at(id)] = true;
    for (const auto& [state, value] : graph.writes()) is_kept_[at(value)] = true;
  }

  Schedule run() {
    std::vector<int> waiting(graph_.size());
    for (const auto* edges : {&edges_.readers, &edges_.later}) {
      for (const auto& ends : *edges) {
        for (const auto end : ends) ++waiting[at(end)];
      }
    }
    std::set<NodeId> ready;
    for (std::size_t id = 0; id < graph_.size(); ++id) {
      if (waiting[id] == 0) ready.insert(static_cast<NodeId>(id));
    }
    can_wait_ = find_what_can_wait();
    while (!ready.empty()) {
      const auto next = choose(ready);
      ready.erase(next);
      add(next);
      // What can wait is changed by these alone: nothing waits for the others.
      if (is_waited_for(next)) can_wait_ = find_what_can_wait();
      for (const auto* edges : {&edges_.readers, &edges_.later}) {
        for (const auto end : (*edges)[at(next)]) {
          if (--waiting[at(end)] == 0) ready.insert(end);
        }
      }
    }
    if (std::ranges::any_of(waiting, [](int count) { return count > 0; })) {
      throw ArgumentError("the graph's writes cannot be put in order");
    }
    return std::move(schedule_);
  }

 private:
  const Node& node(NodeId id) const { return graph_.node(id); }
  static std::size_t at(NodeId id) { return static_cast<std::size_t>(id); }
  bool is_alias(NodeId id) const { return node(id).op == Op::reshape; }
  bool takes_no_step(NodeId id) const {
    return info(node(id).op).op_class == OpClass::leaf || is_alias(id);
  }
  // Whether it takes a step of its own, for which entry-by-entry operations may wait.
  bool is_waited_for(NodeId id) const { return !takes_no_step(id) && !is_elementwise_[at(id)]; }
  bool is_product(NodeId id) const {
    return node(id).op == Op::linear || node(id).op == Op::matmul;
  }

  // Of the nodes that are ready, one that continues the step at hand comes first, then single
  // numbers, so that no long step waits for one in its middle, then the one that was built first.
  NodeId choose(const std::set<NodeId>& ready) const {
    for (const auto id : ready) {
      if (takes_no_step(id)) return id;
    }
    for (const auto id : ready) {
      if (!can_wait_[at(id)] && continues_step(id)) return id;
    }
    for (const auto id : ready) {
      if (node(id).type.shape.rank() == 0) return id;
    }
    for (const auto id : ready) {
      if (!can_wait_[at(id)]) return id;
    }
    return *ready.begin();
  }

  // The entry-by-entry nodes all of whose readers also need what takes a step that is still to
  // come. Computed with those readers, such a value (a slope of the activation, a decayed moment)
  // stays in the first-level cache; computed now it would be kept in memory until then.
  std::vector<bool> find_what_can_wait() const {
    std::vector<bool> pending(graph_.size()), can_wait(graph_.size());
    const auto is_pending = [&](NodeId id) { return pending[at(id)]; };
    for (std::size_t i = 0; i < graph_.size(); ++i) {
      const auto id = static_cast<NodeId>(i);
      if (done_[i]) continue;
      pending[i] = is_waited_for(id) || std::ranges::any_of(node(id).inputs, is_pending);
    }
    for (std::size_t i = graph_.size(); i-- > 0;) {
      const auto id = static_cast<NodeId>(i);
      if (done_[i] || pending[i] || is_kept_[i]) continue;
      can_wait[i] = std::ranges::all_of(edges_.readers[i], [&](NodeId reader) {
        return can_wait[at(reader)] || std::ranges::any_of(node(reader).inputs, is_pending);
      });
      if (!is_elementwise_[i] && !is_alias(id)) can_wait[i] = false;
    }
    return can_wait;
  }

  bool continues_step(NodeId id) const {
    if (schedule_.steps.empty() || schedule_.steps.back().kind == Step::Kind::node) return false;
    const auto& fused = schedule_.steps.back().nodes;
    return fused.size() < kMaxFused && is_elementwise_[at(id)] &&
           node(id).type.shape == node(fused[0]).type.shape && reads_entry_by_entry(id, fused);
  }

  // What was made inside the step can be read inside it, but not through an alias of another shape,
  // and not where the state under it is written in the step and read as a whole.
  bool reads_entry_by_entry(NodeId id, const std::vector<NodeId>& fused) const {
    for (const auto input : node(id).inputs) {
      const auto source = unreshaped(graph_, input);
      if (is_alias(input) && std::ranges::find(fused, source) != fused.end()) return false;
    }
    const auto written = edges_.in_place.find(id);
    if (written == edges_.in_place.end()) return true;
    const auto state = written->second;
    return std::ranges::none_of(fused, [&](NodeId member) {
      const auto& inputs = node(member).inputs;
      return std::ranges::find(inputs, state) != inputs.end() &&
             (is_product(member) || !(node(state).type.shape == node(member).type.shape));
    });
  }

  void add(NodeId id) {
    auto& steps = schedule_.steps;
    done_[at(id)] = true;
    if (!takes_no_step(id)) {
      if (continues_step(id)) {
        steps.back().nodes.push_back(id);
      } else {
        const auto kind = is_product(id)               ? Step::Kind::product
                          : is_elementwise_[at(id)]    ? Step::Kind::elementwise
                                                       : Step::Kind::node;
        steps.push_back({kind, {id}});
      }
    }
    schedule_.position[at(id)] = steps.empty() ? 0 : steps.size() - 1;
  }

  const Graph& graph_;
  const Precedence& edges_;
  std::vector<bool> done_, is_kept_, is_elementwise_, can_wait_;
  Schedule schedule_;
};

}  // namespace

Schedule schedule_steps(const Graph& graph, const Precedence& precedence) {
  return Scheduler(graph, precedence).run();
}

}  // namespace longhand
