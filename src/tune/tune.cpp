// The search: brackets of trials, one after another, until the budget is spent.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <mutex>
#include <numeric>

#include "base/thread_pool.h"
#include "train/column_roles.h"
#include "train/defaults.h"
#include "train/fit.h"
#include "train/resume.h"
#include "tune/brackets.h"
#include "tune/finalists.h"
#include "tune/search_file.h"
#include "tune/trial_settings.h"

namespace longhand {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kToItsEnd = std::numeric_limits<std::int64_t>::max();

void require(bool is_right, const std::string& what) {
  if (!is_right) throw ArgumentError(what);
}

void check(const TuneOptions& options) {
  const auto& training = options.training;
  require(options.trials >= 0 && options.seconds >= 0 && std::isfinite(options.seconds), "a search cannot take fewer than no trials or seconds");
  require(options.trials > 0 || options.seconds > 0, "a search needs an end: a number of trials, or seconds");
  require(training.validation > 0 || training.validation_table != nullptr, "trials are compared on held-out rows, and none are held out");
  require(training.patience > 0, "a trial ends where it gets no better, and the patience of 0 waits for ever");
  require(training.threads >= 1, "the number of threads must be at least 1");
  require(training.resume == nullptr && !training.checkpoint, "a search has checkpoints of its own");
}

struct Running {
  Trial trial;
  std::optional<Checkpoint> paused;  // at its last rung, unless that was before a break
  std::optional<Rung> cut;           // where it was when time was over
};

class Search {
 public:
  Search(const Table& table, const TuneOptions& options, const TuneProgressFunction& progress)
      : table_(table), options_(options), progress_(progress) {
    check(options);
    auto& training = options_.training;
    if (!training.optimizer) training.optimizer = TrainOptions::default_optimizer(table.rows());
    training = train::with_network_for(training, table.rows(), train::column_roles(table, training).inputs);
    start_settings_ = tuning::settings_of(training, table.rows());
    conditions_ = tuning::conditions_of(table, options_, start_settings_);
    if (!options.resume.empty()) restore();
  }

  TuneResult run() {
    const auto begin = next_trials(1, tuning::Reach::near);
    rung(begin, kToItsEnd);
    for (std::int64_t index = 0; !is_over(); ++index) run_bracket(index);
    TuneResult found;
    found.seconds = seconds();
    found.ranking = ranked();
    found.finalists = compare_finalists(found.ranking);
    found.result = learn_best(found.ranking);
    if (!found.finalists.empty()) found.compared_by = tuning::metric_of(found.result.model.target->task, options_.training);
    for (std::size_t place = 0; place < trials_.size(); ++place) {
      if (std::ranges::find(found.ranking, place) == found.ranking.end()) found.ranking.push_back(place);
    }
    for (auto& one : trials_) {
      if (one.cut) one.trial.rungs.push_back(*one.cut);
      found.trials.push_back(std::move(one.trial));
    }
    const Json record{{"trial", found.ranking.front() + 1}, {"trials", found.trials.size()}};
    found.result.model.training.emplace_back("tuned", json_text(record));
    return found;
  }

 private:
  using Places = std::vector<std::size_t>;

  double seconds() const { return seconds_before_ + std::chrono::duration<double>(Clock::now() - begun_).count(); }
  bool is_out_of_time() const { return options_.seconds > 0 && seconds() >= options_.seconds; }
  bool is_over() const { return is_out_of_time() || (options_.trials > 0 && begun_trials_ >= options_.trials); }

  void run_bracket(std::int64_t index) {
    const auto [size, rungs] = tuning::bracket(index, train::epochs_for(options_.training, true));
    const auto left = options_.trials > 0 ? std::min(size, options_.trials - begun_trials_) : size;
    auto places = next_trials(left, index == 0 ? tuning::Reach::far : tuning::Reach::near);
    for (const auto epochs : rungs) {
      rung(places, epochs);
      if (is_out_of_time()) return;
      keep_better_third(places, epochs);
    }
    rung(places, kToItsEnd);
  }

  // The next ones, as they were drawn before a break or drawn now: the first is the options as they are,
  // and of others that may lie near the best so far every second one does.
  Places next_trials(std::int64_t count, tuning::Reach reach) {
    Places places;
    const auto centre = best_settings();
    for (std::int64_t i = 0; i < count; ++i) {
      const auto place = static_cast<std::size_t>(begun_trials_++);
      places.push_back(place);
      if (place < trials_.size()) continue;
      PhiloxStream stream(options_.training.seed, hash_name("trial") + static_cast<std::uint64_t>(place));
      const bool is_near = reach == tuning::Reach::near && place % 2 == 0;
      trials_.emplace_back().trial.settings =
          place == 0 ? start_settings_
                     : tuning::drawn(is_near ? centre : start_settings_, is_near ? reach : tuning::Reach::far, options_, stream);
    }
    return places;
  }

