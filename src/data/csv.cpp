#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/files.h"
#include "base/text.h"
#include "data/csv_reader.h"
#include "data/csv_source.h"
#include "longhand/data.h"

namespace longhand {
namespace {

void check_delimiter(char delimiter) {
  const auto byte = static_cast<unsigned char>(delimiter);
  const bool is_letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
  const bool is_digit = byte >= '0' && byte <= '9';
  if (byte == 0 || byte >= 0x80 || is_letter || is_digit ||
      std::string_view("\"\r\n+-.").find(delimiter) != std::string_view::npos) {
    throw ArgumentError("the delimiter '" + printable(std::string{delimiter}) +
                        "' cannot be told from what is in a cell");
  }
}

Table read_source(data::CsvSource source, std::string_view name, const CsvOptions& options) {
  check_delimiter(options.delimiter);
  return data::CsvReader(source, name, options).read();
}

}  // namespace

Table parse_csv(std::string_view bytes, std::string_view name, const CsvOptions& options) try {
  return read_source(data::CsvSource(bytes), name, options);
} catch (const std::bad_alloc&) {
  throw IoError(std::string(name) + ": the table does not fit into memory");
}

Table read_csv(const std::string& path, const CsvOptions& options) try {
  std::optional<FileReader> file;
  try {
    file.emplace(path);
  } catch (const IoError& error) {
    throw DataError(error.what());  // a table that is missing is wrong data, not a failed machine
  }
  // A pipe cannot be read a second time, and what claims to be empty may be one (/dev/stdin,
  // /proc).
  if (file->size().value_or(0) == 0) {
    const FileBytes bytes(std::move(*file));
    return read_source(data::CsvSource(bytes.text()), path, options);
  }
  return read_source(data::CsvSource(std::move(*file)), path, options);
} catch (const std::bad_alloc&) {
  throw IoError(path + ": the table does not fit into memory");
}

}  // namespace longhand
