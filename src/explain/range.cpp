#include "explain/range.h"

#include <algorithm>
#include <cmath>

#include "ir/op_table.h"
#include "longhand/autodiff.h"

namespace longhand {
namespace {

using Entries = std::vector<Interval>;

// Whether an entry of the node depends on no more than one entry of each operand of equal count.
bool is_entrywise(const Node& node) {
  switch (info(node.op).op_class) {
    case OpClass::unary: case OpClass::binary: case OpClass::comparison: return true;
    default: break;
  }
  return node.op == Op::where || node.op == Op::to_real || node.op == Op::reshape || node.op == Op::broadcast;
}

}  // namespace

// The least interval of each entry of a part, by halving the operand's interval until the part is
// monotone on each piece (its slope keeps its sign), or a piece can add nothing. All entries are
// worked at together, each on a piece of its own.
class PartRange {
 public:
  PartRange(const Range& range, const Range::Part& part, const Inputs<Interval>& inputs)
      : range_(range), part_(part), inputs_(inputs), name_(range.formula_.graph.node(range.operand_).attributes.name),
        whole_(inputs.at(name_).real) {}

  Entries find() {
    known_ = evaluate_on(whole_).value;
    pieces_.resize(whole_.size());
    bool is_wide = false;
    for (std::size_t i = 0; i < whole_.size(); ++i) {
      if (whole_[i].is_point() || !whole_[i].is_bounded()) continue;
      known_[i] = Interval::undefined();
      pieces_[i].push_back(whole_[i]);
      is_wide = true;
    }
    constexpr int kMostRounds = 1000;
    for (int round = 0; is_wide && round < kMostRounds; ++round) is_wide = refine();
    if (is_wide) take_rest();
    return known_;
  }

 private:
  struct Values {
    Entries value, slope;
    std::vector<bool> may_jump;
  };

  Values evaluate_on(Entries pieces) const {
    auto inputs = inputs_;
    inputs.at(name_).real = std::move(pieces);
    const auto all = evaluate<Interval>(range_.formula_.graph, inputs, {}, range_.rows_, std::max(part_.node, part_.slope));
    Values values{all[static_cast<std::size_t>(part_.node)].real, all[static_cast<std::size_t>(part_.slope)].real, {}};
    values.may_jump.resize(values.value.size(), false);
    for (const auto condition : part_.conditions) {
      const auto& truth = all[static_cast<std::size_t>(condition)].real;
      for (std::size_t i = 0; i < values.may_jump.size(); ++i) {
        if (!truth[truth.size() == 1 ? 0 : i].is_point()) values.may_jump[i] = true;
      }
    }
    return values;
  }

  Entries at_ends(const Entries& pieces) const {
    auto low = pieces, high = pieces;
    for (auto& end : low) end = Interval(end.low);
    for (auto& end : high) end = Interval(end.high);
    auto values = evaluate_on(std::move(low)).value;
    const auto others = evaluate_on(std::move(high)).value;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = hull(values[i], others[i]);
    return values;
  }

  // Takes one piece of each entry that has any. False where there was none.
  bool refine() {
    Entries pieces(whole_.size());
    std::vector<bool> taken(whole_.size(), false);
    for (std::size_t i = 0; i < whole_.size(); ++i) {
      taken[i] = !pieces_[i].empty();
      pieces[i] = taken[i] ? pieces_[i].back() : Interval(whole_[i].low);
      if (taken[i]) pieces_[i].pop_back();
    }
    if (std::ranges::find(taken, true) == taken.end()) return false;

    const auto values = evaluate_on(pieces);
    const auto ends = at_ends(pieces);
    auto middles = pieces;
    for (auto& middle : middles) middle = Interval(middle.middle());
    const auto at_middle = evaluate_on(middles).value;
    for (std::size_t i = 0; i < whole_.size(); ++i) {
      if (!taken[i]) continue;
      known_[i] = hull(known_[i], ends[i]);
      const auto slope = values.slope[i];
      const bool is_smooth = !values.may_jump[i] && !slope.is_undefined();
      auto possible = values.value[i];
      if (is_smooth && (slope.low >= 0 || slope.high <= 0)) {
        // At a pole the end itself has no value, though the piece goes beyond all bounds.
        if (!possible.is_bounded()) known_[i] = hull(known_[i], possible);
        continue;
      }
      if (is_smooth) {
        const auto by_slope = at_middle[i] + slope * (pieces[i] - middles[i]);
        if (!by_slope.is_undefined()) possible = intersection(possible, by_slope);
      }
      known_[i] = hull(known_[i], at_middle[i]);
      const double middle = middles[i].low;
      const bool is_least = !(pieces[i].low < middle && middle < pieces[i].high);
      if (is_least || adds_nothing(known_[i], possible)) {
        known_[i] = hull(known_[i], possible);
      } else {
        pieces_[i].push_back({pieces[i].low, middle});
        pieces_[i].push_back({middle, pieces[i].high});
      }
    }
    return true;
  }

