// What figures can be about: the quantities that explain names, and the slopes of the linear layers,
// dzk/dWk and dzk/da(k-1). How each is worked out from the others.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "explain/range.h"
#include "longhand/explain.h"

namespace longhand {

struct Subject {
  std::string id;
  Tensor value;                       ///< the true one, shaped as explain shows it
  std::string formula;                ///< as text: "z1 = W1 x + b1"; empty for what is given
  std::shared_ptr<const Expression> expression;  ///< its right-hand side, or null
  std::optional<Range> range;         ///< nothing for what is exact: inputs, targets, parameters
  std::vector<std::size_t> operands;  ///< what it is worked out from, but for what is exact
  std::vector<double> limits = {};    ///< what it comes near and never is: 1 for a sigmoid

  bool is_exact() const { return !range; }
};

class Subjects {
 public:
  /// `values` and `batch` as for explain().
  Subjects(const Graph& graph, const std::map<std::string, Tensor>& values, bool batch);

  std::size_t size() const { return subjects_.size(); }
  const Subject& operator[](std::size_t i) const { return subjects_[i]; }
  std::optional<std::size_t> find(const std::string& id) const;
  /// By its id, or as people spell it where that says one quantity.
  std::optional<std::size_t> find_spelt(const std::string& spelling) const;
  /// The ids in the order of the work.
  std::vector<std::string> ids() const;
  /// Whether one is worked out from the other, be it through others.
  bool depends(std::size_t subject, std::size_t on) const { return needs_[subject].contains(on); }
  /// What is not worked out, for the inputs of formulas.
  const Inputs<Interval>& exact() const { return exact_; }

 private:
  void add(Subject subject, Formula formula);
  void add_linear_slopes(const Graph& graph, const Notation& notation);
  void find_needs();

  std::int64_t rows_ = 1;
  std::vector<Subject> subjects_;
  std::map<std::string, std::size_t> numbers_;
  std::vector<std::set<std::size_t>> needs_;
  Inputs<Interval> exact_;
};

}  // namespace longhand
