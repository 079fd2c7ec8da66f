// What a formula can come to when its operands are known to lie in intervals.
#pragma once

#include "explain/formula.h"
#include "ir/evaluate.h"
#include "ir/interval.h"

namespace longhand {

/// The formula of a quantity, made ready to be worked out on intervals.
class Range {
 public:
  /// `varying` counts the operands that are not exact; of one, its id is `operand`.
  Range(Formula formula, std::int64_t rows, const std::vector<std::string>& varying);

  /// Interval arithmetic; with one varying operand the least interval of each entry wherever entries
  /// do not mix, or are only added. `inputs` are the graph's, by name.
  Array<Interval> operator()(const Inputs<Interval>& inputs) const;

  const Formula& formula() const { return formula_; }

 private:
  // A part of the formula each entry of which depends on one entry of the operand.
  struct Part {
    NodeId node = kNoNode;
    NodeId slope = kNoNode;
    std::vector<NodeId> conditions;  // comparisons in it: across one that is not known it may jump
  };

  void find_parts();

  Formula formula_;
  std::int64_t rows_;
  NodeId operand_ = kNoNode;
  std::vector<Part> parts_;
  NodeId last_ = kNoNode;  // of the formula, before the slopes

  friend class PartRange;
};

}  // namespace longhand
