// How far training is, on standard error: a bar on a terminal, else a line now and then.
#pragma once

#include <chrono>
#include <cstdint>

#include "longhand/train.h"

namespace longhand::cli {

class ProgressBar {
 public:
  ProgressBar();
  /// Removes the bar.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(const TrainProgress& progress);

 private:
  void draw(const TrainProgress& progress);
  void print_line(const TrainProgress& progress);

  const bool is_bar_;
  bool is_drawn_ = false;
  bool in_refit_ = false;
  std::int64_t next_line_ = 1;
  std::chrono::steady_clock::time_point last_drawn_;
};

/// From now on Ctrl-C sets a flag instead of ending the process.
void catch_interrupts();
bool was_interrupted();

}  // namespace longhand::cli
