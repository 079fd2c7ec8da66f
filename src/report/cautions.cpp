#include "report/cautions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_set>

#include "base/text.h"
#include "model/training_record.h"
#include "report/cells.h"
#include "report/roles.h"
#include "report/words.h"
#include "train/scored_rows.h"

namespace longhand::report {
namespace {

constexpr double kRareClass = 0.1;
constexpr double kLargeDrift = 0.1;
constexpr double kManyMissing = 0.2;
constexpr double kRepeated = 0.01, kManyRepeated = 0.25;
constexpr std::int64_t kFewRows = 100, kFewGroups = 20;

class Search {
 public:
  explicit Search(const Evidence& evidence) : all_(evidence), target_(*evidence.target) {
    for (const auto& input : evidence.model->inputs) inputs_.push_back(input.name);
  }

  std::vector<Caution> run_for_traps() {
    if (is_tested_apart()) compare_with_a_guess();
    look_for_duplicates();
    look_at_balance();
    return std::move(findings_.cautions);
  }

  Findings run() {
    look_at_the_test();
    look_for_leakage();
    look_for_duplicates();
    look_for_drift();
    look_at_balance();
    look_for_fitting_by_heart();
    look_at_missing_cells();
    look_for_empty_columns();
    std::ranges::stable_sort(findings_.cautions, std::greater(), &Caution::is_serious);
    return std::move(findings_);
  }

 private:
  void add(bool is_serious, std::string title, std::string text) {
    findings_.cautions.push_back({is_serious, std::move(title), std::move(text)});
  }
  void checked(std::string what, std::string found, bool is_caution = false) {
    findings_.checks.push_back({std::move(what), std::move(found), is_caution});
  }

  static std::vector<std::string> all_quoted(const std::vector<std::string>& names) {
    std::vector<std::string> all;
    for (const auto& name : names) all.push_back(quoted(name));
    return all;
  }

  static const char* words_of(train::Seen seen) {
    switch (seen) {
      case train::Seen::no: return "not recognised";
      case train::Seen::learned: return "all of them";
      case train::Seen::partly: return "most of them";
    }
    return "";
  }

  // The metric that is spoken of first: accuracy, or RMSE.
  const std::string& leading() const { return all_.metrics->values.front().first; }

  // Figures are of other rows than the network has learned from.
  bool is_tested_apart() const { return all_.held_out != all_.learned || all_.folds != nullptr; }
  // There are rows that were learned from and others beside them.
  bool has_parts() const { return all_.learned != nullptr && all_.learned != all_.held_out; }

  void look_at_the_test() {
    const auto rows = all_.metrics->rows;
    if (!is_tested_apart()) {
      add(true, "No rows were held out", "The figures are of the very rows that the network learned from. On new rows it will be worse, and this page cannot "
                                         "say by how much. Leave --validation on to find out.");
      checked("Rows to test on", "none were held out", true);
      return;
    }
    if (all_.seen != train::Seen::no) {
      const bool all_of_them = all_.seen == train::Seen::learned;
      add(true, all_of_them ? "The network has learned from these very rows" : "The network has learned from most of these rows",
          fmt::format("{} The figures say how well it knows them, not how well it will do on others. Evaluate it on rows that it has not seen.",
                      all_of_them ? "They are those that it was trained with." : "They are the table that it was trained with, of which a part was held out."));
    }
    const bool are_few_groups = all_.groups > 0 && all_.groups < kFewGroups, are_few = rows < kFewRows || are_few_groups;
    if (are_few) {
      add(are_few_groups, fmt::format("Only {} to judge by", are_few_groups ? counted(all_.groups, "group") : counted(rows, "row")),
          "With so few the figures may well be luck, good or bad. Read the intervals beside them, and test again when there are more rows.");
    }
    checked("Rows to test on", counted(rows, "row") + (all_.groups > 0 ? " of " + counted(all_.groups, "group") : ""), are_few);
    if (all_.training == nullptr) checked("Rows that it has learned from", words_of(all_.seen), all_.seen != train::Seen::no);
    compare_with_a_guess();
  }

  void compare_with_a_guess() {
    auto [caution, check] = against_guess(all_);
    if (caution) findings_.cautions.push_back(std::move(*caution));
    findings_.checks.push_back(std::move(check));
  }

  void look_for_leakage() {
    std::vector<std::string> telling;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      const auto& input = inputs_[i];
      const double told = all_.told[i];
      if (!tells_all(told, target_.task)) continue;
      telling.push_back(input);
      add(true, fmt::format("{} all but gives {} away", quoted(input), quoted(target_.name)),
          fmt::format("This one column, by itself, foretells {} as well as {} would. Ask whether it is known before {} is: if it is written down afterwards, or is the same thing in other words, "
                      "the figures on this page will not hold in use.{}",
                      quoted(target_.name), told >= 1 ? "knowing it" : fmt::format("one that removes {} of the error", percent(told)), quoted(target_.name),
                      can_be_dropped(input) ? fmt::format(" Leave it out with --drop {} and learn again.", list_argument(input)) : ""));
    }
    checked("A single column that gives the target away", telling.empty() ? "none" : listed(all_quoted(telling)), !telling.empty());
  }

