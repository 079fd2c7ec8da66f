#include <algorithm>

#include "base/convert.h"
#include "base/thread_pool.h"
#include "longhand/model.h"
#include "model/preprocessor.h"
#include "model/row_blocks.h"

namespace longhand {

// What one thread needs to predict a block of rows from raw cells to the end.
struct Predictor::Lane {
  Lane(const Program& preprocessing, const Program& network, const State& state)
      : preprocessor(preprocessing),
        x(network.inputs()[0].type.shape.with_rows(network.max_rows()), network.dtype()),
        runner(network, state) {
    runner.bind("x", x);
  }

  void predict(const Tensor& raw, const std::optional<TargetColumn>& target, Tensor& result) {
    const auto rows = raw.shape()[0];
    Tensor first_rows = rows_of(x, 0, rows);
    preprocessor.run(raw, first_rows);
    runner.run(rows);
    convert(runner.output("y_hat"), result);
    if (!target) return;
    for (double& y : result.values<double>()) y = target->in_units(y);
  }

  Preprocessor preprocessor;
  Tensor x;
  Runner runner;
};

Predictor::Predictor(const Model& model, std::int64_t max_rows, int threads)
    : target_(model.target && model.target->task == Task::regression ? model.target : std::nullopt),
      preprocessing_(preprocessing_program(model, max_rows)),
      network_(build_output(model), {.dtype = model.dtype, .max_rows = max_rows, .fixed_state = true}),
      state_(model.state),
      pool_(threads > 1 ? make_thread_pool(threads) : nullptr) {
  add_lanes(1);
}

Predictor::~Predictor() = default;
Predictor::Predictor(Predictor&&) noexcept = default;

void Predictor::add_lanes(int count) {
  while (static_cast<int>(lanes_.size()) < count)
    lanes_.push_back(std::make_unique<Lane>(preprocessing_, network_, state_));
}

Tensor Predictor::predict(const Tensor& raw) {
  const auto columns = preprocessing_.inputs()[0].type.shape[1];
  if (raw.shape().rank() != 2 || raw.shape()[1] != columns || raw.dtype() != DType::f64) {
    throw ShapeError("predict: rows of " + std::to_string(columns) + " columns in f64 are needed, not " +
                     std::string(longhand::name(raw.dtype())) + " " + to_string(raw.shape()));
  }
  const auto rows = raw.shape()[0];
  Tensor result({rows, network_.outputs()[0].type.shape[1]}, DType::f64);
  const auto most = network_.max_rows();
  const int threads = threads_for(rows);
  const auto blocks = std::max<std::int64_t>((rows + most - 1) / most, std::min<std::int64_t>(threads, rows));
  const auto predict_block = [&](int thread, int block) {
    const auto share = share_of(rows, block, static_cast<int>(blocks));
    Tensor part = rows_of(result, share.begin, share.end - share.begin);
    lanes_[static_cast<std::size_t>(thread)]->predict(rows_of(raw, share.begin, share.end - share.begin), target_, part);
  };
  if (threads == 1) {
    for (int block = 0; block < blocks; ++block) predict_block(0, block);
  } else {
    add_lanes(threads);
    pool_->run(static_cast<int>(blocks), predict_block);
  }
  return result;
}

// All that there are, unless the rows are so few that waking the others would take longer.
int Predictor::threads_for(std::int64_t rows) const {
  constexpr double kWorthWaking = 50'000;  // nanoseconds
  if (pool_ == nullptr) return 1;
  double a_row = 2.0 * static_cast<double>(network_.inputs()[0].type.shape[1]);
  for (const auto& slot : network_.states()) a_row += static_cast<double>(slot.type.shape.count()) / 25;
  return static_cast<double>(rows) * a_row < kWorthWaking ? 1 : pool_->size();
}

}  // namespace longhand
