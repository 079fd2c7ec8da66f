// bench_growth [SECONDS]: how the time of training and predicting grows along one quantity at a time,
// a line of JSON for each point: {"axis", "at", "train_ns", "predict_ns", "flops"}. Times are those of
// an epoch for "rows", else of a step, and of predicting the same rows; flops are a step's. Each is the
// best of many tries. scripts/performance.py fits and draws it.
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "base/thread_pool.h"
#include "bench/demand.h"
#include "training.h"

using namespace longhand;
using namespace longhand::benchmarks;

namespace {

struct Point {
  const char* axis;
  std::int64_t at;
  std::vector<std::int64_t> widths;
  std::int64_t rows, batch;
  int threads = 1;
};

std::vector<std::int64_t> hidden(std::int64_t in, std::int64_t width, std::int64_t count) {
  std::vector<std::int64_t> widths(static_cast<std::size_t>(count) + 2, width);
  widths.front() = in;
  widths.back() = 1;
  return widths;
}

std::vector<Point> points() {
  std::vector<Point> all;
  for (const std::int64_t rows : {1'000, 3'000, 10'000, 30'000, 100'000, 300'000, 1'000'000}) {
    all.push_back({"rows", rows, {30, 64, 64, 1}, rows, 64});
  }
  for (const std::int64_t width : {8, 16, 32, 64, 128, 256, 512, 1024, 2048}) {
    all.push_back({"width", width, hidden(64, width, 2), 64, 64});
  }
  for (const std::int64_t depth : {1, 2, 4, 8, 16, 32}) {
    all.push_back({"depth", depth, hidden(64, 64, depth), 64, 64});
  }
  for (const std::int64_t batch : {1, 4, 16, 64, 256, 1024, 4096}) {
    all.push_back({"batch", batch, {784, 128, 1}, batch, batch});
  }
  for (int threads = 1; threads <= physical_cores(); ++threads) {
    all.push_back({"threads", threads, {784, 512, 512, 1}, 128, 128, threads});
  }
  return all;
}

// Nanoseconds of the best of at least 3 tries and of all that fit into `seconds`. A try is `act` as
// often as fills a millisecond.
template <class Act>
double best_ns(double seconds, Act&& act) {
  constexpr double kTry = 1e-3;
  std::int64_t count = 1;
  const auto once = [&] {
    return bench::seconds_of([&] {
      for (std::int64_t i = 0; i < count; ++i) act();
    });
  };
  while (once() < kTry && count < 1'000'000) count *= 2;
  double best = std::numeric_limits<double>::infinity(), total = 0;
  for (int tries = 0; tries < 3 || total < seconds; ++tries) {
    const double spent = once();
    best = std::min(best, spent / static_cast<double>(count));
    total += spent;
  }
  return 1e9 * best;
}

void print(const Point& point, double seconds) {
  const auto network = bench::make_network_spec(point.widths, "bce_with_logits", "adam");
  const auto model = Model::from_network(network, 0, DType::f32);
  const auto rows = bench::make_rows(network, point.rows, 1);
  Training training(model, rows.x, rows.y, point.batch, point.threads);
  training.shuffle_rows(3);
  const double train = best_ns(seconds, [&] { training.epoch(); });
  Predictor predictor(model, 256, point.threads);
  const auto raw = rows.x.cast(DType::f64);
  const double predict = best_ns(seconds, [&] { predictor.predict(raw); });
  std::printf("{\"axis\": \"%s\", \"at\": %lld, \"train_ns\": %.1f, \"predict_ns\": %.1f, \"flops\": %.0f}\n", point.axis,
              static_cast<long long>(point.at), train, predict, bench::demand_of({"", network, point.batch, true}).flops);
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
  const double seconds = count > 1 ? std::atof(arguments[1]) : 0.5;
  for (const auto& point : points()) print(point, seconds);
}
