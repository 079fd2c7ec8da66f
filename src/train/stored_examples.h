// Rows that are learned from and that memory has no room for.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/temporary_file.h"
#include "train/example_source.h"

namespace longhand::train {

struct StoreOptions {
  std::string folder;             ///< where the file without a name is
  std::int64_t rows = 0;          ///< that will be added
  std::int64_t batch_size = 1;
  std::int64_t window_bytes = 0;  ///< of rows in memory, about
  std::uint64_t seed = 0;
  /// Makes of rows' x what the network is given, the first rows of [rows, inputs] of type `dtype`; empty where x is that.
  std::function<void(const Tensor&, const Tensor&)> make_inputs = {};
  std::int64_t inputs = 0;
  DType dtype = DType::f32;
};

/// Examples in a file, block after block of whole batches. An epoch takes the blocks in random order, as many
/// at a time as fit into the window, and the window's rows in random order; the block at the file's end,
/// which may be a smaller one, comes last. Where one window holds all rows, the order is that of
/// ResidentExamples.
class StoredExamples : public ExampleSource {
 public:
  explicit StoredExamples(StoreOptions options) : options_(std::move(options)) {}

  /// The next rows, but for those that are marked. All have the shapes and types of the first.
  void add(const Examples& examples, const std::vector<bool>& is_left_out);
  /// After the last; then come the calls of ExampleSource.
  void finish();

  std::int64_t rows() const override { return rows_; }
  const Examples& examples() const override { return window_; }
  std::span<const std::int32_t> order(std::int64_t epoch, std::int64_t first) override;
  std::string hash() override;

 private:
  void begin(const Examples& examples);
  void copy_rows(const Examples& from, std::int64_t first, std::int64_t count);
  void write_block();
  std::int64_t rows_in(std::int64_t block) const;
  std::int64_t blocks() const { return (rows_ + block_rows_ - 1) / block_rows_; }
  void shuffle_blocks(std::int64_t epoch);
  void load(std::int64_t epoch, std::int64_t window);

  const StoreOptions options_;
  std::optional<TemporaryFile> file_;
  std::int64_t rows_ = 0, row_bytes_ = 0, block_rows_ = 0, window_blocks_ = 0;
  Examples block_;               // that is being filled
  std::int64_t block_filled_ = 0;
  Examples window_;              // all but x share the memory of stored_, and x where it is what is stored
  Examples stored_;              // the window's rows as they are in the file
  std::vector<std::int64_t> block_order_;
  std::vector<std::int32_t> order_;
  std::int64_t epoch_ = -1, window_number_ = -1;  // that block_order_ and order_ are of
};

}  // namespace longhand::train
