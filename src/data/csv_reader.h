// A CSV file -> a table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/column_builder.h"
#include "data/csv_scanner.h"
#include "data/csv_source.h"
#include "data/number_notation.h"
#include "longhand/data.h"

namespace longhand::data {

/// Every column is first taken for numbers. Those of which a cell in the first rows is none are
/// read as text from the start; those that fail later are read as text in a second pass over the
/// file. The table does not depend on how the file comes in windows.
class CsvReader {
 public:
  /// `name` stands in errors. `source` and `options` outlive the reader.
  CsvReader(CsvSource& source, std::string_view name, const CsvOptions& options);

  /// All rows. Once.
  Table read();

  /// In place of `read`: the whole rows of the window that follows; nothing where there are no more. A
  /// column that was text is so in all later blocks.
  std::optional<Table> read_block();
  /// Back to the first row.
  void reopen();

 private:
  std::vector<std::string> open();
  std::size_t place_of(const std::string& column) const;
  void begin_block();
  std::vector<Reading> leave_failed();
  void restore(const std::vector<Reading>& readings);
  void reread_failed();
  void reserve(std::uint64_t bytes_read);
  std::uint64_t bytes_passed() const;

  bool read_rows(std::int32_t most_rows, std::uint64_t most_bytes);
  bool read_window(std::int32_t most_rows, std::uint64_t most_bytes);
  void next_window();
  bool read_row();
  std::optional<std::size_t> read_cells();
  const char* read_number(ColumnBuilder& column, const char* p);
  const char* read_long_number(ColumnBuilder& column, const char* p);
  bool read_any_cell(std::size_t index);
  std::string_view text_of(const Cell& cell, const std::string& column);
  void add_number(ColumnBuilder& column, std::string_view text);
  [[noreturn]] void throw_at_row(const std::string& what,
                                 const std::string* column = nullptr) const;
  Table table();

  CsvSource& source_;
  std::string name_;
  const CsvOptions& options_;
  const NumberNotation notation_;
  CsvScanner scanner_;
  std::vector<std::string> names_;
  std::vector<ColumnBuilder> columns_;
  std::vector<LineRun> lines_;
  std::int64_t first_row_ = 0;  // of the block
  std::int32_t rows_ = 0;       // that were read of it
  std::int64_t row_line_ = 0;
  bool has_failed_ = false;
  std::string buffer_, number_;
};

/// The table of a file of which nothing has been read.
Table read_csv_source(std::unique_ptr<ByteSource> source, const CsvOptions& options);
std::unique_ptr<TableBlocks> csv_blocks(std::unique_ptr<ByteSource> source, const CsvOptions& options, std::size_t block_bytes);

}  // namespace longhand::data
