#include <algorithm>
#include <cmath>
#include <numeric>

#include "train/learner.h"

namespace longhand::train {
namespace {

// Rows are gone through in blocks, so that memory does not grow with the table.
constexpr std::int64_t kBlock = 4096;

class LbfgsLearner : public Learner {
 public:
  explicit LbfgsLearner(const Lesson& lesson)
      : lesson_(lesson), at_(lesson.at), parameters_(make_network(lesson.model.network)->parameters()),
        program_(build_step(lesson.model, {.row_weights = lesson.options.row_weights, .gradients_only = true}).graph,
                 {.dtype = DType::f64, .max_rows = std::min(kBlock, lesson.source.rows())}),
        state_(lesson.at.state.clone()), runner_(program_, std::as_const(state_), lesson.pool) {
    const auto& examples = lesson.source.examples();
    runner_.bind_table("x", examples.x);
    runner_.bind_table("y", examples.y);
    if (lesson.options.row_weights) runner_.bind_table("weight", examples.weight);
    order_.resize(static_cast<std::size_t>(examples.rows()));
    std::iota(order_.begin(), order_.end(), 0);
    for (const auto& [name, spec] : parameters_) {
      for (int slot = 0; slot < options_.memory; ++slot) {
        for (const char* role : {"s", "y"}) {
          const auto memory = memory_name(role, slot, name);
          if (!at_.state.contains(memory)) at_.state.set(memory, Tensor(spec.shape, DType::f64));
          require_memory(at_, memory, spec.shape, DType::f64);
        }
      }
    }
    options_.first_length = lesson.model.network.optimizer.learning_rate;
    solver_.emplace([this](std::span<const double> x, std::span<double> gradient) { return evaluate(x, gradient); },
                    flat([](const std::string& name) { return name; }), options_);
    solver_->resume(at_.steps, pairs_of_state());
  }

  std::optional<double> run_epoch() override {
    if (!solver_->step()) {
      if (!std::isfinite(solver_->value())) diverged("the loss is no longer a finite number", at_.epoch + 1);
      return std::nullopt;
    }
    const auto slot = static_cast<std::size_t>(at_.steps % options_.memory);
    const auto& pair = solver_->pairs()[slot];
    const std::vector<double> none(solver_->x().size());
    put(solver_->x(), [](const std::string& name) { return name; });
    put(pair.step.empty() ? none : pair.step, [&](const auto& name) { return memory_name("s", static_cast<int>(slot), name); });
    put(pair.step.empty() ? none : pair.change, [&](const auto& name) { return memory_name("y", static_cast<int>(slot), name); });
    ++at_.steps;
    return solver_->value() - penalty(solver_->x());
  }

  std::int64_t rows() const override { return rows_run_; }
  double learning_rate() const override { return options_.first_length; }

 private:
  static std::string memory_name(const char* role, int slot, const std::string& parameter) {
    return "optimizer." + std::string(role) + std::to_string(slot) + "." + parameter;
  }

  // The entries of the state, one after the other; `named` says which tensor stands for a parameter.
  template <class Named>
  std::vector<double> flat(Named named) const {
    std::vector<double> values;
    for (const auto& [name, spec] : parameters_) {
      const auto part = at_.state.get(named(name)).template values<double>();
      values.insert(values.end(), part.begin(), part.end());
    }
    return values;
  }

  template <class Named>
  void put(std::span<const double> values, Named named) {
    for (const auto& [name, spec] : parameters_) {
      const auto to = at_.state.get(named(name)).template values<double>();
      std::ranges::copy(values.first(to.size()), to.begin());
      values = values.subspan(to.size());
    }
  }

  std::vector<optim::Lbfgs::Pair> pairs_of_state() const {
    std::vector<optim::Lbfgs::Pair> pairs;
    for (int slot = 0; slot < options_.memory; ++slot) {
      auto step = flat([&](const std::string& name) { return memory_name("s", slot, name); });
      auto change = flat([&](const std::string& name) { return memory_name("y", slot, name); });
      const bool is_there = std::ranges::any_of(step, [](double entry) { return entry != 0; });
      pairs.push_back(is_there ? optim::Lbfgs::Pair{std::move(step), std::move(change)} : optim::Lbfgs::Pair());
    }
    return pairs;
  }

  // The mean loss of all rows and its gradient, a block after the other.
  double evaluate(std::span<const double> x, std::span<double> gradient) {
    auto rest = x;
    for (const auto& [name, spec] : parameters_) {
      const auto to = state_.get(name).values<double>();
      std::ranges::copy(rest.first(to.size()), to.begin());
      rest = rest.subspan(to.size());
    }
    std::ranges::fill(gradient, 0);
    double loss = 0, total = 0;
    const auto& examples = lesson_.source.examples();
    const auto rows = examples.rows();
    for (std::int64_t first = 0; first < rows; first += kBlock) total += examples.weight_of(first, std::min(first + kBlock, rows));
    for (std::int64_t first = 0; first < rows; first += kBlock) {
      const auto count = std::min(kBlock, rows - first);
      runner_.run_steps({.order = std::span(order_).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)),
                         .batch_size = count, .scalars = {}, .record = {}});
      const double share = examples.weight_of(first, first + count) / total;
      loss += share * runner_.output("L").item();
      std::size_t at = 0;
      for (const auto& [name, spec] : parameters_) {
        const Tensor part = runner_.output("gradient " + name);
        for (const double entry : part.values<double>()) gradient[at++] += share * entry;
      }
    }
    rows_run_ += rows;
    return loss + penalize(x, gradient);
  }

  // Weight decay is a term of the loss here: decay / 2 times the squares.
  template <class Visit>
  void visit_decayed(Visit visit) const {
    std::size_t at = 0;
    for (const auto& [name, spec] : parameters_) {
      const auto count = static_cast<std::size_t>(spec.shape.count());
      if (spec.shape.rank() > 1 || lesson_.model.network.optimizer.decay_biases) {
        for (std::size_t i = at; i < at + count; ++i) visit(i);
      }
      at += count;
    }
  }

  double decay() const { return std::get<optim::Sgd>(lesson_.model.network.optimizer.rule).weight_decay; }

  double penalty(std::span<const double> x) const {
    double squares = 0;
    if (decay() != 0) visit_decayed([&](std::size_t i) { squares += x[i] * x[i]; });
    return decay() / 2 * squares;
  }

  double penalize(std::span<const double> x, std::span<double> gradient) const {
    if (decay() != 0) visit_decayed([&](std::size_t i) { gradient[i] += decay() * x[i]; });
    return penalty(x);
  }

  const Lesson lesson_;
  LoopState& at_;
  const std::vector<std::pair<std::string, nn::ParameterSpec>> parameters_;
  optim::Lbfgs::Options options_;
  Program program_;
  State state_;  // of the point that is looked at
  Runner runner_;
  std::vector<std::int32_t> order_;
  std::optional<optim::Lbfgs> solver_;
  std::int64_t rows_run_ = 0;
};

}  // namespace

std::unique_ptr<Learner> make_lbfgs_learner(const Lesson& lesson) { return std::make_unique<LbfgsLearner>(lesson); }

}  // namespace longhand::train
