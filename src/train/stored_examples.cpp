#include "train/stored_examples.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "base/philox.h"
#include "model/row_blocks.h"

namespace longhand::train {
namespace {

// So many blocks from all over the file make a window: what stands together there is soon apart.
constexpr std::int64_t kBlocksOfWindow = 128;

constexpr Tensor Examples::*kParts[] = {&Examples::x, &Examples::y, &Examples::weight};

bool has_rows(const Tensor& part) { return part.shape().rank() > 0; }

std::int64_t row_bytes_of(const Tensor& part) {
  return has_rows(part) && part.shape()[0] > 0 ? static_cast<std::int64_t>(part.bytes()) / part.shape()[0] : 0;
}

std::span<std::byte> bytes_of(Tensor& tensor, std::int64_t first, std::int64_t rows) {
  const auto row = row_bytes_of(tensor);
  return {static_cast<std::byte*>(tensor.data()) + first * row, static_cast<std::size_t>(rows * row)};
}

}  // namespace

void StoredExamples::begin(const Examples& examples) {
  for (const auto part : kParts) row_bytes_ += row_bytes_of(examples.*part);
  auto row_in_memory = row_bytes_;
  if (options_.make_inputs) row_in_memory += options_.inputs * static_cast<std::int64_t>(size_of(options_.dtype));
  block_rows_ = std::max<std::int64_t>(options_.window_bytes / kBlocksOfWindow / (row_in_memory * options_.batch_size), 1) * options_.batch_size;
  window_blocks_ = std::max<std::int64_t>(options_.window_bytes / (block_rows_ * row_in_memory), 1);
  file_.emplace(options_.folder, static_cast<std::uint64_t>(options_.rows * row_bytes_));
  block_ = room_like(examples, block_rows_);
}

void StoredExamples::add(const Examples& examples, const std::vector<bool>& is_left_out) {
  if (examples.rows() == 0) return;
  if (!file_) begin(examples);
  const auto rows = examples.rows();
  for (std::int64_t row = 0; row < rows;) {
    const auto is_out = [&](std::int64_t i) { return is_left_out[static_cast<std::size_t>(i)]; };
    auto end = row;
    while (end < rows && !is_out(end)) ++end;
    copy_rows(examples, row, end - row);
    while (end < rows && is_out(end)) ++end;
    row = end;
  }
}

void StoredExamples::copy_rows(const Examples& from, std::int64_t first, std::int64_t count) {
  while (count > 0) {
    const auto fits = std::min(count, block_rows_ - block_filled_);
    for (const auto part : kParts) {
      if (!has_rows(from.*part)) continue;
      const auto to = bytes_of(block_.*part, block_filled_, fits);
      const auto row = row_bytes_of(from.*part);
      std::memcpy(to.data(), static_cast<const std::byte*>((from.*part).data()) + first * row, to.size());
    }
    block_filled_ += fits;
    first += fits;
    count -= fits;
    if (block_filled_ == block_rows_) write_block();
  }
}

void StoredExamples::write_block() {
  for (const auto part : kParts) {
    if (has_rows(block_.*part)) file_->write(bytes_of(block_.*part, 0, block_filled_));
  }
  rows_ += block_filled_;
  block_filled_ = 0;
}

void StoredExamples::finish() {
  write_block();
  const auto rows = std::min(window_blocks_ * block_rows_, rows_);
  window_ = stored_ = room_like(block_, rows);
  if (options_.make_inputs) window_.x = Tensor({rows, options_.inputs}, options_.dtype);
  block_ = Examples();
}

std::int64_t StoredExamples::rows_in(std::int64_t block) const {
  return std::min(block_rows_, rows_ - block * block_rows_);
}

void StoredExamples::shuffle_blocks(std::int64_t epoch) {
  block_order_.resize(static_cast<std::size_t>(blocks()));
  std::iota(block_order_.begin(), block_order_.end(), std::int64_t{0});
  if (epoch == kOwnOrder) return;
  PhiloxStream stream(options_.seed, hash_name("blocks") + static_cast<std::uint64_t>(epoch));
  shuffle(std::span(block_order_).first(block_order_.size() - 1), stream);
}

void StoredExamples::load(std::int64_t epoch, std::int64_t window) {
  if (epoch != epoch_) shuffle_blocks(epoch);
  const auto begin = static_cast<std::size_t>(window * window_blocks_);
  const auto count = std::min(static_cast<std::size_t>(window_blocks_), block_order_.size() - begin);
  std::vector<std::int64_t> blocks(block_order_.begin() + static_cast<std::ptrdiff_t>(begin),
                                   block_order_.begin() + static_cast<std::ptrdiff_t>(begin + count));
  std::ranges::sort(blocks);
  std::int64_t rows = 0;
  for (const auto block : blocks) {
    auto offset = static_cast<std::uint64_t>(block * block_rows_ * row_bytes_);
    for (const auto part : kParts) {
      if (!has_rows(stored_.*part)) continue;
      const auto into = bytes_of(stored_.*part, rows, rows_in(block));
      file_->read(offset, into);
      offset += into.size();
    }
    rows += rows_in(block);
  }
  if (options_.make_inputs) options_.make_inputs(rows_of(stored_.x, 0, rows), window_.x);
  order_.resize(static_cast<std::size_t>(rows));
  shuffle_window(order_, options_.seed, epoch, window);
  epoch_ = epoch;
  window_number_ = window;
}

std::span<const std::int32_t> StoredExamples::order(std::int64_t epoch, std::int64_t first) {
  const auto window_rows = window_blocks_ * block_rows_;
  const auto window = first / window_rows;
  if (epoch != epoch_ || window != window_number_) load(epoch, window);
  return std::span(order_).subspan(static_cast<std::size_t>(first % window_rows));
}

std::string StoredExamples::hash() {
  std::vector<std::byte> bytes(std::size_t{1} << 20);
  const auto size = static_cast<std::uint64_t>(rows_ * row_bytes_);
  std::uint64_t hash = 0;
  for (std::uint64_t offset = 0; offset < size; offset += bytes.size()) {
    const auto piece = std::span(bytes).first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), size - offset)));
    file_->read(offset, piece);
    hash = hash * 31 + hash_name({reinterpret_cast<const char*>(piece.data()), piece.size()});
  }
  return std::to_string(hash);
}

}  // namespace longhand::train