  // Within what rounding moves anyway.
  static bool adds_nothing(Interval known, Interval possible) {
    constexpr double kRelative = 1e-14;
    const double margin = kRelative * std::max(std::abs(known.low), std::abs(known.high));
    return holds({known.low - margin, known.high + margin}, possible);
  }

  // What was not decided in time is taken as interval arithmetic has it.
  void take_rest() {
    for (bool is_left = true; is_left;) {
      is_left = false;
      Entries pieces(whole_.size());
      for (std::size_t i = 0; i < whole_.size(); ++i) {
        pieces[i] = pieces_[i].empty() ? Interval(whole_[i].low) : pieces_[i].back();
        if (pieces_[i].empty()) continue;
        pieces_[i].pop_back();
        is_left = true;
      }
      const auto values = evaluate_on(pieces).value;
      for (std::size_t i = 0; i < whole_.size(); ++i) known_[i] = hull(known_[i], values[i]);
    }
  }

  const Range& range_;
  const Range::Part& part_;
  const Inputs<Interval>& inputs_;
  const std::string name_;
  const Entries whole_;
  Entries known_;
  std::vector<Entries> pieces_;  // of each entry, still to be looked at
};

Range::Range(Formula formula, std::int64_t rows, const std::vector<std::string>& varying)
    : formula_(std::move(formula)), rows_(rows), last_(static_cast<NodeId>(formula_.graph.size()) - 1) {
  if (varying.size() != 1) return;
  operand_ = formula_.graph.find_input(varying[0]);
  if (formula_.graph.node(operand_).type.kind == Kind::real) find_parts();
}

void Range::find_parts() {
  Graph& graph = formula_.graph;
  const auto size = graph.size();
  const auto count = [&](NodeId id) { return graph.node(id).type.shape.count(rows_); };
  const auto entries = count(operand_);
  enum class Place : std::uint8_t { outside, entrywise, beyond };
  std::vector<Place> places(size, Place::outside);
  places[static_cast<std::size_t>(operand_)] = Place::entrywise;
  std::vector<bool> is_part(size, false);
  for (std::size_t at = 0; at < size; ++at) {
    const auto id = static_cast<NodeId>(at);
    const auto& node = graph.node(id);
    bool depends = false, is_beyond = !is_entrywise(node) || count(id) != entries;
    for (const auto input : node.inputs) {
      const auto place = places[static_cast<std::size_t>(input)];
      depends = depends || place != Place::outside;
      is_beyond = is_beyond || place == Place::beyond;
    }
    if (!depends) continue;
    places[at] = is_beyond ? Place::beyond : Place::entrywise;
    for (const auto input : node.inputs) {
      if (is_beyond && places[static_cast<std::size_t>(input)] == Place::entrywise) is_part[static_cast<std::size_t>(input)] = true;
    }
  }
  if (places[static_cast<std::size_t>(formula_.result)] == Place::entrywise) is_part[static_cast<std::size_t>(formula_.result)] = true;

  for (std::size_t at = 0; at < size; ++at) {
    const auto id = static_cast<NodeId>(at);
    if (!is_part[at] || id == operand_ || graph.node(id).type.kind != Kind::real) continue;
    Part part{.node = id, .conditions = {}};
    part.slope = vector_jacobian_product(graph.var(id), graph.constant(1.0), {graph.var(operand_)})[0].id;
    for (NodeId other = 0; other < id; ++other) {
      const bool depends = places[static_cast<std::size_t>(other)] == Place::entrywise;
      if (depends && graph.node(other).type.kind == Kind::boolean) part.conditions.push_back(other);
    }
    parts_.push_back(std::move(part));
  }
}

Array<Interval> Range::operator()(const Inputs<Interval>& inputs) const {
  std::map<NodeId, Array<Interval>> overrides;
  for (const auto& part : parts_) {
    const auto shape = formula_.graph.node(part.node).type.shape.with_rows(rows_);
    overrides[part.node] = {shape, PartRange(*this, part, inputs).find(), {}};
  }
  auto values = evaluate<Interval>(formula_.graph, inputs, overrides, rows_, last_);
  return std::move(values[static_cast<std::size_t>(formula_.result)]);
}

}  // namespace longhand
