#include "train/defaults.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/quantile.h"
#include "train/schedule.h"

namespace longhand {

// A prior on the weights of one strength, beside a loss that is a mean over the rows, is a decay that
// falls with their number.
OptimizerSpec TrainOptions::default_optimizer(std::int64_t rows) {
  constexpr double kStrength = 35, kLeast = 0.01, kMost = 1;
  const double decay = std::clamp(kStrength / static_cast<double>(std::max<std::int64_t>(rows, 1)), kLeast, kMost);
  OptimizerSpec optimizer{"adamw", optim::AdamW{.weight_decay = decay}, 1e-3};
  optimizer.decay_biases = false;
  return optimizer;
}

namespace train {
namespace {

// From so many rows on there is enough to learn curves from that are not nearly straight.
constexpr std::int64_t kManyRows = 2000;
// Beyond, one wide network takes the place of several that are averaged.
constexpr std::int64_t kSeveralNetworks = 20'000;

bool is_by_the_data(const TrainOptions& options) { return options.hidden == TrainOptions().hidden; }

// More columns have more to say together.
std::int64_t units_for(const std::vector<ColumnProfile>& inputs) {
  constexpr std::int64_t kForAColumn = 8, kLeast = 100, kMost = 256;
  return std::clamp(kForAColumn * static_cast<std::int64_t>(inputs.size()), kLeast, kMost);
}

// With a fifth as many columns as rows, or more, chance is easily learned by heart. Of few columns that is a puzzle of few
// rows, such as XOR.
bool are_wide(std::int64_t rows, const std::vector<ColumnProfile>& inputs) {
  constexpr std::ptrdiff_t kMany = 20, kRowsOfAColumn = 5;
  const auto columns = std::ssize(inputs);
  return columns >= kMany && kRowsOfAColumn * columns >= rows;
}

// A step has some hundred rows to learn its slope from, and steps do not crowd out the columns.
std::int64_t steps_for(std::int64_t rows, const std::vector<ColumnProfile>& inputs) {
  constexpr std::int64_t kRowsOfAStep = 120, kLeast = 8, kMost = 48, kMostTogether = 1000;
  const std::int64_t numbers = std::ranges::count(inputs, ColumnKind::number, &ColumnProfile::kind);
  const auto steps = std::min({kMost, rows / kRowsOfAStep, kMostTogether / std::max<std::int64_t>(numbers, 1)});
  return steps < kLeast ? 0 : steps;
}

// More rows need fewer passes, though more steps in all.
std::int64_t passes_for(std::int64_t rows) {
  constexpr double kAtOneRow = 4000, kLeast = 10;
  return static_cast<std::int64_t>(std::max(kLeast, kAtOneRow / std::sqrt(static_cast<double>(rows))));
}

// Whether the standard deviation is that of a few values far out, and says nothing of most. `values` ascend.
bool are_ruled_by_few(std::span<const double> values, double standard_deviation) {
  constexpr double kShare = 0.05;
  const double quartiles = quantile(values, 0.75) - quantile(values, 0.25);
  return quartiles > 0 && quartiles < kShare * standard_deviation;
}

}  // namespace

TrainOptions with_network_for(TrainOptions options, std::int64_t rows, const std::vector<ColumnProfile>& inputs) {
  const bool has_layers = options.network || options.from != nullptr || !is_by_the_data(options);
  if (has_layers || rows < kManyRows || options.optimizer->type == "lbfgs") {
    if (!is_by_the_data(options)) return options;
    options.hidden = {units_for(inputs)};
    const bool is_plain = !has_layers && options.optimizer->type != "lbfgs";
    if (is_plain && !options.dropout && are_wide(rows, inputs)) options.dropout = 0.5;
    return options;
  }
  const bool is_one = rows > kSeveralNetworks;
  options.hidden = is_one ? std::vector<std::int64_t>{256, 256} : std::vector<std::int64_t>{128, 128};
  if (!options.dropout) options.dropout = is_one ? 0.2 : 0.1;
  if (options.members == 0) options.members = is_one ? 1 : 4;
  if (!options.number_steps) options.number_steps = steps_for(rows, inputs);
  // What is large and rare, such as a pixel at the border, would outweigh all else.
  if (is_one && !options.number_scaling) options.number_scaling = NumberScaling::robust;
  if (!options.schedule) {
    options.schedule = ScheduleSpec{.type = "cosine"};
    if (options.epochs == 0) options.epochs = passes_for(rows);
  }
  return options;
}

NumberScaling number_scaling_for(const TrainOptions& options, std::span<const double> values, double standard_deviation) {
  if (options.number_scaling) return *options.number_scaling;
  return are_ruled_by_few(values, standard_deviation) ? NumberScaling::robust : NumberScaling::standard;
}

std::int64_t embedding_for(const TrainOptions& options, std::size_t categories) {
  return categories <= 2 ? 0 : options.embedding.value_or(0);  // one number tells two apart
}

std::int64_t batch_size_for(const TrainOptions& options, std::int64_t rows) {
  if (options.batch_size > 0) return std::min(options.batch_size, std::max<std::int64_t>(rows, 1));
  constexpr std::int64_t kLeast = 32, kMost = 1024, kSteps = 256;
  const auto wanted = static_cast<std::uint64_t>(std::clamp(rows / kSteps, kLeast, kMost));
  return static_cast<std::int64_t>(std::bit_floor(wanted));
}

std::int64_t epochs_for(const TrainOptions& options, bool has_validation) {
  constexpr std::int64_t kUntilItStops = 1000, kWithoutAnEnd = 200, kOfASchedule = 100;
  if (options.epochs > 0) return options.epochs;
  const auto* network = options.network ? &options.network->schedule : nullptr;
  const auto* schedule = options.schedule ? &*options.schedule : network;
  if (schedule != nullptr && needs_end(*schedule)) return kOfASchedule;
  return has_validation && options.patience > 0 ? kUntilItStops : kWithoutAnEnd;
}

bool refits(const TrainOptions& options, std::int64_t rows, bool has_validation) {
  constexpr std::int64_t kMostRows = 100'000;
  return options.refit && has_validation && options.validation_table == nullptr && options.patience > 0 &&
         rows <= kMostRows;
}

}  // namespace train
}  // namespace longhand
