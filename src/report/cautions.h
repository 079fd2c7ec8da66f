// What to beware of: looked for in the table, in how it was split and in what came of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "longhand/tune.h"
#include "train/known_rows.h"

namespace longhand::report {

/// How far one column tells the target by itself: the share of the error of a constant guess that is
/// gone when each group of the column's values has a guess of its own, made from the other half of the
/// rows. Wrong rows are counted for classes, squares of ranks for numbers; or, of numbers in a column and as a target, how
/// far they rise or fall together where the column has a value. At most 1; 0 or less: it tells nothing.
double told_by(const Model& model, const Table& table, const std::string& column);

/// Whether a column that tells so much all but gives the target away.
bool tells_all(double told, Task task);

/// Held-out rows whose cells in `columns` are those of a row that was learned from.
std::int64_t rows_in_both(const Table& learned, const Table& held_out, const std::vector<std::string>& columns);

/// How differently a column is filled in two tables.
struct Drift {
  double index = 0;   ///< population stability index: sum (a - b) ln(a / b) over groups of values
  bool is_clear = false;  ///< more than chance would do with so few rows
};
Drift drift_of(const Model& model, const Table& learned, const Table& held_out, const std::string& column);

struct Caution {
  bool is_serious = false;
  std::string title;  ///< one line
  std::string text;   ///< what it means and what to do
};

/// The model's inputs that tell nearly all by themselves, looked for in some thousand rows.
std::vector<std::string> telling_columns(const Model& model, const Table& table);

/// What one looked for, and whether it was found.
struct Check {
  std::string what;
  std::string found;
  bool is_caution = false;
};

struct Findings {
  std::vector<Caution> cautions;  ///< serious ones first
  std::vector<Check> checks;
};

/// What there is to look at; null where there is none.
struct Evidence {
  const Table* table = nullptr;      ///< all rows
  const Table* learned = nullptr;
  const Table* held_out = nullptr;   ///< the rows that `outcome` is about
  const Model* model = nullptr;
  const Model* described = nullptr;  ///< the one whose file says how it was trained
  const TargetColumn* target = nullptr;
  const Metrics* metrics = nullptr;  ///< on held-out rows, or of the cross-validation
  const Intervals* intervals = nullptr;
  std::int64_t groups = 0;  ///< that the intervals are by; 0: by rows
  const Metrics* baseline = nullptr;
  Bounds gain = {};  ///< of numbers: the model's over the baseline, as bootstrap_gain gives it
  const Metrics* on_learned = nullptr;
  const TrainResult* training = nullptr;
  const CrossValidation* folds = nullptr;
  train::Seen seen = train::Seen::no;
  std::vector<double> told = {};  ///< by each of the model's inputs
};

/// Whether the model is better than one guess for all rows, of numbers by the gain over it, of classes by the interval of
/// accuracy; where that does not tell, by how it ranks the rows.
struct AgainstGuess {
  std::optional<Caution> caution;
  Check check;
};
AgainstGuess against_guess(const Evidence& evidence);

Findings look_for_cautions(const Evidence& evidence);

/// Those of them that make figures promise too much, by what is soon looked at: a guess that is as good, rows to
/// test on that were learned from, a rare class. The evidence needs neither `told` nor `on_learned`.
std::vector<Caution> look_for_traps(const Evidence& evidence);

}  // namespace longhand::report
