#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>

#include "base/files.h"
#include "cli/output.h"

namespace longhand::cli {
namespace {

constexpr int kStandardError = 2;

// Set by the signal, on whichever thread that comes to, and read by those that learn.
std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal's handler may touch nothing that locks");

bool can_draw() {
  const char* terminal = std::getenv("TERM");
  return is_terminal(kStandardError) && terminal != nullptr && std::string(terminal) != "dumb";
}

// "42 s", "7 min", "2.5 h".
std::string duration(double seconds) {
  if (seconds < 99.5) return fmt::format("{:.0f} s", seconds);
  if (seconds < 99.5 * 60) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

std::string describe_epoch(const TrainProgress& progress) {
  auto text = fmt::format("{}epoch {}/{}: loss {:.4g}", progress.refit ? "all rows, " : "", progress.epoch,
                          progress.epochs, progress.loss);
  if (progress.validation_loss) text += fmt::format(", validation loss {:.4g}", *progress.validation_loss);
  if (progress.metric) text += fmt::format(", {} {:.4g}", progress.metric_name, *progress.metric);
  return text;
}

std::string describe(const TrainProgress& progress) {
  auto text = describe_epoch(progress);
  if (progress.rows_per_second > 0) {
    text += fmt::format(", {:.3g} rows/s, at most {} left", progress.rows_per_second, duration(progress.seconds_left));
  }
  return text;
}

}  // namespace

ProgressBar::ProgressBar() : is_bar_(can_draw()) {}

ProgressBar::~ProgressBar() {
  if (is_drawn_) tell("\r\x1b[K");
}

void ProgressBar::show(const TrainProgress& progress) {
  const double epochs_done = static_cast<double>(progress.epoch - 1) + progress.done;
  if (is_bar_) {
    draw(epochs_done / static_cast<double>(progress.epochs), describe(progress));
  } else if (progress.done >= 1) {
    print_line(describe(progress));
  }
}

void ProgressBar::show(const FoldProgress& progress) {
  show(static_cast<double>(progress.done) / static_cast<double>(progress.folds),
       fmt::format("{} of {} folds done; fold {}, {}", progress.done, progress.folds, progress.fold, describe_epoch(progress.training)));
}

void ProgressBar::show(const TuneProgress& progress) {
  if (progress.by_folds) return show(1, "comparing the best on folds; " + describe_epoch(progress.training));
  if (progress.trial == 0) return show(progress.training);
  const double by_time = progress.of_seconds > 0 ? progress.seconds / progress.of_seconds : 0;
  const double by_count = progress.of > 0 ? static_cast<double>(progress.trials - 1) / static_cast<double>(progress.of) : 0;
  auto text = progress.of > 0 ? fmt::format("trial {} of {}", progress.trial, progress.of) : fmt::format("trial {}", progress.trial);
  if (progress.of_seconds > 0) text += fmt::format(", at most {} left", duration(std::max(0.0, progress.of_seconds - progress.seconds)));
  if (progress.best) text += fmt::format(", best validation loss {:.4g}", *progress.best->validation_loss);
  show(std::min(1.0, std::max(by_time, by_count)), text + "; " + describe_epoch(progress.training));
}

void ProgressBar::show(double share, const std::string& text) {
  if (is_bar_) draw(share, text);
  else print_line(text);
}

void ProgressBar::draw(double share, const std::string& text) {
  constexpr auto kBetween = std::chrono::milliseconds(80);
  const auto now = Clock::now();
  if (is_drawn_ && now - last_drawn_ < kBetween) return;
  is_drawn_ = true;
  last_drawn_ = now;
  constexpr std::size_t kWidth = 24;
  const auto filled = std::min(kWidth, static_cast<std::size_t>(share * kWidth));
  auto line = fmt::format("[{}{}] {}", std::string(filled, '#'), std::string(kWidth - filled, '.'), text);
  line.resize(std::min(line.size(), static_cast<std::size_t>(std::max(1, terminal_width(kStandardError) - 1))));
  tell("\r" + line + "\x1b[K");
}

void ProgressBar::print_line(const std::string& text) {
  constexpr auto kLongestWait = std::chrono::minutes(1);
  const auto now = Clock::now();
  if (now - last_line_ < until_next_line_) return;
  last_line_ = now;
  until_next_line_ = std::min<Clock::duration>(2 * until_next_line_, kLongestWait);
  tell(text + "\n");
}

void catch_interrupts() {
  std::signal(SIGINT, [](int) { interrupted = true; });
}

bool was_interrupted() { return interrupted; }

}  // namespace longhand::cli
