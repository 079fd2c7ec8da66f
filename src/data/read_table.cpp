// A table from a file of any format that is known.
#include <array>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "data/array_table.h"
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

Table read(std::unique_ptr<ByteSource> source, const CsvOptions& options, const std::string& labels) {
  if (!begins_as_array(*source)) {
    if (!labels.empty()) {
      throw ArgumentError(source->name() + ": labels in a file of their own are for NPY and IDX; this is neither");
    }
    return data::read_csv_source(std::move(source), options);
  }
  ArrayReader array(std::move(source));
  std::optional<ArrayReader> label_array;
  if (!labels.empty()) label_array.emplace(data::open_data(labels));
  return data::read_array(array, options.drop, label_array ? &*label_array : nullptr);
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

}  // namespace longhand
