#include "train/store_examples.h"

#include <utility>

#include "model/cell_notes.h"
#include "train/input_maker.h"
#include "train/stored_examples.h"

namespace longhand::train {
namespace {

// Rows of a table that come by in ascending order.
class Marks {
 public:
  explicit Marks(const Table& rows) : rows_(rows) {}

  std::vector<bool> of(const Table& block) {
    std::vector<bool> is_marked(static_cast<std::size_t>(block.rows()));
    const auto first = block.file_row(0);
    for (; next_ < rows_.rows() && rows_.file_row(next_) < first + block.rows(); ++next_) {
      is_marked[static_cast<std::size_t>(rows_.file_row(next_) - first)] = true;
    }
    return is_marked;
  }

 private:
  const Table& rows_;
  std::int64_t next_ = 0;
};

}  // namespace

std::unique_ptr<ExampleSource> store_examples(const StreamedTable& table, const Model& model, RowWeights& weights,
                                              const Table& held_out, std::int64_t batch_size, std::uint64_t seed,
                                              std::vector<CellNote>& notes, RowSum& known, std::shared_ptr<ThreadPool> pool) {
  const auto rows = table.sample.rows - held_out.rows();
  StoreOptions store{.folder = table.folder, .rows = rows, .batch_size = batch_size, .window_bytes = table.window_bytes, .seed = seed};
  const bool is_raw = is_smaller_raw(model);
  if (is_raw) {
    store.inputs = model.network.inputs;
    store.dtype = model.dtype;
    constexpr std::int64_t kManyRows = 16384;
    const auto maker = std::make_shared<InputMaker>(model, kManyRows, std::move(pool));
    store.make_inputs = [maker](const Tensor& raw, const Tensor& x) { maker->make(raw, x); };
  }
  auto stored = std::make_unique<StoredExamples>(std::move(store));
  Marks left_out(held_out);
  table.blocks.rewind();
  while (const auto block = table.blocks.next()) {
    std::vector<CellNote> of_block;
    stored->add(make_examples(model, *block, weights.of(*block, *model.target), &of_block, is_raw), left_out.of(*block));
    add_notes(notes, std::move(of_block));
    known.add(model, *block);
    if (table.after_block) table.after_block();
  }
  stored->finish();
  if (stored->rows() != rows) throw DataError(table.blocks.name() + ": the file changed while it was read");
  return stored;
}

}  // namespace longhand::train
