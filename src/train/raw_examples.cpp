#include "train/raw_examples.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "model/row_blocks.h"
#include "train/resume.h"

namespace longhand::train {
namespace {

void gather(const Tensor& from, std::span<const std::int32_t> rows, Tensor& to) {
  const auto row_bytes = from.bytes() / static_cast<std::size_t>(from.shape()[0]);
  auto* at = static_cast<std::byte*>(to.data());
  for (const auto row : rows) {
    std::memcpy(at, static_cast<const std::byte*>(from.data()) + static_cast<std::size_t>(row) * row_bytes, row_bytes);
    at += row_bytes;
  }
}

}  // namespace

RawExamples::RawExamples(Examples raw, const Model& model, std::int64_t batch_size, std::uint64_t seed, std::shared_ptr<ThreadPool> pool)
    : raw_(std::move(raw)),
      seed_(seed),
      window_rows_(std::min(rows_at_once(batch_size), raw_.rows())),
      maker_(model, window_rows_, std::move(pool)),
      window_(room_like(raw_, window_rows_)),
      window_cells_(std::exchange(window_.x, Tensor({window_rows_, model.network.inputs}, model.dtype))),
      order_(static_cast<std::size_t>(raw_.rows())),
      places_(static_cast<std::size_t>(window_rows_)) {
  std::iota(places_.begin(), places_.end(), 0);
}

std::span<const std::int32_t> RawExamples::order(std::int64_t epoch, std::int64_t first) {
  const auto window = first / window_rows_;
  if (epoch != epoch_) shuffle_window(order_, seed_, epoch);
  if (epoch != epoch_ || window != window_number_) load(window);
  epoch_ = epoch;
  const auto rows = std::min(window_rows_, raw_.rows() - window * window_rows_);
  return std::span(places_).first(static_cast<std::size_t>(rows)).subspan(static_cast<std::size_t>(first % window_rows_));
}

void RawExamples::load(std::int64_t window) {
  const auto begin = window * window_rows_;
  const auto count = std::min(window_rows_, raw_.rows() - begin);
  const auto rows = std::span(order_).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(count));
  gather(raw_.x, rows, window_cells_);
  gather(raw_.y, rows, window_.y);
  if (window_.weight.shape().rank() > 0) gather(raw_.weight, rows, window_.weight);
  maker_.make(rows_of(window_cells_, 0, count), window_.x);
  window_number_ = window;
}

std::string RawExamples::hash() { return hash_of(raw_); }

}  // namespace longhand::train
