#include "train/input_maker.h"

#include <utility>

#include "model/row_blocks.h"

namespace longhand::train {

InputMaker::InputMaker(const Model& model, std::int64_t rows, std::shared_ptr<ThreadPool> pool)
    : program_(preprocessing_program(model, rows)), pool_(std::move(pool)) {
  for (int thread = 0; thread < (pool_ ? pool_->size() : 1); ++thread) of_thread_.emplace_back(program_);
}

void InputMaker::make(const Tensor& raw, const Tensor& x) {
  const auto shares = static_cast<int>(of_thread_.size());
  const auto make_share = [&](int thread, int number) {
    const auto share = share_of(raw.shape()[0], number, shares);
    Tensor part = rows_of(x, share.begin, share.end - share.begin);
    of_thread_[static_cast<std::size_t>(thread)].run(rows_of(raw, share.begin, share.end - share.begin), part);
  };
  if (shares == 1) make_share(0, 0);
  else pool_->run(shares, make_share);
}

bool is_smaller_raw(const Model& model) {
  return model.inputs.size() * sizeof(double) < static_cast<std::size_t>(model.network.inputs) * size_of(model.dtype);
}

}  // namespace longhand::train
