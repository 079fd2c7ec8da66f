// How far long work is, on standard error: a bar on a terminal, else a line now and then, more and
// more rarely; nothing where it is done within a second.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "longhand/tune.h"

namespace longhand::cli {

class ProgressBar {
 public:
  ProgressBar();
  /// Removes the bar.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(const TrainProgress& progress);
  void show(const FoldProgress& progress);
  void show(const TuneProgress& progress);
  /// Any other work, of which `share` is done.
  void show(double share, const std::string& text);

 private:
  void draw(double share, const std::string& text);
  void print_line(const std::string& text);

  using Clock = std::chrono::steady_clock;

  const bool is_bar_;
  bool is_drawn_ = false;
  Clock::time_point last_drawn_;
  Clock::time_point last_line_ = Clock::now();
  Clock::duration until_next_line_ = std::chrono::seconds(1);
};

/// From now on Ctrl-C sets a flag instead of ending the process.
void catch_interrupts();
bool was_interrupted();

}  // namespace longhand::cli
