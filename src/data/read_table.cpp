// A table from a file of any format that is known.
#include <array>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "data/array_rows.h"
#include "data/csv_reader.h"
#include "data/open_data.h"
#include "formats/array_reader.h"
#include "formats/byte_source.h"
#include "longhand/data.h"

namespace longhand {
namespace {

bool begins_as_array(ByteSource& source) {
  std::array<std::byte, 8> first{};
  const std::span came(first.data(), read_all(source, first));
  source.rewind();
  return is_array(came);
}

// What only arrays have.
void refuse_labels(const ByteSource& csv, const std::string& labels) {
  if (labels.empty()) return;
  throw ArgumentError(csv.name() + ": labels in a file of their own are for NPY and IDX; this is neither");
}

std::unique_ptr<data::ArrayRows> array_rows(ArrayReader array, const CsvOptions& options, const std::string& labels,
                                            std::size_t block_bytes) {
  std::optional<ArrayReader> label_array;
  if (!labels.empty()) label_array.emplace(data::open_data(labels));
  return std::make_unique<data::ArrayRows>(std::move(array), std::move(label_array), options.drop, block_bytes);
}

Table read(std::unique_ptr<ByteSource> source, const CsvOptions& options, const std::string& labels) {
  constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
  if (begins_as_array(*source)) return array_rows(ArrayReader(std::move(source)), options, labels, kPieceBytes)->rest();
  refuse_labels(*source, labels);
  return data::read_csv_source(std::move(source), options);
}

}  // namespace

Table read_table(const std::string& path, const CsvOptions& options, const std::string& labels) try {
  return read(data::open_data(path), options, labels);
} catch (const std::bad_alloc&) {
  throw IoError(path + ": the table does not fit into memory");
}

Table parse_table(std::string_view bytes, std::string_view name, const CsvOptions& options, const std::string& labels) try {
  return read(open_source(bytes, std::string(name)), options, labels);
} catch (const std::bad_alloc&) {
  throw IoError(std::string(name) + ": the table does not fit into memory");
}

std::unique_ptr<TableBlocks> open_table_blocks(const std::string& path, const CsvOptions& options, const std::string& labels,
                                               std::size_t block_bytes) {
  auto source = data::open_data(path);
  if (begins_as_array(*source)) {
    ArrayReader array(std::move(source));
    if (array.needs_all()) {
      throw ArgumentError(path + ": an array in Fortran's order that is packed is read whole only; unpack it, or save it in C's order");
    }
    return array_rows(std::move(array), options, labels, block_bytes);
  }
  refuse_labels(*source, labels);
  return data::csv_blocks(std::move(source), options, block_bytes);
}

}  // namespace longhand
