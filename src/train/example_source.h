// The rows that are learned from, in the order of each epoch: all of them in memory, or from a file.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "train/columns.h"

namespace longhand::train {

/// The epoch whose order is that of the rows.
inline constexpr std::int64_t kOwnOrder = 0;

class ExampleSource {
 public:
  virtual ~ExampleSource() = default;
  virtual std::int64_t rows() const = 0;
  /// Those that are in memory, all or some. The tensors stay, `order` may change their values.
  virtual const Examples& examples() const = 0;
  /// An epoch's rows from its `first` on, as places among examples(): as many as are in memory, and so at
  /// least one. But for the epoch's last they are whole batches. An epoch's order depends on its number and
  /// the seed alone.
  virtual std::span<const std::int32_t> order(std::int64_t epoch, std::int64_t first) = 0;
  /// A hash of all rows.
  virtual std::string hash() = 0;
};

/// All rows in memory, each epoch in an order of its own.
class ResidentExamples : public ExampleSource {
 public:
  ResidentExamples(Examples examples, std::uint64_t seed);

  std::int64_t rows() const override { return examples_.rows(); }
  const Examples& examples() const override { return examples_; }
  std::span<const std::int32_t> order(std::int64_t epoch, std::int64_t first) override;
  std::string hash() override;

 private:
  const Examples examples_;
  const std::uint64_t seed_;
  std::int64_t epoch_ = -1;  // that order_ is of
  std::vector<std::int32_t> order_;
};

/// So many rows, whole batches, are learned from between two looks at progress and at the loss.
std::int64_t rows_at_once(std::int64_t batch_size);

/// Room for so many rows like those.
Examples room_like(const Examples& like, std::int64_t rows);

/// Makes `order` the order of a window of an epoch's rows, of which a source in memory has one alone.
void shuffle_window(std::span<std::int32_t> order, std::uint64_t seed, std::int64_t epoch, std::int64_t window = 0);

}  // namespace longhand::train
