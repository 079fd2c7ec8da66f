// All that a report is about, and the sections that it is written in.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "longhand/report.h"
#include "report/cautions.h"
#include "report/plot.h"
#include "report/importance.h"
#include "train/known_rows.h"

namespace longhand::report {

struct Assessment {
  const ReportOptions* options = nullptr;
  const Model* model = nullptr;    ///< that the user has
  const Model* tested = nullptr;   ///< that the figures are of: it has not seen the held-out rows
  const TrainResult* training = nullptr;  ///< null where a model is evaluated
  const Table* table = nullptr;    ///< all rows
  const Table* learned = nullptr;  ///< that `tested` learned from; null where a model is evaluated
  const Table* held_out = nullptr;  ///< the same as `learned` where none were

  TargetColumn asked;       ///< the target, its classes in the order in which the page asks for them
  bool is_swapped = false;  ///< class 1 of the page is class 0 of the model
  train::Seen seen = train::Seen::no;  ///< where a model is evaluated: whether it has learned from these rows

  Outcomes outcomes;  ///< on held-out rows, or of the cross-validation
  Metrics metrics;
  Intervals intervals;
  std::int64_t groups = 0;  ///< that the intervals' resamples draw; 0: they draw rows
  Metrics baseline;   ///< of the same guess for all rows
  Bounds gain;        ///< of numbers: over it
  std::string baseline_words;  ///< "always “benign”"
  std::optional<Metrics> on_learned;
  Effort effort;
  std::vector<Importance> importance;  ///< of `effort.columns` columns
  std::vector<Dependence> dependence;  ///< of the leading columns
  Findings findings;

  const TargetColumn& target() const { return asked; }
  const CrossValidation* folds() const { return options->folds; }
  bool is_of_sample() const { return training != nullptr && options->file_rows > table->rows(); }
  bool is_tested_apart() const { return held_out != learned || folds() != nullptr; }
  /// With class 1 of the page as class 1.
  Outcomes oriented(Outcomes outcomes) const;
};

/// The classes that have lines of their own where several do: all of few, else those that are found least, in
/// their order. The colour of one is the same in all plots of a page.
std::vector<std::size_t> drawn_classes(const Assessment& assessment);
Tone tone_of_class(const Assessment& assessment, std::size_t code);

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
