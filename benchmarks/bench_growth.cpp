// bench_growth: how the time of training and predicting grows, as two Markdown tables. Time per
// sample should stay level however many rows there are; time per sample and weight should level off
// as layers get wider. One thread; the best of a few repeats.
#include <cstdio>
#include <limits>

#include "training.h"

using namespace longhand;
using namespace longhand::benchmarks;

namespace {

constexpr std::int64_t kBatch = 64;
constexpr double kLeastSeconds = 0.3;

// Nanoseconds per row: the best of at least 3 repeats and of all that fit into kLeastSeconds.
template <class Act>
double best_per_row(std::int64_t rows, Act&& act) {
  double best = std::numeric_limits<double>::infinity(), total = 0;
  for (int repeat = 0; repeat < 3 || total < kLeastSeconds; ++repeat) {
    const double seconds = seconds_of(act);
    best = std::min(best, seconds);
    total += seconds;
  }
  return 1e9 * best / static_cast<double>(rows);
}

struct Times {
  double train_ns, predict_ns;
  std::int64_t weights;
};

Times measure(const std::vector<std::int64_t>& widths, std::int64_t rows) {
  const auto model = make_model(widths, "bce_with_logits", "adam", 1e-3);
  const auto x = random_rows(rows, widths.front(), 1);
  Training training(model, x, random_targets(rows, 2), kBatch);
  training.shuffle_rows(3);
  Times times{};
  times.train_ns = best_per_row(rows, [&] { training.epoch(); });
  Predictor predictor(model);
  const auto raw = x.cast(DType::f64);
  times.predict_ns = best_per_row(rows, [&] { predictor.predict(raw); });
  for (const auto& [name, tensor] : model.state.entries()) times.weights += tensor.count();
  return times;
}

}  // namespace

int main() {
  std::printf("| rows (30-64-64-1, Adam, batches of 64) | training, ns per sample | predicting, ns per row |\n");
  std::printf("|---:|---:|---:|\n");
  for (const std::int64_t rows : {1'000, 10'000, 100'000, 1'000'000}) {
    const auto times = measure({30, 64, 64, 1}, rows);
    std::printf("| %lld | %.0f | %.0f |\n", static_cast<long long>(rows), times.train_ns, times.predict_ns);
    std::fflush(stdout);
  }
  std::printf("\n| hidden layers (64 inputs, 4,096 rows) | weights | training, ns per sample | ps per sample and weight |"
              " predicting, ps per row and weight |\n");
  std::printf("|---:|---:|---:|---:|---:|\n");
  for (const std::int64_t width : {16, 64, 256, 1024, 2048}) {
    const auto times = measure({64, width, width, 1}, 4096);
    const auto weights = static_cast<double>(times.weights);
    std::printf("| %lld, %lld | %lld | %.0f | %.0f | %.0f |\n", static_cast<long long>(width), static_cast<long long>(width),
                static_cast<long long>(times.weights), times.train_ns, 1e3 * times.train_ns / weights,
                1e3 * times.predict_ns / weights);
    std::fflush(stdout);
  }
}
