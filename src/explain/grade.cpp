#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <deque>

#include "base/text.h"
#include "explain/expression.h"
#include "explain/line.h"
#include "explain/numbers.h"
#include "explain/precision.h"
#include "explain/rounded_working.h"
#include "longhand/explain.h"

namespace longhand {
namespace {

// Axes of length 1 do not matter.
Shape squeezed(const Shape& shape) {
  Shape result;
  for (const auto extent : shape) {
    if (extent != 1) result = result.with_axis(result.rank(), extent);
  }
  return result;
}

std::string described(const Shape& shape) {
  if (shape.rank() == 0) return "one figure";
  return shape.rank() == 1 ? fmt::format("a list of {} figures", shape[0]) : "figures of the shape " + to_string(shape);
}

class Grader {
 public:
  Grader(const Subjects& subjects, const Worksheet& worksheet)
      : subjects_(subjects), worksheet_(worksheet), good_(subjects), sheet_(subjects) {}

  Grading grade(bool is_batch) {
    Grading grading;
    grading.is_batch = is_batch;
    grading.digits = worksheet_.digits;
    std::vector<JudgedFigures> read;
    for (std::size_t i = 0; i < worksheet_.claims.size(); ++i) {
      const auto& claim = worksheet_.claims[i];
      auto figures = figures_of(claim, i + 1);
      note_answers(figures);
      if (claim.missing() > 0) {
        grading.unanswered.push_back(claim);
        grading.unanswered.back().quantity = subjects_[figures.subject].id;
      }
      if (claim.missing() == claim.shape.count()) continue;
      figures.claim = answered_.size();
      answered_.push_back(&claim);
      read.push_back(std::move(figures));
    }
    for (auto& figures : read) grading.claims.push_back(judge(std::move(figures)));
    return grading;
  }

 private:
  // A wrong claim and the line of those who go by it.
  struct Slip {
    std::size_t claim;
    Line line;
  };

  enum class Answer : std::uint8_t { not_asked, open, given };

  void note_answers(const JudgedFigures& read) {
    auto& answers = answers_[read.subject];
    answers.resize(read.figures.size(), Answer::not_asked);
    for (std::size_t i = 0; i < answers.size(); ++i) answers[i] = std::max(answers[i], read.figures[i] ? Answer::given : Answer::open);
  }

  JudgedFigures figures_of(const Claim& claim, std::size_t number) const {
    const auto where = fmt::format("{}: claim {} ({})", worksheet_.name, number, printable(claim.quantity));
    const auto subject = subjects_.find_spelt(claim.quantity);
    if (!subject) {
      const auto whole = claim.quantity.substr(0, claim.quantity.find('['));
      if (whole.size() < claim.quantity.size() && subjects_.find_spelt(whole)) {
        throw DataError(fmt::format("{}: a quantity is claimed whole: write '{}' and a list, with \"\" for an entry left open", where, whole));
      }
      throw DataError(fmt::format("{}: there is no such quantity; this network has {}", where, fmt::join(subjects_.ids(), ", ")));
    }
    const auto expected = squeezed(subjects_[*subject].value.shape()), found = squeezed(claim.shape);
    if (!(found == expected)) {
      throw DataError(fmt::format("{}: {}, expected {}", where, described(found), described(expected)));
    }
    JudgedFigures judged{.claim = 0, .subject = *subject, .figures = {}, .verdicts = {}};
    for (const auto& text : claim.figures) {
      const auto figure = parse_figure(text);
      if (!figure && !text.empty()) throw DataError(fmt::format("{}: {} is not a number", where, in_quotes(text)));
      judged.figures.push_back(figure);
    }
    return judged;
  }

