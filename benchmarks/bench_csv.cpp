// bench_csv FILE [REPEATS]: the best time in which read_csv reads FILE, on one thread, as one line
// of JSON. scripts/peers/csv_speed.py sets it beside pandas.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <limits>

#include "longhand/data.h"

int main(int count, char** arguments) {
  if (count < 2 || count > 3) {
    std::fprintf(stderr, "usage: bench_csv FILE [REPEATS]\n");
    return 2;
  }
  const int repeats = count == 3 ? std::max(1, std::atoi(arguments[2])) : 1;
  double best = std::numeric_limits<double>::infinity();
  std::size_t rows = 0, columns = 0;
  try {
    for (int repeat = 0; repeat < repeats; ++repeat) {
      const auto start = std::chrono::steady_clock::now();
      const longhand::Table table = longhand::read_csv(arguments[1]);
      const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
      best = std::min(best, seconds.count());
      rows = static_cast<std::size_t>(table.rows());
      columns = table.columns().size();
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_csv: %s\n", error.what());
    return 1;
  }
  std::printf("{\"seconds\": %.6f, \"rows\": %zu, \"columns\": %zu}\n", best, rows, columns);
  return 0;
}
