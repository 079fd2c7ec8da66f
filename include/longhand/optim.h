// optim: update rules as graphs. Each does what PyTorch's optimiser of that name does.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "longhand/ir.h"

namespace longhand::optim {

/// g <- g + weight_decay w;  v <- momentum v + g;  w <- w - learning_rate v
/// (nesterov: g + momentum v in place of v; no momentum: g).
struct Sgd {
  double momentum = 0;
  bool nesterov = false;
  double weight_decay = 0;
};

/// g <- g + weight_decay w;  m <- beta1 m + (1 - beta1) g;  v <- beta2 v + (1 - beta2) g^2;
/// w <- w - learning_rate m_hat / (sqrt(v_hat) + epsilon), m_hat = m / (1 - beta1^t) and v_hat alike
/// (Kingma, Ba 2015).
struct Adam {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
};

/// Adam with w <- w - learning_rate weight_decay w first, apart from the gradient
/// (Loshchilov, Hutter 2019).
struct AdamW {
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0.01;
};

/// g <- g + weight_decay w;  v <- alpha v + (1 - alpha) g^2;  u = g / (sqrt(v) + epsilon);
/// b <- momentum b + u;  w <- w - learning_rate b (no momentum: u).
struct RmsProp {
  double alpha = 0.99;
  double epsilon = 1e-8;
  double momentum = 0;
  double weight_decay = 0;
};

/// g <- g + weight_decay w;  v <- v + g^2;  w <- w - learning_rate g / (sqrt(v) + epsilon)
/// (Duchi et al. 2011).
struct Adagrad {
  double epsilon = 1e-10;
  double weight_decay = 0;
};

using StepRule = std::variant<Sgd, Adam, AdamW, RmsProp, Adagrad>;

/// Throws ArgumentError naming the option that is out of its range.
void validate(const StepRule& rule);

/// Gradients, with the names of their parameters, scaled by min(1, max_norm / (|g| + 1e-6)), |g| being
/// the norm of them all together (PyTorch's clip_grad_norm_; Pascanu et al. 2013). Labels the norm
/// `g_norm`, the scale `clip` and each result `g`. Throws ArgumentError unless max_norm > 0.
std::vector<Var> clip_by_global_norm(const std::vector<std::pair<std::string, Var>>& gradients, double max_norm);

/// The same with each entry held between -limit and limit (PyTorch's clip_grad_value_). Labels each
/// result `g`. Throws ArgumentError unless limit > 0.
std::vector<Var> clip_by_value(const std::vector<std::pair<std::string, Var>>& gradients, double limit);

/// The rule with a weight decay of 0.
StepRule without_decay(StepRule rule);

/// What a rule adds for one parameter.
struct Update {
  Var new_value;
  /// The rule's memory and what it derives from it, by role ("m", "v", "m_hat", "v_hat"), in order.
  std::vector<std::pair<std::string, Var>> quantities;
};

/// Adds one step of the rule to the parameter's graph, with the writes of the parameter and of its
/// memory `optimizer.ROLE.NAME`, which starts from zeros. `step` is the number of steps done before,
/// a scalar; both are read when the graph runs.
Update update(const StepRule& rule, Var parameter, Var gradient, Var learning_rate, Var step);

/// Writes the gradient at x and returns the value. Must give the same for the same x.
using Objective = std::function<double(std::span<const double> x, std::span<double> gradient)>;

/// Limited-memory BFGS for a smooth function (Liu, Nocedal 1989), each step along a line searched for
/// the strong Wolfe conditions. A solver: the loop is the caller's. Not safe for use by several
/// threads at once.
class Lbfgs {
 public:
  struct Options {
    int memory = 10;               ///< how many of the last steps the direction is made of
    double decrease = 1e-4;        ///< of the value, as a share of what the slope foretells
    double curvature = 0.9;        ///< what the slope may be, as a share of that at the start
    int evaluations = 25;          ///< of one line search, at most
    double gradient_tolerance = 1e-10;  ///< it is done where no entry of the gradient is larger
    double first_length = 1;       ///< the step that is tried first
  };
  /// A step and how the gradient changed along it; empty where there is none.
  struct Pair {
    std::vector<double> step, change;
  };

  Lbfgs(Objective objective, std::vector<double> x, Options options);
  /// One iteration, which lowers the value. False, and nothing has changed, where it is done or where
  /// no step is better than rounding.
  bool step();

  const std::vector<double>& x() const { return x_; }
  double value() const { return value_; }
  const std::vector<double>& gradient() const { return gradient_; }
  std::int64_t steps() const { return steps_; }
  /// The memory: the pair of step s, counted from 0, is number s % memory.
  const std::vector<Pair>& pairs() const { return pairs_; }
  /// Goes on from x with the memory that another had after `steps` steps: what follows is the same,
  /// bit for bit.
  void resume(std::int64_t steps, std::vector<Pair> pairs);

 private:
  std::vector<double> quasi_newton_direction() const;
  const Pair& pair_of_age(std::size_t age) const;
  void take(std::vector<double> x, double value, std::vector<double> gradient);

  Objective objective_;
  Options options_;
  std::vector<double> x_;
  double value_ = 0;
  std::vector<double> gradient_;
  std::vector<Pair> pairs_;
  std::int64_t steps_ = 0;
};

}  // namespace longhand::optim
