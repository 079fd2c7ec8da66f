// bench_cases THREADS SECONDS [--unchecked] < CASE: times a case that is described on standard input as
// `longhand bench` times its own, and prints the same line of JSON. scripts/peers/bench.py --shapes asks
// it, and has a case checked the first time alone, as the reference takes long for large ones.
#include <cstdlib>
#include <exception>

#include "bench/measure.h"
#include "case_json.h"

int main(int count, char** arguments) {
  const bool unchecked = count == 4 && std::string(arguments[3]) == "--unchecked";
  if (count != 3 && !unchecked) {
    std::fprintf(stderr, "usage: bench_cases THREADS SECONDS [--unchecked] < CASE\n");
    return 2;
  }
  try {
    const int threads = std::atoi(arguments[1]);
    const auto what = longhand::benchmarks::read_case(stdin);
    longhand::bench::Machine machine(threads);
    const auto timing = longhand::bench::measure(
        what, machine, {.threads = threads, .seconds = std::atof(arguments[2]), .check = !unchecked});
    std::printf("%s\n", nlohmann::json{{"name", what.name},
                                       {"threads", threads},
                                       {"best_ns", timing.best_ns},
                                       {"median_ns", timing.median_ns},
                                       {"floor_ns", timing.floor_ns}}
                            .dump()
                            .c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_cases: %s\n", error.what());
    return 1;
  }
}