  JudgedClaim judge(JudgedFigures read) {
    judge_by_good(read);
    auto explained = [&](Line& line) { return unexplained_met(line, read); };
    const auto by_sheet = explained(sheet_);
    std::vector<std::vector<bool>> by_slips;
    for (auto& slip : slips_) {
      by_slips.push_back(slip.line.is_own(read.subject) ? explained(slip.line) : std::vector<bool>(read.figures.size(), false));
    }
    for (std::size_t i = 0; i < read.verdicts.size(); ++i) {
      const bool follows = by_sheet[i] || std::ranges::any_of(by_slips, [&](const auto& met) { return met[i]; });
      if (read.verdicts[i] == Verdict::wrong && follows) read.verdicts[i] = Verdict::follows;
    }

    JudgedClaim judged;
    judged.verdict = *std::ranges::max_element(read.verdicts);
    judged.entries = read.verdicts;
    describe(*answered_[read.claim], read, judged);
    Line* behind = judged.verdict <= Verdict::rounding ? &good_ : &sheet_;
    if (judged.verdict == Verdict::follows) {
      const auto is_all = [&](const std::vector<bool>& met) {
        return std::ranges::equal(met, read.verdicts, [](bool is_met, Verdict v) { return is_met || v != Verdict::follows; });
      };
      Line* latest = nullptr;
      for (std::size_t i = 0; i < slips_.size(); ++i) {
        if (!is_all(by_slips[i])) continue;
        judged.slips.push_back(slips_[i].claim);
        latest = &slips_[i].line;
      }
      if (!is_all(by_sheet) && latest != nullptr) behind = latest;
    }
    work_out(*behind, read, judged);
    note_digits(read, judged);
    remember(read, judged);
    return judged;
  }

  void judge_by_good(JudgedFigures& read) {
    const auto& subject = subjects_[read.subject];
    read.verdicts.clear();
    for (const auto& figure : read.figures) read.verdicts.push_back(figure ? Verdict::wrong : Verdict::unanswered);
    const auto met = unexplained_met(good_, read);
    for (std::size_t i = 0; i < read.figures.size(); ++i) {
      if (!read.figures[i]) continue;
      const bool is_correct = stands_for(*read.figures[i]).contains(subject.value.at(static_cast<std::int64_t>(i)));
      if (is_correct) read.verdicts[i] = Verdict::correct;
      else if (met[i]) read.verdicts[i] = Verdict::rounding;
    }
  }

  // Which of the entries that nothing has explained yet a line explains.
  std::vector<bool> unexplained_met(Line& line, const JudgedFigures& read) const {
    std::vector<bool> met(read.figures.size(), false);
    if (std::ranges::find(read.verdicts, Verdict::wrong) == read.verdicts.end()) return met;
    const auto& derived = line.derived(read.subject);
    const auto* repeated = line.has_claim(read.subject) ? &line.state(read.subject) : nullptr;
    for (std::size_t i = 0; i < met.size(); ++i) {
      if (read.verdicts[i] != Verdict::wrong) continue;
      const auto numbers = stands_for(*read.figures[i]);
      met[i] = meet(numbers, derived[i]) || (repeated != nullptr && meet(numbers, (*repeated)[i]));
    }
    return met;
  }

  void describe(const Claim& claim, const JudgedFigures& read, JudgedClaim& judged) const {
    judged.claim = claim;
    judged.claim.quantity = subjects_[read.subject].id;
    std::vector<double> values;
    for (const auto& figure : read.figures) values.push_back(figure ? figure->value : blank());
    judged.value = Tensor::from(values, claim.shape, DType::f64);
    judged.true_value = where_answered(subjects_[read.subject].value, read);
    judged.formula = subjects_[read.subject].formula;
    judged.expression = subjects_[read.subject].expression;
  }

  // What is not filled in is not given away.
  static Tensor where_answered(const Tensor& values, const JudgedFigures& read) {
    auto result = values.clone();
    for (std::size_t i = 0; i < read.figures.size(); ++i) {
      if (!read.figures[i]) result.set(static_cast<std::int64_t>(i), blank());
    }
    return result;
  }