  TrialSettings best_settings() const {
    const auto order = ranked();
    return order.empty() ? start_settings_ : trials_[order.front()].trial.settings;
  }

  // What a trial was worth after as many epochs, or where it ended before; nothing where it had diverged.
  static const Rung* rung_at(const Running& one, std::int64_t epochs) {
    const auto& rungs = one.trial.rungs;
    const auto found = std::ranges::find_if(rungs, [&](const Rung& rung) { return rung.epochs >= epochs; });
    if (found != rungs.end()) return &*found;  // also where it diverged later
    if (one.trial.end == TrialEnd::diverged) return nullptr;
    if (one.cut) return &*one.cut;
    return rungs.empty() ? nullptr : &rungs.back();
  }

  void sort_by_worth(Places& places, std::int64_t epochs) const {
    std::erase_if(places, [&](std::size_t place) { return rung_at(trials_[place], epochs) == nullptr; });
    std::ranges::stable_sort(places, [&](std::size_t a, std::size_t b) {
      return train::is_better(rung_at(trials_[a], epochs)->best, rung_at(trials_[b], epochs)->best, options_.training.stop_on);
    });
  }

  // Those that are worth something, the best one first.
  Places ranked() const {
    Places places(trials_.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    sort_by_worth(places, kToItsEnd);
    return places;
  }

  void keep_better_third(Places& places, std::int64_t epochs) const {
    const auto count = tuning::better_third(static_cast<std::int64_t>(places.size()));
    sort_by_worth(places, epochs);
    places.resize(std::min(places.size(), static_cast<std::size_t>(count)));
    std::ranges::sort(places);
  }

  // Takes trials to as many epochs, beside each other.
  void rung(const Places& places, std::int64_t epochs) {
    Places left;
    for (const auto place : places) {
      const auto& trial = trials_[place].trial;
      const bool was_there = std::ranges::any_of(trial.rungs, [&](const Rung& one) { return one.epochs >= epochs; });
      if (trial.end == TrialEnd::halved && !was_there) left.push_back(place);
    }
    if (left.empty()) return;
    const auto count = static_cast<int>(left.size());
    ThreadPool pool(std::min(options_.training.threads, count));
    const int threads = std::max(1, options_.training.threads / pool.size());
    pool.run(count, [&](int, int share) { advance(left[static_cast<std::size_t>(share)], epochs, threads); });
  }

  void advance(std::size_t place, std::int64_t epochs, int threads) {
    auto& one = trials_[place];
    auto training = tuning::with(options_.training, one.trial.settings);
    training.threads = threads;
    if (one.paused) training.resume = &*one.paused;
    Checkpoint last;
    if (epochs != kToItsEnd) training.checkpoint = [&](const Checkpoint& checkpoint) { last = checkpoint; };
    training.seconds_between_checkpoints = std::numeric_limits<double>::infinity();
    std::optional<Rung> at;
    if (one.paused) at = one.trial.rungs.back();
    const auto watch = [&](const TrainProgress& now) {
      if (now.done >= 1) {
        const EpochLoss epoch{now.loss, now.validation_loss, now.metric};
        at = Rung{now.epoch, at && !train::is_better(epoch, at->best, training.stop_on) ? at->best : epoch};
      }
      return goes_on(place, now) && !(now.done >= 1 && now.epoch >= epochs);
    };
    auto end = TrialEnd::halved;
    std::optional<Metrics> validation;
    try {
      validation = train::fit_in({.stops_before_refit = true}, table_, training, watch).validation;
      end = TrialEnd::finished;
    } catch (const DivergenceError&) {
      end = TrialEnd::diverged;
    } catch (const Interrupted&) {
      if (!at || at->epochs < epochs) return cut(one, at);
    }
    const std::scoped_lock lock(mutex_);
    one.paused.reset();
    if (end == TrialEnd::halved) one.paused = std::move(last);
    auto& rungs = one.trial.rungs;
    const bool is_further = rungs.empty() || (at && rungs.back().epochs < at->epochs);
    if (end != TrialEnd::diverged && is_further) rungs.push_back(*at);
    one.trial.end = end;
    one.trial.validation = std::move(validation);
    if (end != TrialEnd::diverged && (!best_ || train::is_better(at->best, *best_, training.stop_on))) best_ = at->best;
    save();
  }

  void cut(Running& one, const std::optional<Rung>& at) {
    const std::scoped_lock lock(mutex_);
    if (is_stopped_) {
      save();
      throw Interrupted("interrupted in trial " + std::to_string(&one - trials_.data() + 1));
    }
    one.trial.end = TrialEnd::out_of_time;
    one.cut = at;
  }

  // Trial 1 is finished in any case.
  bool goes_on(std::size_t place, const TrainProgress& training) {
    if (!tell(static_cast<std::int64_t>(place) + 1, training)) return false;
    return place == 0 || !is_out_of_time();
  }

  bool tell(std::int64_t trial, const TrainProgress& training, bool by_folds = false) {
    const std::scoped_lock lock(mutex_);
    if (progress_ && !is_stopped_) {
      is_stopped_ = !progress_({.trials = begun_trials_, .of = options_.trials, .seconds = seconds(), .of_seconds = options_.seconds,
                                .trial = trial, .by_folds = by_folds, .best = best_, .training = training});
    }
    return !is_stopped_;
  }

  void save() const {
    if (!options_.save) return;
    tuning::SearchFile file{conditions_, seconds(), {}};
    for (const auto& one : trials_) {
      file.trials.push_back(one.trial);
      if (one.trial.end == TrialEnd::out_of_time) file.trials.back().end = TrialEnd::halved;
    }
    options_.save(tuning::write_search(file));
  }

  void restore() {
    auto file = tuning::read_search(options_.resume, options_.resume_name);
    train::require_same(file.conditions, conditions_, options_.resume_name);
    seconds_before_ = file.seconds;
    for (auto& trial : file.trials) trials_.push_back({.trial = std::move(trial), .paused = {}, .cut = {}});
    if (const auto order = ranked(); !order.empty()) best_ = rung_at(trials_[order.front()], kToItsEnd)->best;
  }

  TrainOptions options_of(std::size_t place) const {
    return place == 0 ? options_.training : tuning::with(options_.training, trials_[place].trial.settings);
  }

  // Those that were better than trial 1 on the held-out rows, by folds; puts the one that is taken in front.
  std::vector<Finalist> compare_finalists(Places& ranking) {
    constexpr std::ptrdiff_t kMost = 3;
    const auto first = std::ranges::find(ranking, std::size_t{0});
    if (first == ranking.end() || first == ranking.begin() || !tuning::needs_folds(table_, options_.training)) return {};
    std::vector<tuning::Candidate> candidates{{0, options_.training}};
    const auto last = ranking.begin() + std::min(kMost, first - ranking.begin());
    for (auto place = ranking.begin(); place != last; ++place) candidates.push_back({*place, options_of(*place)});
    auto finalists = tuning::compare_by_folds(table_, candidates, [&](const FoldProgress& now) { return tell(0, now.training, true); });
    if (finalists.empty()) return {};
    const auto best = std::ranges::find(ranking, tuning::best_of(finalists));
    std::rotate(ranking.begin(), best, best + 1);
    return finalists;
  }

  // One that was cut short may still diverge: then the next best.
  TrainResult learn_best(Places& ranking) {
    while (!ranking.empty()) {
      const auto place = ranking.front();
      try {
        return fit(table_, options_of(place), [&](const TrainProgress& now) { return tell(0, now); });
      } catch (const DivergenceError&) {
        trials_[place].trial.end = TrialEnd::diverged;
        trials_[place].cut.reset();
        ranking.erase(ranking.begin());
      }
    }
    throw DivergenceError("training diverged in each of " + std::to_string(trials_.size()) + " trials");
  }

  const Table& table_;
  TuneOptions options_;
  const TuneProgressFunction& progress_;
  TrialSettings start_settings_;
  Json conditions_;
  std::vector<Running> trials_;
  std::int64_t begun_trials_ = 0;
  std::optional<EpochLoss> best_;
  const Clock::time_point begun_ = Clock::now();
  double seconds_before_ = 0;
  std::mutex mutex_;
  bool is_stopped_ = false;
};

}  // namespace

const char* name(TrialEnd end) {
  switch (end) {
    case TrialEnd::finished: return "finished";
    case TrialEnd::halved: return "halved";
    case TrialEnd::out_of_time: return "out of time";
    case TrialEnd::diverged: break;
  }
  return "diverged";
}

TuneResult tune(const Table& table, const TuneOptions& options, const TuneProgressFunction& progress) {
  return Search(table, options, progress).run();
}

}  // namespace longhand
