// The rows that are learned from, in memory as raw cells.
#pragma once

#include <memory>
#include <vector>

#include "train/example_source.h"
#include "train/input_maker.h"

namespace longhand::train {

/// Inputs are made of so many rows of an epoch at a time as are learned from at once. The order is that of
/// ResidentExamples.
class RawExamples : public ExampleSource {
 public:
  /// x of `raw` is raw cells, f64 [rows, columns].
  RawExamples(Examples raw, const Model& model, std::int64_t batch_size, std::uint64_t seed, std::shared_ptr<ThreadPool> pool);

  std::int64_t rows() const override { return raw_.rows(); }
  const Examples& examples() const override { return window_; }
  std::span<const std::int32_t> order(std::int64_t epoch, std::int64_t first) override;
  std::string hash() override;

 private:
  void load(std::int64_t window);

  const Examples raw_;
  const std::uint64_t seed_;
  const std::int64_t window_rows_;
  InputMaker maker_;
  Examples window_;
  Tensor window_cells_;
  std::vector<std::int32_t> order_;   // of the epoch's rows
  std::vector<std::int32_t> places_;  // of the window's: 0, 1, ...
  std::int64_t epoch_ = -1, window_number_ = -1;  // that order_ and window_ are of
};

}  // namespace longhand::train
