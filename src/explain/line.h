// A line of reasoning: what each quantity may be to somebody who goes by some of the figures written
// so far.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "explain/digits.h"
#include "explain/subjects.h"

namespace longhand {

/// The figures of a claim about a subject, and what each is worth once they are judged. Entries are
/// flat, row by row.
struct JudgedFigures {
  std::size_t claim = 0;  ///< its number in the worksheet, from 0
  std::size_t subject = 0;
  std::vector<std::optional<Figure>> figures;  ///< nothing where none is filled in
  std::vector<Verdict> verdicts;
};

class Line {
 public:
  explicit Line(const Subjects& subjects) : subjects_(subjects) {}
  /// A slip: `subject` and what is worked out from it go by this line's figures alone, all else is
  /// as in `base`, which outlives this line.
  Line(const Subjects& subjects, Line& base, std::size_t subject)
      : subjects_(subjects), base_(&base), slip_(subject) {}

  /// Whether the line has figures or conclusions of its own about the subject.
  bool is_own(std::size_t subject) const {
    return base_ == nullptr || subject == slip_ || subjects_.depends(subject, slip_);
  }
  /// Goes by a claim too, or by it in place of the earlier ones about its subject. Wrong entries
  /// stand for all that their figure may stand for.
  void hold(const JudgedFigures& claim);
  void replace(const JudgedFigures& claim);
  /// Something that `subject` is worked out from has changed in the base.
  void forget(std::size_t subject);

  bool has_claim(std::size_t subject) const { return claims_.contains(subject); }
  /// The subject's interval, by its claims if there are any, else as it is worked out.
  const std::vector<Interval>& state(std::size_t subject) { return state_as(subject, Reading::intervals).real; }
  /// Its formula applied once to the states of its operands.
  const std::vector<Interval>& derived(std::size_t subject) { return derived_as(subject, Reading::intervals).real; }
  /// The same with the latest figures, as they were written, in place of intervals.
  std::vector<double> from_figures(std::size_t subject) { return middles(derived_as(subject, Reading::written)); }
  /// And with other values of some operands in place of theirs.
  std::vector<double> from_figures(std::size_t subject, const std::map<std::size_t, std::vector<double>>& others);
  /// The subject's latest figures, or what it is by those behind it.
  std::vector<double> written(std::size_t subject) { return middles(state_as(subject, Reading::written)); }
  /// The numbers of the claims whose figures those are.
  std::set<std::size_t> sources(std::size_t subject) const;

 private:
  // Worked out when first asked for.
  struct Memory {
    std::map<std::size_t, Array<Interval>> states, derived;
  };
  // Figures as intervals, or as they were written.
  enum class Reading : std::uint8_t { intervals, written };

  static std::vector<double> middles(const Array<Interval>& array);
  std::set<std::size_t> nearest_claims(std::size_t subject) const;
  const Array<Interval>& state_as(std::size_t subject, Reading reading);
  const Array<Interval>& derived_as(std::size_t subject, Reading reading);
  Inputs<Interval> operands_as(std::size_t subject, Reading reading);
  Array<Interval> by_claims(std::size_t subject, Reading reading);
  Memory& memory(Reading reading) { return memories_[static_cast<std::size_t>(reading)]; }

  const Subjects& subjects_;
  Line* base_ = nullptr;
  std::size_t slip_ = 0;
  std::map<std::size_t, std::vector<JudgedFigures>> claims_;
  std::array<Memory, 2> memories_;
};

}  // namespace longhand
