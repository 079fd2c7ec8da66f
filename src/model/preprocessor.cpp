#include "model/preprocessor.h"

#include <algorithm>
#include <utility>

#include "base/convert.h"
#include "model/row_blocks.h"

namespace longhand {
namespace {

// So many rows that a block's features stay in the second-level cache, and that the calls for it, several a column,
// are for enough cells each.
std::int64_t block_rows(const Model& model, std::int64_t rows) {
  constexpr std::int64_t kBlockEntries = 64 * 1024, kFewest = 32, kMost = 256;
  const auto width = std::max<std::int64_t>(1, model.network.inputs);
  return std::clamp<std::int64_t>(rows, 1, std::clamp(kBlockEntries / width, kFewest, kMost));
}

}  // namespace

Program preprocessing_program(const Model& model, std::int64_t rows) {
  return Program(build_preprocessing(model), {.dtype = DType::f64, .max_rows = block_rows(model, rows)});
}

Preprocessor::Preprocessor(const Program& program) : most_(program.max_rows()), runner_(program, std::as_const(none_)) {}

void Preprocessor::run(const Tensor& raw, Tensor& x) {
  for (std::int64_t first = 0; first < raw.shape()[0]; first += most_) {
    const auto count = std::min(most_, raw.shape()[0] - first);
    runner_.bind("raw", rows_of(raw, first, count));
    runner_.run(count);
    Tensor block = rows_of(x, first, count);
    convert(runner_.output("x"), block);
  }
}

}  // namespace longhand
