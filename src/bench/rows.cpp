#include "bench/rows.h"

#include <cmath>
#include <cstring>

#include "base/philox.h"

namespace longhand::bench {
namespace {

Tensor uniform_rows(std::int64_t rows, std::int64_t columns, PhiloxStream stream) {
  Tensor tensor(Shape{rows, columns});
  for (float& value : tensor.values<float>()) value = static_cast<float>(2 * stream.uniform() - 1);
  return tensor;
}

}  // namespace

Rows make_rows(const NetworkSpec& network, std::int64_t rows, std::uint64_t seed) {
  Rows made{uniform_rows(rows, network.inputs, {seed, 1}), {}};
  PhiloxStream stream(seed, 2);
  const auto kind = target_kind(network.loss);
  if (kind == TargetKind::class_number) {
    made.y = Tensor(Shape{rows}, DType::i32);
    for (auto& value : made.y.values<std::int32_t>()) {
      value = static_cast<std::int32_t>(stream.uniform() * static_cast<double>(network.outputs()));
    }
    return made;
  }
  made.y = uniform_rows(rows, network.outputs(), stream);
  for (float& value : made.y.values<float>()) {
    if (kind == TargetKind::probability) value = value > 0 ? 1 : 0;
    if (kind == TargetKind::rate) value = std::abs(value);
  }
  return made;
}

Tensor take_rows(const Tensor& table, const std::vector<std::int64_t>& chosen) {
  const auto row_bytes = table.bytes() / static_cast<std::size_t>(table.shape()[0]);
  Tensor taken(table.shape().with_extent(0, static_cast<std::int64_t>(chosen.size())), table.dtype());
  auto* to = static_cast<std::byte*>(taken.data());
  for (const auto row : chosen) {
    std::memcpy(to, static_cast<const std::byte*>(table.data()) + static_cast<std::size_t>(row) * row_bytes, row_bytes);
    to += row_bytes;
  }
  return taken;
}

}  // namespace longhand::bench