  void look_for_duplicates() {
    if (!has_parts()) return;
    auto columns = inputs_;
    columns.push_back(target_.name);
    const auto both = rows_in_both(*all_.learned, *all_.held_out, columns);
    const double share = static_cast<double>(both) / static_cast<double>(all_.held_out->rows());
    const auto combinations = combinations_at_most(all_.learned->rows(), columns);
    const bool must_repeat = combinations <= all_.learned->rows();
    const bool are_many = share > kRepeated && !must_repeat;
    if (are_many) {
      add(share > kManyRepeated, fmt::format("{} of the held-out rows repeat a row that was learned from", percent(share, all_.held_out->rows())),
          fmt::format("{} held-out rows have the same cells, {} among them, as a row that the network has seen. It may have learned these by heart, and the figures then flatter it. Remove repeated rows "
                      "before learning, unless they are separate cases that look alike.", with_commas(both), quoted(target_.name)));
    }
    checked("Held-out rows that repeat a learned row",
            (both == 0 ? "none" : fmt::format("{} of {}", with_commas(both), with_commas(all_.held_out->rows()))) +
                (must_repeat ? fmt::format("; there can be no more than {} different rows", with_commas(combinations)) : ""),
            are_many);
  }

  // Of cells that the learned rows have; some number above `most` where there are more.
  std::int64_t combinations_at_most(std::int64_t most, const std::vector<std::string>& columns) const {
    std::int64_t combinations = 1;
    for (const auto& column : columns) {
      const auto distinct = all_.learned->column(column).count_distinct(static_cast<std::size_t>(most) + 1);
      combinations *= static_cast<std::int64_t>(std::max<std::size_t>(distinct, 1));
      if (combinations > most) return combinations;
    }
    return combinations;
  }

  void look_for_drift() {
    if (!has_parts()) return;
    std::vector<std::string> drifted;
    auto columns = inputs_;
    columns.push_back(target_.name);
    for (const auto& name : columns) {
      if (!can_be_dropped(name)) continue;  // it is different because rows were held out by it
      const auto drift = drift_of(*all_.model, *all_.learned, *all_.held_out, name);
      if (drift.is_clear && drift.index >= kLargeDrift) drifted.push_back(name);
    }
    is_target_shifted_ = !drifted.empty() && drifted.back() == target_.name;
    if (!drifted.empty()) {
      add(true, "The test rows differ from the rows learned from",
          fmt::format("{} {} filled differently in the two parts, by more than chance would do. The figures then say how the network fares on other rows than it knows, which may be what is wanted, "
                      "or a sign that the parts were not drawn alike.", listed(all_quoted(drifted)), drifted.size() == 1 ? "is" : "are"));
    }
    checked("Columns filled differently in the two parts", drifted.empty() ? "none" : listed(all_quoted(drifted)), !drifted.empty());
  }

  void look_at_balance() {
    if (target_.task == Task::regression) return;
    const auto codes = Classes(target_.classes).encode(*all_.table, target_.name);
    std::vector<std::int64_t> counts(target_.classes.size());
    for (const auto code : codes) ++counts[static_cast<std::size_t>(code)];
    const auto rarest = static_cast<std::size_t>(std::ranges::min_element(counts, {}, [](std::int64_t count) {
                                                   return count == 0 ? std::numeric_limits<std::int64_t>::max() : count;
                                                 }) - counts.begin());
    const auto commonest = static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin());
    const auto rows = static_cast<double>(codes.size());
    const double share = static_cast<double>(counts[rarest]) / rows;
    const bool is_rare = share < kRareClass * 2 / static_cast<double>(counts.size());
    if (is_rare) {
      const bool is_balanced = record_of(*all_.model, "class_weight").has_value();
      const auto advice = all_.training == nullptr ? std::string()
                          : is_balanced            ? std::string(". With --class-weight balanced it was learned as if all classes were as frequent, so that its probabilities of rare ones are too high")
                                                   : fmt::format(", and consider --class-weight balanced{}", target_.task == Task::binary ? " or another threshold" : "");
      add(false, fmt::format("{} is rare: {} of all rows", quoted(target_.classes[rarest]), percent(share, all_.table->rows())),
          fmt::format("Saying {} for every row would already be right for {}, so accuracy alone says little. Look at the rare class in the table of errors{}.",
                      quoted(target_.classes[commonest]), percent(static_cast<double>(counts[commonest]) / rows, all_.table->rows()), advice));
    }
    checked("A rare class", is_rare ? fmt::format("{}, {}", quoted(target_.classes[rarest]), percent(share, all_.table->rows())) : "none", is_rare);
  }

