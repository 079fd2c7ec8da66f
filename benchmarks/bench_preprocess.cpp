// What the cells of a table cost on their way into a network: preprocess_as for columns of one kind, and
// predictions of a mixed table. Per raw cell, from rows in memory.
#include <benchmark/benchmark.h>

#include <limits>

#include "base/philox.h"
#include "bench/case.h"
#include "longhand/model.h"
#include "model/preprocess.h"

namespace longhand {
namespace {

constexpr std::int64_t kRows = 4096;

InputColumn number() { return {.name = "n", .mean = 0.4, .scale = 0.3}; }

InputColumn robust() {
  auto column = number();
  column.scaling = NumberScaling::robust;
  return column;
}

InputColumn with_gaps() {
  auto column = robust();
  column.fill = 0.5;
  column.has_missing = true;
  return column;
}

InputColumn steps() {
  auto column = robust();
  for (int i = 0; i <= 16; ++i) column.edges.push_back(i / 16.0);
  return column;
}

InputColumn quantile() {
  auto column = number();
  column.scaling = NumberScaling::quantile_normal;
  for (int i = 0; i <= 32; ++i) {
    column.knots.push_back(i / 32.0);
    column.levels.push_back(i / 16.0 - 1);
  }
  return column;
}

InputColumn category() {
  InputColumn column{.name = "c", .kind = ColumnKind::category, .categories = {}};
  for (int i = 0; i < 10; ++i) column.categories.push_back(std::to_string(i));
  return column;
}

Model model_of(const std::vector<InputColumn>& columns) {
  std::int64_t width = 0;
  for (const auto& column : columns) width += column.features();
  auto model = Model::from_network(bench::make_network_spec({width, 64, 1}, "bce_with_logits", "adam"), 0, DType::f32);
  model.inputs = columns;
  return model;
}

Tensor raw_of(const Model& model) {
  Tensor raw({kRows, static_cast<std::int64_t>(model.inputs.size())}, DType::f64);
  PhiloxStream stream(1, 0);
  std::size_t i = 0;
  for (double& cell : raw.values<double>()) {
    const auto& column = model.inputs[i++ % model.inputs.size()];
    cell = stream.uniform();
    if (column.is_category()) cell = static_cast<double>(static_cast<int>(cell * 10));
    if (column.has_missing && stream.uniform() < 0.1) cell = std::numeric_limits<double>::quiet_NaN();
  }
  return raw;
}

void per_cell(benchmark::State& state, const Tensor& raw) {
  state.counters["ns/cell"] = benchmark::Counter(
      1e-9 * static_cast<double>(raw.count()),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void prepare(benchmark::State& state, const std::vector<InputColumn>& columns) {
  const auto model = model_of(columns);
  const auto raw = raw_of(model);
  for (auto _ : state) benchmark::DoNotOptimize(preprocess_as(DType::f32, model, raw).data());
  per_cell(state, raw);
}

void predict(benchmark::State& state, const std::vector<InputColumn>& columns) {
  const auto model = model_of(columns);
  const auto raw = raw_of(model);
  Predictor predictor(model);
  for (auto _ : state) benchmark::DoNotOptimize(predictor.predict(raw).data());
  per_cell(state, raw);
}

std::vector<InputColumn> repeated(const InputColumn& column) { return {32, column}; }

std::vector<InputColumn> mixed() {
  std::vector<InputColumn> columns;
  for (const auto& column : {robust(), with_gaps(), steps(), category()}) columns.insert(columns.end(), 4, column);
  return columns;
}

BENCHMARK_CAPTURE(prepare, plain, repeated(number()));
BENCHMARK_CAPTURE(prepare, robust, repeated(robust()));
BENCHMARK_CAPTURE(prepare, with_gaps, repeated(with_gaps()));
BENCHMARK_CAPTURE(prepare, steps, repeated(steps()));
BENCHMARK_CAPTURE(prepare, quantile, repeated(quantile()));
BENCHMARK_CAPTURE(prepare, category, repeated(category()));
BENCHMARK_CAPTURE(prepare, mixed, mixed());
BENCHMARK_CAPTURE(predict, mixed, mixed());

}  // namespace
}  // namespace longhand

BENCHMARK_MAIN();
