// What each epoch came to, in files: JSON lines, and events for TensorBoard.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/file_appender.h"
#include "longhand/train.h"

namespace longhand::cli {

class TrainingLog {
 public:
  /// An empty path writes none. `goes_on` keeps the lines that are there; TensorBoard reads all event
  /// files of its folder, which is made where there is none. No file is touched before the first epoch is complete:
  /// a table that cannot be learned from leaves the log of the training before.
  TrainingLog(std::string jsonl_path, std::string tensorboard_folder, bool goes_on)
      : jsonl_path_(std::move(jsonl_path)), tensorboard_folder_(std::move(tensorboard_folder)), goes_on_(goes_on) {}

  /// Writes where an epoch is complete. Throws IoError.
  void add(const TrainProgress& progress);

 private:
  void open();

  const std::string jsonl_path_, tensorboard_folder_;
  const bool goes_on_;
  bool is_open_ = false;
  std::unique_ptr<FileAppender> lines_, events_;
};

}  // namespace longhand::cli
