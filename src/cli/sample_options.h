// Which rows a network is worked out with: the flags that explain, check and worksheet share.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "cli/explain_values.h"

namespace longhand::cli {

struct SampleOptions {
  std::string input, label, data_path, rows, target;
  std::optional<std::int64_t> row;
  DataOptions data;

  /// Adds --input, --label, --data, --row, --rows, --target and how DATA is written.
  void add_to(CLI::App& app);
  bool is_given() const;
  /// The rows of the flags, else those of the description at `network_path`. Throws UsageError where
  /// there are none, or one where the network needs several. The names of the
  /// model's columns may become those of the table. Without a target, where that is optional and a trained model's,
  /// the sample's target has no axes.
  SampleSpec read(Model& model, const std::string& network_path, Target needed = Target::required) const;

 private:
  SampleSpec find(Model& model, const std::string& network_path, Target needed) const;
  SampleSpec from_data(Model& model, Target needed) const;
  std::pair<std::int64_t, std::int64_t> range() const;
};

}  // namespace longhand::cli
