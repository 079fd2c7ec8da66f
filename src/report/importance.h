// What a model goes by: how much worse it predicts when a column is shuffled, and what it predicts on
// average when a column has one value in all rows. Columns are only moved between rows, so that it is the
// same for numbers, categories and whatever else a column may hold.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "longhand/train.h"

namespace longhand::report {

struct Importance {
  std::string column;
  double rise = 0;    ///< of the error (log loss; RMSE), the mean over the repeats
  double spread = 0;  ///< standard deviation over the repeats
  double fall = 0;    ///< of accuracy or R², the mean
};

/// How much of a table is looked at, so that a wide one or a large network takes seconds, not minutes: a function
/// of the model and the number of rows alone.
struct Effort {
  std::size_t columns = 0;  ///< that are shuffled
  int repeats = 5;
  std::int64_t rows = 2000;  ///< drawn from the table where it has more
  std::int64_t dependence_rows = 300;
};
Effort effort_for(const Model& model, std::int64_t rows);

/// Is told the share that is done; may throw to stop.
using ShareFunction = std::function<void(double)>;

struct ImportanceOptions {
  int repeats = 5;
  std::int64_t most_rows = 2000;
  std::vector<std::string> columns = {};  ///< empty: all inputs
  std::uint64_t seed = 0;
  int threads = 1;
  ShareFunction progress = {};
};

/// Of each of the columns, the most important first (Breiman 2001; Fisher, Rudin and Dominici 2019).
std::vector<Importance> importance_of(const Model& model, const Table& table, const ImportanceOptions& options = {});

struct DependencePoint {
  std::string cell;                ///< the column's value, as it was written
  double value = 0;                ///< the same for a column of numbers or dates
  std::vector<double> mean;        ///< of each output
  std::vector<double> low, high;   ///< 10% and 90% of the rows' predictions
};
struct Dependence {
  std::string column;
  bool is_numbers = false;  ///< or dates
  bool is_of_weeks = false;  ///< each point is the mean over the week around it
  std::vector<DependencePoint> points;  ///< ascending numbers, or cells, the most frequent first
};

struct DependenceOptions {
  std::size_t points = 21;
  std::size_t most_cells = 10;
  std::int64_t most_rows = 300;
  std::uint64_t seed = 0;
  int threads = 1;
};

/// The predictions' mean over the rows with the column at values that occur: at quantiles of numbers, at
/// the most frequent cells of text (partial dependence, Friedman 2001). Of a date of which the model knows the day of
/// the week, the mean is over the week around it too.
Dependence dependence_of(const Model& model, const Table& table, const std::string& column, const DependenceOptions& options = {});
/// The same by the day of the week, each row's date being moved within its week; nothing for a column of which the
/// model does not know it.
std::optional<Dependence> weekday_dependence_of(const Model& model, const Table& table, const std::string& column, const DependenceOptions& options = {});

}  // namespace longhand::report
