// How to learn, by the flags that all commands share which learn from a table.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cli/data_options.h"
#include "longhand/train.h"

namespace longhand::cli {

class LearnOptions {
 public:
  /// --target, --task, how DATA is written and what its columns are taken for, and what is done to them.
  void add_data_to(CLI::App& app);
  /// --hidden and what else says which network learns.
  void add_network_to(CLI::App& app);
  /// --optimizer and what else says how it learns.
  void add_optimizer_to(CLI::App& app);
  /// --validation and what else says which rows are held out, and what they are for.
  void add_hold_out_to(CLI::App& app);

  /// Reads the flags and the files that they name, but for tables: what is wrong is told before a long
  /// table is read. Throws UsageError for a bad flag, ModelError for a bad file.
  void read(std::uint64_t seed, int threads);
  /// Reads the table to learn from.
  Table read_table(const std::string& path);
  /// The options for learning from a table with the flags' columns: this one, or one of so many rows of
  /// which this is a sample.
  const TrainOptions& for_table(const Table& table, std::int64_t rows);
  const TrainOptions& for_table(const Table& table) { return for_table(table, table.rows()); }

  /// Whether a flag of the network or the optimizer, such as "--hidden", was given, here or in settings.
  bool is_given(const char* flag) const { return app_->count(flag) > 0; }

  DataOptions& data() { return data_; }
  /// Throws UsageError for outputs, each a flag and its path or "", that are one file or a file that is read
  /// beside `data_path`, IoError where one cannot be written. That -o may be --from's model is the caller's.
  void check_outputs(std::span<const std::pair<const char*, std::string>> outputs, const std::string& data_path) const;

  const DataOptions& data() const { return data_; }
  /// What is to be told of the tables that were read.
  const std::vector<std::string>& warnings() const { return warnings_; }
  TrainOptions& options() { return options_; }
  const TrainOptions& options() const { return options_; }
  /// The files that are read beside DATA; empty where there are none.
  const std::string& validation_path() const { return validation_path_; }
  const std::string& network_path() const { return network_path_; }
  const std::string& from_path() const { return from_path_; }

 private:
  OptimizerSpec optimizer_for(std::int64_t rows) const;
  void read_schedule();
  void read_from();
  void read_network();
  void read_validation();

  TrainOptions options_;
  DataOptions data_;
  std::vector<std::string> warnings_;
  const CLI::App* app_ = nullptr;
  CLI::Option *target_ = nullptr, *activation_ = nullptr, *ensemble_ = nullptr;
  std::string task_ = "auto", number_scaling_, hidden_, network_path_, dtype_, from_path_;
  std::string optimizer_ = "adamw", schedule_, validation_ = "0.2", validation_path_, validation_labels_, class_weight_;
  std::optional<double> learning_rate_, momentum_, weight_decay_, clip_norm_, clip_value_, warmup_;
  std::optional<std::int64_t> batch_size_, epochs_;
  bool decay_biases_ = false, nesterov_ = false, no_refit_ = false;
  std::optional<Model> from_;
  std::optional<Table> held_out_;
};

}  // namespace longhand::cli
