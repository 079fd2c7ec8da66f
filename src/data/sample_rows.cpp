#include <cstddef>
#include <optional>
#include <vector>

#include "data/row_counter.h"
#include "data/row_sample.h"
#include "longhand/data.h"

namespace longhand {
namespace {

bool are_alike(const Table& a, const Table& b) {
  for (std::size_t i = 0; i < a.columns().size(); ++i) {
    if (a.columns()[i].is_numbers() != b.columns()[i].is_numbers()) return false;
  }
  return true;
}

// Nothing where a column turned out to be text: then the first blocks are to be read again as such.
std::optional<TableSample> sample_once(TableBlocks& blocks, const SampleOptions& options) {
  TableSample sample;
  auto block = blocks.next();
  const Table first = block->select_rows({});
  data::RowSample kept(first, options);
  std::vector<data::RowCounter> counters(first.columns().size());
  bool is_alike = true;
  for (; block; block = blocks.next()) {
    is_alike = is_alike && are_alike(first, *block);
    if (is_alike) {
      kept.add(*block);
      for (std::size_t i = 0; i < counters.size(); ++i) counters[i].add(block->columns()[i].numbers());
    }
    sample.rows += block->rows();
    if (options.after_block) options.after_block();
  }
  if (!is_alike) return std::nullopt;
  sample.table = kept.take();
  if (sample.table.rows() == sample.rows) return sample;  // which tells by itself what counts the rows
  for (std::size_t i = 0; i < counters.size(); ++i) {
    if (counters[i].counts_rows()) sample.row_counters.push_back(first.columns()[i].name());
  }
  return sample;
}

}  // namespace

TableSample sample_rows(TableBlocks& blocks, const SampleOptions& options) {
  auto sample = sample_once(blocks, options);
  while (!sample) {
    blocks.rewind();
    sample = sample_once(blocks, options);
  }
  return std::move(*sample);
}

}  // namespace longhand
