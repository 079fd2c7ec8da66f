#include <fmt/format.h>

#include <algorithm>

#include "report/cautions.h"
#include "report/words.h"

namespace longhand::report {
namespace {

constexpr std::int64_t kLeastRows = 10;  // or groups: an interval of fewer says nothing
constexpr double kGoodRanking = 0.8;     // AUC
constexpr const char* kLookedFor = "Better than a constant guess";

class Comparison {
 public:
  explicit Comparison(const Evidence& evidence)
      : all_(evidence), target_(*evidence.target), name_(evidence.metrics->values.front().first), is_number_(target_.task == Task::regression) {
    const bool is_enough = (all_.groups > 0 ? all_.groups : all_.metrics->rows) >= kLeastRows;
    const auto [low, high] = bounds(0);
    const double guess = all_.baseline->value(name_);
    is_better_ = is_enough && (is_number_ ? all_.gain.low > 0 : low > guess);
    is_worse_ = is_enough && (is_number_ ? all_.gain.high < 0 : high < guess);
  }

  AgainstGuess told() const {
    if (const auto code = only_class()) return of_one_class(quoted(target_.classes[*code]));
    if (is_better_) return {std::nullopt, {kLookedFor, "yes", false}};
    const auto ranking = ranking_words();
    if (!ranking.empty()) {
      const bool is_good = target_.task == Task::binary && all_.metrics->value("auc") >= kGoodRanking;
      auto title = fmt::format("Accuracy is {} that of a constant guess, but {}", is_worse_ ? "worse than" : "no better than",
                               target_.task != Task::binary ? "the probabilities tell something" : is_good ? "it ranks the rows well" : "it ranks the rows better than chance");
      return with(false, std::move(title), ranking);
    }
    if (is_worse_) {
      return with(true, is_number_ ? "Clearly worse than guessing the mean" : "Clearly worse than a constant guess",
                  "What it learned does not hold for these rows: they may be of another time or kind than those it learned from, a few values far from all others may throw it off, or learning "
                  "went wrong. Look at the columns that are filled differently, the errors and the learning curves before it is used.");
    }
    return with(true, is_number_ ? "Not clearly better than guessing the mean" : "Not clearly better than a constant guess",
                fmt::format("The columns may not say much about {}, or there are too few rows to learn it from.", quoted(target_.name)));
  }

 private:
  const Bounds& bounds(std::size_t metric) const { return all_.intervals->bounds[metric]; }

  AgainstGuess with(bool is_serious, std::string title, const std::string& text) const {
    const auto metric = [&](double value) { return metric_text(name_, value, target_, all_.metrics->rows); };
    const auto [low, high] = bounds(0);
    const auto guess = all_.baseline->value(name_);
    const auto against = fmt::format("{} {}, where the network has {} (95% interval {} to {}).", is_number_ ? "Guessing the mean for every row gives an error of" : "Guessing the same for every row is right for",
                                     metric(guess), metric(all_.metrics->value(name_)), metric(low), metric(high));
    return {Caution{is_serious, std::move(title), against + " " + text}, {kLookedFor, is_worse_ ? "no, worse" : "not clearly", true}};
  }

  std::optional<std::size_t> only_class() const {
    std::vector<std::size_t> there;
    for (std::size_t code = 0; code < all_.metrics->confusion.size(); ++code) {
      const bool is_there = std::ranges::any_of(all_.metrics->confusion[code], [](std::int64_t count) { return count > 0; });
      if (is_there) there.push_back(code);
    }
    return there.size() == 1 ? std::optional(there[0]) : std::nullopt;
  }

  AgainstGuess of_one_class(const std::string& name) const {
    return {Caution{true, "All rows to test on are " + name,
                    fmt::format("Saying {} for every row would be right for all of them, so that nothing here tells how well the classes can be told apart. Test on rows of {}.", name,
                                target_.task == Task::binary ? "both" : "all of them")},
            {kLookedFor, "cannot be told", true}};
  }

  // Empty where it does not rank the rows clearly better than chance.
  std::string ranking_words() const {
    for (std::size_t i = 0; i < all_.metrics->values.size(); ++i) {
      const auto& [name, value] = all_.metrics->values[i];
      const auto [low, high] = bounds(i);
      const auto text = [&](double of) { return metric_text(name, of, target_, all_.metrics->rows); };
      if (target_.task == Task::binary && name == "auc" && low > 0.5) {
        return fmt::format("It ranks the rows, though: its AUC is {} (95% interval {} to {}), so that of two rows, one of them {}, that one mostly gets the higher probability. Where one class is rare, or the errors "
                           "cost differently, 0.5 is not the place to cut: take another threshold from the table below.", text(value), text(low), text(high), quoted(target_.classes[1]));
      }
      if (target_.task == Task::multiclass && name == "log_loss" && high < all_.baseline->value(name)) {
        return fmt::format("Its probabilities say more than the shares of the classes do, though: the log loss is {} (95% interval {} to {}), against {}.", text(value), text(low), text(high), text(all_.baseline->value(name)));
      }
    }
    return {};
  }

  const Evidence& all_;
  const TargetColumn& target_;
  const std::string& name_;
  const bool is_number_;
  bool is_better_ = false, is_worse_ = false;
};

}  // namespace

AgainstGuess against_guess(const Evidence& evidence) { return Comparison(evidence).told(); }

}  // namespace longhand::report
