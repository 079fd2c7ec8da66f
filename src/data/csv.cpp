#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "data/csv_header.h"
#include "data/csv_reader.h"
#include "data/csv_source.h"
#include "data/open_data.h"
#include "formats/byte_source.h"
#include "formats/gzip.h"
#include "longhand/data.h"

namespace longhand {
namespace {

void check_delimiter(char delimiter) {
  if (data::can_be_delimiter(delimiter)) return;
  throw ArgumentError("the delimiter '" + printable(std::string{delimiter}) + "' cannot be told from what is in a cell");
}

class CsvBlocks : public TableBlocks {
 public:
  CsvBlocks(std::unique_ptr<ByteSource> source, const CsvOptions& options, std::size_t block_bytes)
      : name_(source->name()), options_(options), source_(std::move(source), block_bytes), reader_(source_, name_, options_) {}

  const std::string& name() const override { return name_; }
  std::optional<Table> next() override { return reader_.read_block(); }
  void rewind() override { reader_.reopen(); }

 private:
  const std::string name_;
  const CsvOptions options_;
  data::CsvSource source_;
  data::CsvReader reader_;
};

Table read_source(data::CsvSource source, std::string_view name, const CsvOptions& options) {
  check_delimiter(options.delimiter);
  return data::CsvReader(source, name, options).read();
}

}  // namespace

Table data::read_csv_source(std::unique_ptr<ByteSource> source, const CsvOptions& options) {
  const std::string name = source->name();
  return read_source(CsvSource(std::move(source)), name, options);
}

Table parse_csv(std::string_view bytes, std::string_view name, const CsvOptions& options) try {
  if (is_gzip(std::as_bytes(std::span(bytes)))) return data::read_csv_source(open_source(bytes, std::string(name)), options);
  return read_source(data::CsvSource(bytes), name, options);
} catch (const std::bad_alloc&) {
  throw IoError(std::string(name) + ": the table does not fit into memory");
}

Table read_csv(const std::string& path, const CsvOptions& options) try {
  return data::read_csv_source(data::open_data(path), options);
} catch (const std::bad_alloc&) {
  throw IoError(path + ": the table does not fit into memory");
}

std::unique_ptr<TableBlocks> data::csv_blocks(std::unique_ptr<ByteSource> source, const CsvOptions& options, std::size_t block_bytes) {
  check_delimiter(options.delimiter);
  return std::make_unique<CsvBlocks>(std::move(source), options, block_bytes);
}

}  // namespace longhand
