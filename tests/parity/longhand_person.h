// Somebody who works a training step out by hand: each quantity from the figures written before it.
#pragma once

#include <map>
#include <random>
#include <string>
#include <vector>

#include "explain/notation.h"
#include "ir/evaluate.h"
#include "longhand/explain.h"
#include "longhand/model.h"

namespace longhand::testing {

/// How the person writes a number down.
struct Rounding {
  enum class Kind : std::uint8_t { half_even, half_up, cut_off };
  Kind kind = Kind::half_even;
  int digits = 4;  ///< significant; all figures of a list have the unit of its largest

  /// The figures of a list, as text.
  std::vector<std::string> write(const std::vector<double>& values) const;
};

/// A network with a sample, drawn from the generator: any activations, loss and optimiser, one row or
/// a batch.
Model random_network(std::mt19937& generator);

class LonghandPerson {
 public:
  explicit LonghandPerson(const Model& model);

  const StepGraph& step() const { return step_; }
  const std::map<std::string, Tensor>& values() const { return values_; }
  bool batch() const { return batch_; }
  /// The quantities to be worked out, in order.
  const std::vector<Quantity>& quantities() const { return quantities_; }

  /// The quantity worked out from the figures written so far.
  std::vector<double> work_out(const Quantity& quantity) const;
  /// From now on the quantity is what its figures say.
  void write(const Quantity& quantity, const std::vector<double>& figures);
  /// A claim that can be graded.
  Claim claim(const Quantity& quantity, std::vector<std::string> figures) const;

 private:
  StepGraph step_;
  std::map<std::string, Tensor> values_;
  Inputs<double> inputs_;
  bool batch_ = false;
  Notation notation_;
  std::vector<Quantity> quantities_;
  std::map<std::string, Shape> shapes_;
  std::map<NodeId, Array<double>> written_;
};

}  // namespace longhand::testing
