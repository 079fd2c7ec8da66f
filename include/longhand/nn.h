// nn: modules, losses and initialisers. Functions that build graphs and label what they build.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "longhand/ir.h"

namespace longhand::nn {

/// A tensor that a module declares: its name within the module, and what it starts from: PyTorch's
/// default distribution, uniform in [center - bound, center + bound), or normal where it has a deviation.
struct ParameterSpec {
  std::string name;
  Shape shape;
  double bound = 0;
  double center = 0;
  double deviation = 0;
  bool is_buffer = false;  ///< not learned: written by the forward pass while training
};

/// A part of a network: builds its piece of a graph, and names its parameters. Modules form a tree;
/// the root owns the numbers. A module stays where it was made: parents know their children.
/// Not safe for use by several threads at once.
class Module {
 public:
  /// The root of a tree.
  Module() = default;
  /// A child. Throws ArgumentError if the parent has a child of that name.
  Module(Module& parent, std::string name);
  virtual ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  /// y as mathematics: adds to x's graph.
  virtual Var forward(Var x) const = 0;
  Var operator()(Var x) const { return forward(x); }
  /// y as numbers, for prediction: computed in the module's element type, given in x's. Compiled
  /// when first called and again when x has more rows than any before. Throws ShapeError; and
  /// ArgumentError, as do the functions below, for a child, whose numbers are in its root.
  Tensor operator()(const Tensor& x);

  /// "fc1", "block.fc1"; empty for the root.
  std::string path() const;
  /// What is learned, under the names of PyTorch's state_dict, in the order of declaration:
  /// "fc1.weight".
  std::vector<std::pair<std::string, ParameterSpec>> parameters() const;
  /// All that the state has: the parameters and the buffers.
  std::vector<std::pair<std::string, ParameterSpec>> tensors() const;

  /// The numbers, float32 unless `cast_to` said otherwise; drawn from the seed when first asked for.
  State& state();
  /// Sets every tensor to PyTorch's default. Each parameter has a stream of its
  /// own, by its name, so that a value depends on neither order nor the other layers.
  void initialize(std::uint64_t seed);
  /// Takes the tensors from another state. Throws ModelError naming the tensor that is missing
  /// or has another shape.
  void load(const State& state);
  /// Rounds the tensors to f32 or f64.
  void cast_to(DType dtype);
  /// What dropout draws from, and `state` where `initialize` was not called.
  std::uint64_t seed() const;
  void set_seed(std::uint64_t seed);

 protected:
  /// Declares a tensor of this module. For constructors.
  void declare(ParameterSpec parameter);
  /// The declared tensor as a node of `graph`.
  Var parameter(Graph& graph, const std::string& name) const;

 private:
  struct Compiled;

  const Module& root() const;
  void require_root() const;
  void collect(const std::string& prefix,
               std::vector<std::pair<std::string, ParameterSpec>>& result) const;

  Module* parent_ = nullptr;
  std::string name_;
  std::vector<Module*> children_;
  std::vector<ParameterSpec> declared_;
  std::uint64_t seed_ = 0;
  DType dtype_ = DType::f32;
  State state_;
  bool initialized_ = false;
  std::shared_ptr<Compiled> compiled_;
};

/// y = x W^T + b; weight [out, in], bias [out], both drawn from U(-1/sqrt(in), 1/sqrt(in)).
class Linear : public Module {
 public:
  Linear(Module& parent, std::string name, std::int64_t in, std::int64_t out);
  Var forward(Var x) const override;

 private:
  std::int64_t in_, out_;
};

/// y_i = weight[index_i], a row of the table for each index: [B] -> [B, size]; weight [rows, size], drawn
/// from N(0, 1). A row that no index names has the gradient 0.
class Embedding : public Module {
 public:
  Embedding(Module& parent, std::string name, std::int64_t rows, std::int64_t size);
  /// Numbers are taken for indices as to_index does.
  Var forward(Var index) const override;

