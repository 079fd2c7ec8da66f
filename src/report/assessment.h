// All that a report is about, and the sections that it is written in.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "longhand/report.h"
#include "report/cautions.h"
#include "report/importance.h"

namespace longhand::report {

struct Assessment {
  const ReportOptions* options = nullptr;
  const Model* model = nullptr;    ///< that the user has
  const Model* tested = nullptr;   ///< that the figures are of: it has not seen the held-out rows
  const TrainResult* training = nullptr;  ///< null where a model is evaluated
  const Table* table = nullptr;    ///< all rows
  const Table* learned = nullptr;  ///< that `tested` learned from; null where a model is evaluated
  const Table* held_out = nullptr;  ///< the same as `learned` where none were

  Outcomes outcomes;  ///< on held-out rows
  Metrics metrics;
  Intervals intervals;
  Metrics baseline;   ///< of the same guess for all rows
  std::string baseline_words;  ///< "always “benign”"
  std::optional<Metrics> on_learned;
  std::vector<Importance> importance;
  std::vector<Dependence> dependence;  ///< of the leading columns
  Findings findings;

  const TargetColumn& target() const { return *tested->target; }
  bool is_of_sample() const { return training != nullptr && options->file_rows > table->rows(); }
  bool is_tested_apart() const { return held_out != learned; }
};

std::string summary_section(const Assessment& assessment);
std::string cautions_section(const Assessment& assessment);
std::string metrics_section(const Assessment& assessment);
/// By the task: ROC, precision and recall, calibration, confusion, thresholds; residuals.
std::string class_plots_section(const Assessment& assessment);
std::string residuals_section(const Assessment& assessment);
/// The cross-validation's metrics, fold by fold; empty without one.
std::string folds_section(const Assessment& assessment);
std::string learning_section(const Assessment& assessment);
std::string importance_section(const Assessment& assessment);
std::string data_section(const Assessment& assessment);
std::string method_section(const Assessment& assessment);

/// The rules of the sections, beside those of html_page and of plots.
std::string_view report_style();

}  // namespace longhand::report
