#include "tune/trial_settings.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "train/defaults.h"

namespace longhand::tuning {
namespace {

// To three digits, so that it can be typed.
double rounded(double value) {
  if (value == 0) return 0;
  const double unit = std::pow(10, std::floor(std::log10(std::abs(value))) - 2);
  // A unit below 1 has no exact double, its inverse has.
  return unit >= 1 ? std::round(value / unit) * unit : std::round(value / unit) / std::round(1 / unit);
}

class Draw {
 public:
  Draw(Reach reach, PhiloxStream& stream) : is_far_(reach == Reach::far), stream_(stream) {}

  double rate(double centre) { return rounded(centre * std::exp(is_far_ ? between(std::log(0.2), std::log(8)) : 0.4 * stream_.normal())); }

  // Where there is none, there may be a little.
  double decay(double centre) {
    if (centre > 0) return rounded(centre * std::exp(is_far_ ? between(std::log(0.1), std::log(10)) : 0.7 * stream_.normal()));
    return happens(0.5) ? 0 : rounded(std::exp(between(std::log(1e-6), std::log(1e-2))));
  }

  double dropout(double centre) {
    if (is_far_) return happens(0.5) ? 0 : std::round(100 * between(0.05, 0.5)) / 100;
    if (centre == 0 && happens(0.7)) return 0;
    return std::clamp(std::round(100 * (centre + 0.1 * stream_.normal())) / 100, 0.0, 0.8);
  }

  std::vector<std::int64_t> hidden(const std::vector<std::int64_t>& centre) {
    constexpr std::int64_t kDeepest = 3, kUnit = 8, kWidest = 1024;
    auto depth = static_cast<std::int64_t>(centre.size());
    if (is_far_) depth = 1 + below(kDeepest);
    else if (happens(0.25)) depth = std::clamp<std::int64_t>(depth + (happens(0.5) ? 1 : -1), 1, std::max<std::int64_t>(depth, kDeepest));
    const auto from = centre.empty() ? 64.0 : static_cast<double>(centre.front());
    const double width = from * std::exp(is_far_ ? between(std::log(0.35), std::log(4)) : 0.3 * stream_.normal());
    const auto units = std::clamp(kUnit * std::llround(width / kUnit), static_cast<long long>(kUnit), static_cast<long long>(kWidest));
    return std::vector<std::int64_t>(static_cast<std::size_t>(depth), units);
  }

  std::int64_t steps(std::int64_t centre) {
    constexpr std::array<std::int64_t, 4> kSteps{0, 8, 16, 32};
    return stays() ? centre : kSteps[static_cast<std::size_t>(below(kSteps.size()))];
  }

  std::int64_t batch(std::int64_t centre) {
    constexpr std::int64_t kLeast = 8;
    if (stays()) return centre;
    return happens(0.5) ? std::max(std::min(kLeast, centre), centre / 2) : 2 * centre;
  }

 private:
  double between(double low, double high) { return low + (high - low) * stream_.uniform(); }
  bool happens(double probability) { return stream_.uniform() < probability; }
  bool stays() { return happens(is_far_ ? 0.4 : 0.7); }
  std::int64_t below(std::uint64_t count) { return static_cast<std::int64_t>(stream_.below(count)); }

  const bool is_far_;
  PhiloxStream& stream_;
};

double weight_decay_of(const OptimizerSpec& optimizer) {
  return std::visit([](const auto& rule) { return rule.weight_decay; }, optimizer.rule);
}

}  // namespace

TrialSettings settings_of(const TrainOptions& options, std::int64_t rows) {
  const auto optimizer = options.optimizer.value_or(TrainOptions::default_optimizer(rows));
  const bool is_lbfgs = optimizer.type == "lbfgs";
  const bool has_layers = options.network || options.from != nullptr;
  TrialSettings settings;
  settings.weight_decay = weight_decay_of(optimizer);
  if (!is_lbfgs) {
    settings.learning_rate = optimizer.learning_rate;
    settings.batch_size = train::batch_size_for(options, rows);
  }
  if (!has_layers) settings.hidden = options.hidden;
  if (!has_layers && !is_lbfgs) settings.dropout = options.dropout.value_or(0);
  if (options.from == nullptr) settings.number_steps = options.number_steps.value_or(0);
  return settings;
}

TrainOptions with(TrainOptions options, const TrialSettings& settings) {
  if (settings.learning_rate) options.optimizer->learning_rate = *settings.learning_rate;
  if (settings.weight_decay) std::visit([&](auto& rule) { rule.weight_decay = *settings.weight_decay; }, options.optimizer->rule);
  if (settings.hidden) options.hidden = *settings.hidden;
  if (settings.dropout) options.dropout = *settings.dropout;
  if (settings.number_steps) options.number_steps = *settings.number_steps;
  if (settings.batch_size) options.batch_size = *settings.batch_size;
  return options;
}

TrialSettings drawn(const TrialSettings& centre, Reach reach, const TuneOptions& options, PhiloxStream& stream) {
  Draw draw(reach, stream);
  auto settings = centre;
  if (settings.learning_rate && options.learning_rate) settings.learning_rate = draw.rate(*centre.learning_rate);
  if (settings.weight_decay && options.weight_decay) settings.weight_decay = draw.decay(*centre.weight_decay);
  if (settings.hidden && options.hidden) settings.hidden = draw.hidden(*centre.hidden);
  if (settings.dropout && options.dropout) settings.dropout = draw.dropout(*centre.dropout);
  if (settings.number_steps && options.number_steps) settings.number_steps = draw.steps(*centre.number_steps);
  if (settings.batch_size && options.batch_size) settings.batch_size = draw.batch(*centre.batch_size);
  return settings;
}

}  // namespace longhand::tuning
