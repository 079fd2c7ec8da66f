#include "cli/training_log.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "cli/output.h"
#include "formats/event_file.h"

namespace longhand::cli {
namespace {

double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string new_event_file(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw IoError("cannot make the folder " + folder + ": " + error.message());
  const auto path = [&](int number) {
    return (std::filesystem::path(folder) / fmt::format("events.out.tfevents.{:.0f}.longhand.{}", seconds_since_1970(), number)).string();
  };
  int number = 0;
  while (std::filesystem::exists(path(number), error)) ++number;
  return path(number);
}

}  // namespace

void TrainingLog::open() {
  is_open_ = true;
  if (!jsonl_path_.empty()) lines_ = std::make_unique<FileAppender>(jsonl_path_, goes_on_);
  if (tensorboard_folder_.empty()) return;
  events_ = std::make_unique<FileAppender>(new_event_file(tensorboard_folder_), false);
  events_->write(first_event(seconds_since_1970()));
}

void TrainingLog::add(const TrainProgress& progress) {
  if (progress.done < 1) return;
  if (!is_open_) open();
  std::vector<std::pair<std::string, double>> values{{"loss", progress.loss}};
  if (progress.validation_loss) values.emplace_back("validation_loss", *progress.validation_loss);
  if (progress.metric) values.emplace_back("validation_" + progress.metric_name, *progress.metric);
  values.emplace_back("learning_rate", progress.learning_rate);
  values.emplace_back("rows_per_second", progress.rows_per_second);
  if (lines_) {
    Json line{{"part", progress.refit ? "all rows" : "training"}, {"epoch", progress.epoch}};
    for (const auto& [name, value] : values) line[name] = value;
    line["seconds"] = progress.seconds;
    lines_->write(json_text(line) + "\n");
  }
  if (!events_) return;
  for (auto& [name, value] : values) name = (progress.refit ? "all_rows/" : "training/") + name;
  events_->write(scalars_event(seconds_since_1970(), progress.epoch, values));
}

}  // namespace longhand::cli