 private:
  std::int64_t rows_, size_;
};

/// Some columns of x are the numbers of rows of tables; these rows stand in their place: [B, in] ->
/// [B, in - tables + the sum of their sizes]. Each table is an Embedding, its child.
class EmbeddedColumns : public Module {
 public:
  struct Table {
    std::string name;
    std::int64_t column = 0;  ///< of x, from 0
    std::int64_t rows = 0, size = 0;
  };
  /// Throws ArgumentError unless the tables' columns rise.
  EmbeddedColumns(Module& parent, std::string name, const std::vector<Table>& tables);
  Var forward(Var x) const override;

 private:
  std::vector<std::int64_t> columns_;
  std::vector<std::unique_ptr<Embedding>> tables_;
};

/// While training each entry is 0 with probability p and else multiplied by 1 / (1 - p), from
/// Philox counters by step and row number; identity for prediction (Srivastava et al. 2014).
/// Throws ArgumentError unless 0 <= p < 1.
class Dropout : public Module {
 public:
  Dropout(Module& parent, std::string name, double p);
  Var forward(Var x) const override;

 private:
  double p_;
};

/// y = (x - mu) / sqrt(var + eps) weight + bias, unit by unit. While training mu and var are those of
/// the batch's rows (var over N), and the buffers running_mean and running_var, with var over N - 1,
/// move towards them by `momentum`; for prediction mu and var are the buffers (Ioffe, Szegedy 2015).
/// A batch of one row while training has no variance over N - 1: running_var becomes NaN.
class BatchNorm : public Module {
 public:
  BatchNorm(Module& parent, std::string name, std::int64_t units, double eps = 1e-5, double momentum = 0.1);
  Var forward(Var x) const override;

 private:
  double eps_, momentum_;
};

/// y = (x - mu) / sqrt(var + eps) weight + bias, mu and var being those of a row's units
/// (Ba, Kiros, Hinton 2016).
class LayerNorm : public Module {
 public:
  LayerNorm(Module& parent, std::string name, std::int64_t units, double eps = 1e-5);
  Var forward(Var x) const override;

 private:
  double eps_;
};

/// A function without parameters as a module.
class Activation : public Module {
 public:
  using Function = Var (*)(Var x, double parameter);
  Activation(Module& parent, std::string name, Function function, double parameter = 0);
  Var forward(Var x) const override;

 private:
  Function function_;
  double parameter_;
};

/// The activation of a name of the network description ("relu", "leaky_relu", "gelu_tanh", ...), or
/// null. "softmax" is over the last axis. `default_parameter` receives PyTorch's default.
Activation::Function find_activation(std::string_view name, double* default_parameter = nullptr);

/// Modules one after the other.
class Sequential : public Module {
 public:
  using Module::Module;
  /// Appends a module built with (*this, name, arguments...).
  template <class M, class... Arguments>
  M& add(std::string name, Arguments&&... arguments) {
    auto module = std::make_unique<M>(*this, std::move(name), std::forward<Arguments>(arguments)...);
    M& result = *module;
    modules_.push_back(std::move(module));
    return result;
  }
  /// Appends y = x + what the module number `from`, counted from 0, gave (a residual connection:
  /// He et al. 2016). Throws ArgumentError where there is no such module.
  void add_skip(std::string name, std::size_t from);
  Var forward(Var x) const override;
  const std::vector<std::unique_ptr<Module>>& modules() const { return modules_; }

 private:
  std::vector<std::unique_ptr<Module>> modules_;
  std::map<const Module*, std::size_t> skips_;
};

// Losses of each row, [B, n] and [B, n] -> [B]: the mean over a row's outputs, but for cross_entropy.
Var bce(Var y_hat, Var y);            ///< -(y log y_hat + (1 - y) log(1 - y_hat))
Var cross_entropy(Var y_hat, Var y);  ///< -sum_j y_j log y_hat_j, for probabilities y_hat
Var mse(Var y_hat, Var y);            ///< (y_hat - y)^2
Var mae(Var y_hat, Var y);            ///< |y_hat - y|
/// (y_hat - y)^2 / 2 within delta, else delta (|y_hat - y| - delta / 2) (Huber 1964).
Var huber(Var y_hat, Var y, double delta = 1.0);
Var poisson(Var log_rate, Var y);     ///< e^log_rate - y log_rate

/// sum(w l) / sum(w).
Var weighted_mean(Var row_losses, Var weights);

}  // namespace longhand::nn
