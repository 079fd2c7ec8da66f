// A model's preprocessing made ready to run over many rows.
#pragma once

#include "longhand/model.h"

namespace longhand {

/// For runs of mostly `rows` rows.
Program preprocessing_program(const Model& model, std::int64_t rows);

/// Raw rows -> what the network is given. For one thread at a time.
class Preprocessor {
 public:
  explicit Preprocessor(const Program& program);

  /// raw f64 [rows, columns] -> x [rows, inputs]: computed in f64, block after block in the caches, and rounded to
  /// the element type of x.
  void run(const Tensor& raw, Tensor& x);

 private:
  std::int64_t most_;  // rows of a block
  State none_;
  Runner runner_;
};

}  // namespace longhand
