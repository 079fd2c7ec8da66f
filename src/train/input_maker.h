// Raw cells -> what the network is given, planned once for many blocks of rows.
#pragma once

#include <memory>
#include <vector>

#include "base/thread_pool.h"
#include "model/preprocessor.h"

namespace longhand::train {

class InputMaker {
 public:
  /// For blocks of mostly `rows` rows. `pool` may be null.
  InputMaker(const Model& model, std::int64_t rows, std::shared_ptr<ThreadPool> pool);

  /// raw f64 [rows, columns] -> as many first rows of x [at least rows, inputs], in its element type.
  void make(const Tensor& raw, const Tensor& x);

 private:
  Program program_;
  std::vector<Preprocessor> of_thread_;
  std::shared_ptr<ThreadPool> pool_;
};

/// Whether rows take less memory as raw cells: a number that is encoded in steps is many inputs.
bool is_smaller_raw(const Model& model);

}  // namespace longhand::train
