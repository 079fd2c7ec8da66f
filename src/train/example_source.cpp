#include "train/example_source.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/philox.h"
#include "train/resume.h"

namespace longhand::train {

std::int64_t rows_at_once(std::int64_t batch_size) {
  constexpr std::int64_t kRows = 16384, kSteps = 256;
  return std::clamp<std::int64_t>(kRows / batch_size, 1, kSteps) * batch_size;
}

Examples room_like(const Examples& like, std::int64_t rows) {
  Examples room;
  for (const auto part : {&Examples::x, &Examples::y, &Examples::weight}) {
    const auto& tensor = like.*part;
    if (tensor.shape().rank() > 0) room.*part = Tensor(tensor.shape().with_extent(0, rows), tensor.dtype());
  }
  return room;
}

void shuffle_window(std::span<std::int32_t> order, std::uint64_t seed, std::int64_t epoch, std::int64_t window) {
  // From the same order each time, so that it does not depend on the epochs before.
  std::iota(order.begin(), order.end(), 0);
  if (epoch == kOwnOrder) return;
  PhiloxStream stream(seed, hash_name("order") + static_cast<std::uint64_t>(epoch) + (static_cast<std::uint64_t>(window) << 32));
  shuffle(order, stream);
}

ResidentExamples::ResidentExamples(Examples examples, std::uint64_t seed)
    : examples_(std::move(examples)), seed_(seed), order_(static_cast<std::size_t>(examples_.rows())) {}

std::span<const std::int32_t> ResidentExamples::order(std::int64_t epoch, std::int64_t first) {
  if (epoch != epoch_) shuffle_window(order_, seed_, epoch);
  epoch_ = epoch;
  return std::span(order_).subspan(static_cast<std::size_t>(first));
}

std::string ResidentExamples::hash() { return hash_of(examples_); }

}  // namespace longhand::train
