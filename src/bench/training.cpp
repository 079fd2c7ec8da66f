// Steps of training on one batch in memory: forward, loss, backward and update.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include "bench/clock.h"
#include "bench/rows.h"
#include "bench/work.h"
#include "longhand/exec.h"

namespace longhand::bench {
namespace {

bool has_dropout(const NetworkSpec& network) {
  return std::ranges::find(network.layers, "dropout", &LayerSpec::type) != network.layers.end();
}

State with_memory(State state, const Program& program) {
  program.add_missing_states(state);
  return state;
}

// A runner with all that it is bound to.
class Steps {
 public:
  Steps(const Case& what, const Model& model, const StepOptions& options, const CompileOptions& compile, int threads)
      : batch_(compile.max_rows), rate_(what.network.optimizer.learning_rate),
        program_(build_step(model, options).graph, compile), first_(with_memory(model.state.cast(compile.dtype), program_)),
        state_(first_.clone()), runner_(program_, state_, threads > 1 ? make_thread_pool(threads) : nullptr) {
    if (std::ranges::find(program_.inputs(), "row", &Slot::name) != program_.inputs().end()) {
      runner_.bind_row_numbers("row");
    }
  }

  void bind(const std::string& input, const Tensor& values) {
    runner_.bind(input, values.dtype() == DType::i32 ? values : values.cast(program_.dtype()));
  }

  // Goes back to the first parameters.
  void reset(std::int64_t steps) {
    for (const auto& [name, tensor] : first_.entries()) {
      std::memcpy(state_.get(name).data(), tensor.data(), tensor.bytes());
    }
    const auto count = static_cast<std::size_t>(steps);
    order_.resize(count * static_cast<std::size_t>(batch_));
    for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<std::int32_t>(static_cast<std::int64_t>(i) % batch_);
    rates_.assign(count, rate_);
    numbers_.resize(count);
    for (std::size_t i = 0; i < count; ++i) numbers_[i] = static_cast<double>(i);
    losses_.assign(count, 0);
  }

  void run() {
    runner_.run_steps({.order = order_, .batch_size = batch_,
                       .scalars = {{"learning_rate", rates_}, {"step", numbers_}}, .record = {{"L", losses_}}});
  }

  const std::vector<double>& losses() const { return losses_; }

 private:
  const std::int64_t batch_;
  const double rate_;
  const Program program_;
  const State first_;
  State state_;
  Runner runner_;
  std::vector<std::int32_t> order_;
  std::vector<double> rates_, numbers_, losses_;
};

class Training : public Work {
 public:
  Training(const Case& what, int threads, std::uint64_t seed)
      : what_(what), seed_(seed), model_(Model::from_network(what.network, seed, DType::f32)),
        distinct_(has_dropout(what.network) ? what.batch : std::min(what.batch, kDistinctRows)),
        rows_(make_rows(what.network, distinct_, seed)),
        steps_(what_, model_, {.seed = seed}, {.max_rows = what.batch}, threads) {
    const auto chosen = rows_of_batch();
    steps_.bind("x", take_rows(rows_.x, chosen));
    steps_.bind("y", take_rows(rows_.y, chosen));
  }

  double run(std::int64_t count) override {
    steps_.reset(count);
    const double seconds = seconds_of([&] { steps_.run(); });
    const double loss = steps_.losses().back();
    const auto [known, is_new] = last_losses_.emplace(count, loss);
    if (!std::isfinite(loss) || known->second != loss) {
      throw WrongResult(fmt::format("{}: the loss after {} steps is {:.9g}, and was {:.9g}", what_.name, count, loss,
                                    known->second));
    }
    return seconds;
  }

  void check() override {
    constexpr std::int64_t kSteps = 3;
    steps_.reset(kSteps);
    steps_.run();
    Steps reference(what_, model_, {.row_weights = true, .seed = seed_},
                    {.dtype = DType::f64, .max_rows = distinct_, .backend = "reference"}, 1);
    reference.bind("x", rows_.x);
    reference.bind("y", rows_.y);
    Tensor weights(Shape{distinct_});
    for (const auto row : rows_of_batch()) weights.set(row, weights.at(row) + 1);
    reference.bind("weight", weights);
    reference.reset(kSteps);
    reference.run();
    for (std::size_t i = 0; i < static_cast<std::size_t>(kSteps); ++i) {
      require_close(fmt::format("{}: the loss of step {}", what_.name, i + 1), steps_.losses()[i],
                    reference.losses()[i]);
    }
  }

 private:
  // A batch repeats few rows, which the reference, slow as it is, takes once with their number as
  // weight: so all layers and all rows are checked. The numbers differ, and the last row is there
  // once, so that no part of a batch has the loss of the whole.
  static constexpr std::int64_t kDistinctRows = 8;

  std::vector<std::int64_t> rows_of_batch() const {
    std::vector<std::int64_t> rows(static_cast<std::size_t>(what_.batch));
    const bool repeats = distinct_ < what_.batch;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i] = static_cast<std::int64_t>(i) % (repeats ? distinct_ - 1 : distinct_);
    }
    if (repeats) rows.back() = distinct_ - 1;
    return rows;
  }

  const Case what_;
  const std::uint64_t seed_;
  const Model model_;
  const std::int64_t distinct_;
  const Rows rows_;
  Steps steps_;
  std::map<std::int64_t, double> last_losses_;
};

}  // namespace

std::unique_ptr<Work> make_training(const Case& what, int threads, std::uint64_t seed) {
  return std::make_unique<Training>(what, threads, seed);
}

}  // namespace longhand::bench