  void look_for_fitting_by_heart() {
    if (all_.on_learned == nullptr || !is_tested_apart()) return;
    const bool is_error = !train::is_higher_better(leading());
    const double there = all_.on_learned->value(leading()), here = all_.metrics->value(leading());
    const auto [low, high] = all_.intervals->bounds.front();
    const bool is_outside = is_error ? there < low : there > high;
    const bool is_gap = is_outside && (is_error ? here > 1.25 * there : there - here > 0.05);
    const auto text = [&](double value) { return metric_text(leading(), value, target_, all_.metrics->rows); };
    const auto figures = fmt::format("{}: {} on learned rows, {} on held-out ones. ", report::words_of(leading(), target_).title, text(there), text(here));
    if (is_gap && is_target_shifted_) {
      add(false, "Better on the rows it learned from than on others, which differ",
          figures + fmt::format("{} itself is filled differently in the two parts, so the gap may be that change, and need not be rows learned by heart.", quoted(target_.name)));
    } else if (is_gap) {
      add(false, "Better on the rows it learned from than on others",
          figures + "Part of what the network learned is those rows by heart. The held-out figures are the ones to trust; more rows, a smaller network, "
                    "--dropout or more --weight-decay may narrow the gap.");
    }
    checked("Learned rows against held-out rows", fmt::format("{} and {}", text(there), text(here)), is_gap);
    if (all_.training == nullptr) return;
    const auto& history = all_.training->history;
    const bool is_unfinished = !history.empty() && history.back().validation_loss && all_.training->epochs == static_cast<std::int64_t>(history.size());
    if (is_unfinished) add(false, "Learning had not come to its end", "The last epoch was the best one so far. More --epochs may give a better model.");
    checked("Learning came to its end", is_unfinished ? "no, the last epoch was the best" : "yes", is_unfinished);
  }

  void look_at_missing_cells() {
    std::vector<std::string> gappy;
    std::size_t missing = 0;
    for (const auto& name : inputs_) {
      const auto here = cells_of(*all_.model, *all_.table, name).missing();
      missing += here;
      if (static_cast<double>(here) > kManyMissing * static_cast<double>(all_.table->rows())) gappy.push_back(name);
    }
    if (!gappy.empty()) {
      add(false, fmt::format("Many cells are empty in {}", listed(all_quoted(gappy))),
          "The network is told that a cell is empty, and goes by that too. If cells will be empty for other reasons in use, its answers may be off.");
    }
    checked("Empty cells", missing == 0 ? "none" : with_commas(static_cast<std::int64_t>(missing)), !gappy.empty());
  }

  void look_for_empty_columns() {
    if (all_.training == nullptr) return;
    say_what_was_left_out();
    std::vector<std::string> constant, numbering;
    for (const auto& name : inputs_) {
      const auto cells = cells_of(*all_.model, *all_.table, name);
      if (is_constant(cells)) constant.push_back(name);
      else if (can_be_dropped(name) && numbers_the_rows(cells)) numbering.push_back(name);
    }
    if (!numbering.empty()) {
      add(false, fmt::format("{} looks like a row's number or name", listed(all_quoted(numbering))),
          "It is different in every row, so it can only be learned by heart, or stands for the order in which rows were written down. Leave it out with --drop.");
    }
    if (!constant.empty()) {
      add(false, fmt::format("{} has the same value in every row", listed(all_quoted(constant))), "It tells nothing and can be left out.");
    }
    auto odd = numbering;
    odd.insert(odd.end(), constant.begin(), constant.end());
    checked("Columns that only number the rows, or never change", odd.empty() ? "none" : listed(all_quoted(odd)), !odd.empty());
  }

  void say_what_was_left_out() {
    std::vector<std::string> left_out;
    for (const auto& column : all_.training->columns) {
      if (column.kind == ColumnKind::identifier || column.kind == ColumnKind::constant) left_out.push_back(column.name);
    }
    checked("Columns left out because they tell nothing", left_out.empty() ? "none" : listed(all_quoted(left_out)));
  }

  // What rows are held out by is needed, whatever else it is.
  bool can_be_dropped(const std::string& name) const { return role_of(*all_.described, name).empty(); }

  static bool is_constant(const Cells& cells) {
    return std::ranges::all_of(cells.values, [&](double value) { return value == cells.values.front(); });
  }

  static bool numbers_the_rows(const Cells& cells) {
    constexpr std::size_t kTooFew = 20;
    if (cells.values.size() <= kTooFew) return false;
    std::unordered_set<double> seen;
    double least = cells.values.front(), greatest = least;
    for (const double value : cells.values) {
      if (std::isnan(value) || (cells.are_numbers && value != std::floor(value)) || !seen.insert(value).second) return false;
      least = std::min(least, value);
      greatest = std::max(greatest, value);
    }
    return !cells.are_numbers || greatest - least < 2 * static_cast<double>(cells.values.size());
  }

  const Evidence& all_;
  const TargetColumn& target_;
  std::vector<std::string> inputs_;
  bool is_target_shifted_ = false;
  Findings findings_;
};

}  // namespace

Findings look_for_cautions(const Evidence& evidence) { return Search(evidence).run(); }

std::vector<Caution> look_for_traps(const Evidence& evidence) { return Search(evidence).run_for_traps(); }

}  // namespace longhand::report
