// What each epoch came to, in files: JSON lines, and events for TensorBoard.
#pragma once

#include <memory>
#include <string>

#include "base/file_appender.h"
#include "longhand/train.h"

namespace longhand::cli {

class TrainingLog {
 public:
  /// An empty path writes none. `goes_on` keeps the lines that are there; TensorBoard reads all event
  /// files of its folder, which is made where there is none.
  TrainingLog(const std::string& jsonl_path, const std::string& tensorboard_folder, bool goes_on);

  /// Writes where an epoch is complete.
  void add(const TrainProgress& progress);

 private:
  std::unique_ptr<FileAppender> lines_, events_;
};

}  // namespace longhand::cli