  void work_out(Line& line, const JudgedFigures& read, JudgedClaim& judged) const {
    const auto values_of = [&](std::size_t subject, const std::vector<double>& values) {
      return Tensor::from(values, subjects_[subject].value.shape(), DType::f64);
    };
    judged.from_claims = where_answered(values_of(read.subject, line.from_figures(read.subject)), read);
    judged.worked_out = judged.from_claims.clone();
    for (const auto source : line.sources(read.subject)) judged.sources.push_back(source);
    if (!judged.expression) return;
    const auto rounded = find_rounded_working(subjects_, line, read);
    if (rounded) judged.worked_out = where_answered(values_of(read.subject, rounded->result), read);
    for (const auto& id : names_in(*judged.expression)) {
      const auto operand = subjects_.find(id);
      if (!operand) continue;
      const bool is_rounded = rounded && rounded->operands.contains(*operand);
      if (is_rounded) judged.rounded.push_back(id);
      judged.operands[id] = without_open(values_of(*operand, is_rounded ? rounded->operands.at(*operand) : line.written(*operand)), *operand);
    }
  }

  void note_digits(const JudgedFigures& read, JudgedClaim& judged) const {
    for (std::size_t i = 0; i < read.figures.size(); ++i) {
      if (!read.figures[i] || read.verdicts[i] == Verdict::wrong) continue;
      const auto& expected = read.verdicts[i] == Verdict::correct ? judged.true_value : judged.worked_out;
      const double value = expected.at(static_cast<std::int64_t>(i));
      if (worksheet_.digits == 0) {
        if (auto coarse = coarse_entry(subjects_, read.subject, i, *read.figures[i], value)) judged.coarse.push_back(std::move(*coarse));
      } else if (!has_digits(judged.claim.figures[i], *read.figures[i], value, worksheet_.digits)) {
        judged.short_entries.push_back(i);
      }
    }
  }

  // What is still to be worked out is not given away by a figure that goes by it.
  Tensor without_open(Tensor values, std::size_t subject) const {
    const auto answers = answers_.find(subject);
    if (answers == answers_.end()) return values;
    for (std::size_t i = 0; i < answers->second.size(); ++i) {
      if (answers->second[i] == Answer::open) values.set(static_cast<std::int64_t>(i), blank());
    }
    return values;
  }

  void remember(const JudgedFigures& read, const JudgedClaim& judged) {
    sheet_.replace(read);
    if (judged.verdict <= Verdict::rounding) {
      good_.hold(read);
      for (auto& slip : slips_) slip.line.forget(read.subject);
    } else if (judged.verdict == Verdict::follows) {
      for (auto& slip : slips_) {
        if (std::ranges::find(judged.slips, slip.claim) != judged.slips.end()) slip.line.hold(read);
      }
    } else {
      slips_.push_back({read.claim, Line(subjects_, good_, read.subject)});
      slips_.back().line.hold(read);
    }
  }

  const Subjects& subjects_;
  const Worksheet& worksheet_;
  std::vector<const Claim*> answered_;
  std::map<std::size_t, std::vector<Answer>> answers_;  // by subject, over all claims
  Line good_, sheet_;
  std::deque<Slip> slips_;
};

}  // namespace

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::unanswered: return "unanswered";
    case Verdict::correct: return "correct";
    case Verdict::rounding: return "rounding";
    case Verdict::follows: return "follows";
    case Verdict::wrong: return "wrong";
  }
  return "";
}

std::int64_t Claim::missing() const {
  return std::ranges::count(figures, "");
}

std::int64_t Grading::count(Verdict verdict) const {
  return std::ranges::count(claims, verdict, &JudgedClaim::verdict);
}

std::int64_t Grading::coarse() const {
  return std::ranges::count_if(claims, [](const JudgedClaim& judged) { return !judged.coarse.empty(); });
}

std::int64_t Grading::too_short() const {
  return std::ranges::count_if(claims, [](const JudgedClaim& judged) { return !judged.short_entries.empty(); });
}

std::vector<std::size_t> Grading::spoiled_by(std::size_t slip) const {
  std::vector<std::size_t> spoiled;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const auto& slips = claims[i].slips;
    if (std::ranges::find(slips, slip) != slips.end()) spoiled.push_back(i);
  }
  return spoiled;
}

Grading grade(const Graph& graph, const std::map<std::string, Tensor>& values, const Worksheet& worksheet, bool batch) {
  const Subjects subjects(graph, values, batch);
  return Grader(subjects, worksheet).grade(batch);
}

}  // namespace longhand
