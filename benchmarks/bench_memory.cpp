// bench_memory < CASE: the most memory that steps of training held beyond what the process had before, after
// a step of a tiny network has brought the code into memory, as one line of JSON in bytes, beside the parameters', the optimiser's and the arena's. A case as for
// bench_cases; scripts/peers/memory.py sets it beside PyTorch's.
#include <exception>
#include <fstream>
#include <numeric>

#include "bench/rows.h"
#include "case_json.h"

using namespace longhand;

namespace {

// A line of /proc/self/status, such as VmHWM, the most that was resident.
std::size_t status_bytes(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key + ":")) return 1024 * std::stoul(line.substr(key.size() + 1));
  }
  throw IoError("/proc/self/status has no " + key);
}

std::size_t bytes_of(const State& state) {
  return std::accumulate(state.entries().begin(), state.entries().end(), std::size_t{0},
                         [](std::size_t sum, const auto& entry) { return sum + entry.second.bytes(); });
}

nlohmann::json train(const bench::Case& what, std::int64_t steps) {
  const auto before = status_bytes("VmRSS");
  auto model = Model::from_network(what.network, 0, DType::f32);
  const auto rows = bench::make_rows(what.network, what.batch, 0);
  const Program program(build_step(model).graph, {.max_rows = what.batch});
  program.add_missing_states(model.state);
  Runner runner(program, model.state);
  runner.bind("x", rows.x);
  runner.bind("y", rows.y);
  for (const auto& slot : program.inputs()) {
    if (slot.name == "row") runner.bind_row_numbers("row");
  }
  std::vector<std::int32_t> order(static_cast<std::size_t>(what.batch * steps), 0);
  const std::vector<double> rates(steps, what.network.optimizer.learning_rate);
  std::vector<double> numbers(steps);
  std::iota(numbers.begin(), numbers.end(), 0.0);
  runner.run_steps({.order = order, .batch_size = what.batch,
                    .scalars = {{"learning_rate", rates}, {"step", numbers}}, .record = {}});
  return {{"name", what.name},
          {"peak_bytes", status_bytes("VmHWM") - before},
          {"process_bytes", status_bytes("VmHWM")},
          {"state_bytes", bytes_of(model.state)},
          {"data_bytes", rows.x.bytes() + rows.y.bytes()},
          {"arena_bytes", program.arena_bytes()}};
}

}  // namespace

int main() {
  try {
    const auto what = benchmarks::read_case(stdin);
    auto tiny = what;
    tiny.network.inputs = 2;
    tiny.batch = 1;
    for (auto& layer : tiny.network.layers) {
      if (layer.type == "linear") layer.out = 2;
    }
    train(tiny, 1);
    std::printf("%s\n", train(what, 10).dump().c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_memory: %s\n", error.what());
    return 1;
  }
}
