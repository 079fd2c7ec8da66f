// data: tables and where they come from, columns as features, classes, splits. Knows nothing of
// networks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "longhand/base.h"

namespace longhand {

/// A list of texts in one block of memory.
class TextList {
 public:
  std::size_t size() const { return ends_.size(); }
  std::string_view operator[](std::size_t index) const {
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(bytes_).substr(begin, ends_[index] - begin);
  }
  void add(std::string_view text) {
    bytes_ += text;
    ends_.push_back(bytes_.size());
  }

 private:
  std::string bytes_;
  std::vector<std::size_t> ends_;
};

/// How one number was written, where that is not its shortest decimal: 4.5 as "4.50".
struct Spelling {
  double value;
  std::string text;
};

/// Numbers as doubles, whatever they are kept as. Borrows them.
class NumberView {
 public:
  class Iterator {
   public:
    using iterator_concept = std::forward_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = double;
    Iterator() = default;
    Iterator(const NumberView* view, std::size_t place) : view_(view), place_(place) {}
    double operator*() const { return (*view_)[place_]; }
    Iterator& operator++() { return ++place_, *this; }
    Iterator operator++(int) { return {view_, place_++}; }
    bool operator==(const Iterator& other) const { return place_ == other.place_; }

   private:
    const NumberView* view_ = nullptr;
    std::size_t place_ = 0;
  };

  NumberView(std::span<const double> numbers) : data_(numbers.data()), size_(numbers.size()) {}
  NumberView(std::span<const float> numbers) : data_(numbers.data()), size_(numbers.size()), dtype_(DType::f32) {}
  NumberView(std::span<const std::uint8_t> numbers) : data_(numbers.data()), size_(numbers.size()), dtype_(DType::u8) {}

  std::size_t size() const { return size_; }
  double operator[](std::size_t i) const {
    switch (dtype_) {
      case DType::f32: return static_cast<const float*>(data_)[i];
      case DType::u8: return static_cast<const std::uint8_t*>(data_)[i];
      default: return static_cast<const double*>(data_)[i];
    }
  }
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size_}; }
  std::vector<double> to_doubles() const;

 private:
  const void* data_;
  std::size_t size_;
  DType dtype_ = DType::f64;
};

/// A named column of a table: numbers, or text as codes of its distinct cells.
class Column {
 public:
  /// Every value is finite, or ArgumentError. `spellings` are in ascending order of their values.
  static Column of_numbers(std::string name, std::vector<double> values, std::vector<Spelling> spellings = {});
  /// Numbers that take fewer bytes than doubles and are the same.
  static Column of_compact(std::string name, std::vector<float> values);
  static Column of_compact(std::string name, std::vector<std::uint8_t> values);
  static Column of_text(std::string name, std::span<const std::string> cells);
  /// codes[row] is the index of the row's cell in `texts`. ArgumentError where it is none.
  static Column of_codes(std::string name, TextList texts, std::vector<std::int32_t> codes);

  const std::string& name() const { return name_; }
  bool is_numbers() const { return is_numbers_; }
  std::size_t rows() const { return is_numbers_ ? numbers().size() : codes_.size(); }

  /// The values of a column of numbers, all finite; empty for text.
  NumberView numbers() const {
    return std::visit([](const auto& values) { return NumberView(std::span(values)); }, numbers_);
  }
  /// The distinct cells of a column of text as they were written, in the order of their first
  /// appearance in the table that was read, and for each row which of them it has.
  const TextList& texts() const { return texts_; }
  std::span<const std::int32_t> codes() const { return codes_; }

  /// Whether some number was not written as its shortest decimal.
  bool has_spellings() const { return !spellings_.empty(); }
  /// The cell as it was written. A number comes as its shortest decimal where its column had over
  /// 1,000 distinct numbers written otherwise, and where one number was written in several ways it
  /// comes in one of them; columns named in CsvOptions::text keep every cell.
  std::string cell(std::size_t row) const;
  /// `value`, one of numbers(), as `cell` gives it.
  std::string spelled(double value) const;

  /// The share of cells that are finite numbers: 1 for a column of numbers. 0 without rows.
  double share_of_numbers() const;
  /// The number of distinct cells (for numbers: of values), counted up to `most`.
  std::size_t count_distinct(std::size_t most) const;

  /// Copies these rows, which must exist.
  Column select_rows(std::span<const std::int32_t> rows) const;

 private:
  std::string name_;
  bool is_numbers_ = true;
  std::variant<std::vector<double>, std::vector<float>, std::vector<std::uint8_t>> numbers_;
  std::vector<Spelling> spellings_;
  TextList texts_;
  std::vector<std::int32_t> codes_;
};

/// From `row` of the file on, rows begin on consecutive lines, the first on `line`.
struct LineRun {
  std::int64_t row;
  std::int64_t line;
};

/// Named columns of equal length. Reading one table from several threads is safe.
class Table {
 public:
  Table() = default;
  /// `name` stands in errors: the file's name. Throws ArgumentError where columns differ in length
  /// or two have one name. `lines` begin with `first_row`, the number in the file (from 0) of row 0, and
  /// ascend; empty for a table that is not from a file.
  Table(std::string name, std::vector<Column> columns, std::vector<LineRun> lines = {}, std::int64_t first_row = 0);
  /// Rows from here and there in a file: their numbers in it, and the lines that these are on.
  Table(std::string name, std::vector<Column> columns, std::vector<LineRun> lines, std::vector<std::int64_t> file_rows);

  const std::string& name() const { return name_; }
  std::int64_t rows() const { return rows_; }
  std::span<const Column> columns() const { return columns_; }

  /// The index of the column of that name; else, for "-1", "-2", … of the last, the last but one,
  /// ….
  std::optional<std::size_t> find(std::string_view name) const;
  /// Throws DataError, naming the columns there are, where `find` finds none.
  const Column& column(std::string_view name) const;

  /// The column's cells as numbers; text will do where each cell is one. Otherwise throws DataError
  /// with row, line, column and text of the first cell that is not a finite number.
  std::vector<double> numbers(std::string_view column) const;

  /// The same columns with these rows, in this order. Throws ArgumentError for a row that is not
  /// there. `where` still gives rows and lines of the file.
  Table select_rows(std::span<const std::int32_t> rows) const;

  /// The same with this column in place of that of its name. Throws ArgumentError where there is none, or the rows
  /// are not as many.
  Table with_column(Column column) const;

  /// "train.csv: row 17 (line 18)", for errors: rows of the file from 1. `row` is from 0.
  std::string where(std::int64_t row) const;
  /// "train.csv: row 17 (line 18), column 'age'".
  std::string where(std::int64_t row, std::string_view column) const;
  /// The line of the file on which a row begins; nothing for a table that is not from a file.
  std::optional<std::int64_t> line_of(std::int64_t row) const;
  /// The row's number in the file, from 0.
  std::int64_t file_row(std::int64_t row) const;

 private:
  std::string name_;
  std::int64_t rows_ = 0, first_row_ = 0;
  std::vector<Column> columns_;
  std::vector<std::size_t> by_name_;  // indices of columns, in ascending order of names
  std::vector<LineRun> lines_;
  std::vector<std::int64_t> file_rows_;  // empty where row i is row first_row_ + i of the file
};

struct CsvOptions {
  /// One byte of ASCII; not a quote, row end, letter, digit, '+', '-' or '.'.
  char delimiter = ',';
  /// Without a header, columns are named 1, 2, ….
  bool header = true;
  /// Columns, as Table::find finds them, that are left out. Their cells are not looked at.
  std::vector<std::string> drop = {};
  /// Columns that are kept as text even where every cell is a number.
  std::vector<std::string> text = {};
  /// What stands before the decimals of a number, '.' or ','; and between groups of three digits, one of
  /// ". , ' _" or a space (which no-break spaces are too), or 0 for nothing.
  char decimal = '.';
  char thousands = 0;
};

/// Reads a CSV file (RFC 4180). A cell in quotes may hold delimiters, row ends and doubled quotes;
/// a quote inside a cell that does not begin with one is an ordinary letter. A row ends with LF,
/// CRLF or CR; the last need not. A UTF-8 byte order mark is skipped. A line of spaces or nothing
/// is skipped, but where there is one column it is a cell. Cells, in quotes or not, and names in the header
/// lose spaces and tabs around them, so that "yes " is yes; an empty name becomes its column's number. A first
/// line "sep=;", as spreadsheets write it, says what the delimiter is. The locale does not matter.
///
/// A column is numbers where each cell is a finite decimal number (as std::from_chars reads it,
/// with one leading + and U+2212 for - allowed) and text otherwise, each cell kept as it was written. What numbers would merge is text: whole numbers that no double holds exactly, such as
/// 9007199254740993, and those with a leading zero, such as 00501. Numbers with another decimal sign
/// or with thousands separators, where the options say so, are kept as 1234.5.
///
/// A file packed with gzip is unpacked as it is read.
///
/// Throws DataError, one line with file, row, line and column, for: a missing or empty file, gzip that is damaged, cut
/// short or followed by something else, a row of a file over 64 MiB, UTF-16, a zero byte, no rows, a row whose number of
/// cells is not the header's, a quote that is never closed, text behind a closing quote, two columns of one name, a
/// header without names or that looks like a row of numbers, and a file that looks separated by another delimiter.
/// With `decimal` or `thousands` also for a cell that is a number only by other rules, as 1.5 is where
/// decimals follow a comma. Throws ArgumentError for a delimiter, decimal sign or separator that cannot be
/// one and a column to drop or keep as text that is not there.
///
/// Throws IoError where the system fails to read a file that is there, or memory ends.
///
/// Memory: 8 bytes a number; 4 bytes a cell of text, and its distinct cells once; 256 KiB of the
/// file at a time. A column whose first cell of text comes after a thousand rows costs a second
/// reading of the file.
Table read_csv(const std::string& path, const CsvOptions& options = {});
/// The same for a file in memory; `name` stands in errors.
Table parse_csv(std::string_view bytes, std::string_view name, const CsvOptions& options = {});

/// Reads a table by what its file begins with: CSV as read_csv does, else an array of numbers as NPY (NumPy's
/// versions 1 to 3; booleans, whole numbers, floats) or IDX (MNIST's), each packed with gzip or not. The
/// array's first axis is the rows; the others together are columns named 1, 2, …. Of the options, `drop`
/// alone is for arrays too. NaN is an empty cell, which makes its column one of text, as in CSV. `labels`,
/// where it is not empty, is an NPY or IDX file of one number a row: a last column named "label".
///
/// Throws as read_csv; ArgumentError also for labels of a CSV file; DataError for an array of something
/// else than numbers, a file that is longer or shorter than its header says, whole numbers that no double
/// holds, and labels of another number of rows.
Table read_table(const std::string& path, const CsvOptions& options = {}, const std::string& labels = {});
/// The same for a file in memory; `name` stands in errors.
Table parse_table(std::string_view bytes, std::string_view name, const CsvOptions& options = {},
                  const std::string& labels = {});
/// The column that labels become.
inline constexpr std::string_view kLabelColumn = "label";
/// The rows of a file, a block at a time: memory is that of a block. For one thread.
class TableBlocks {
 public:
  virtual ~TableBlocks() = default;
  /// The file's name, as it stands in errors.
  virtual const std::string& name() const = 0;
  /// The rows that follow, at least one, which know their numbers and lines in the file; nothing at its
  /// end. A column that is text in one block is text in all later ones, after `rewind` too.
  virtual std::optional<Table> next() = 0;
  /// Back to the first row.
  virtual void rewind() = 0;
};

/// About so many bytes of a CSV file, or of an array's numbers as doubles, are a block.
inline constexpr std::size_t kBlockBytes = std::size_t{1} << 22;

/// The rows that read_table reads. Throws what read_table throws, about a row when it comes to it; ArgumentError
/// also for an array in Fortran's order that is packed, which only all at once can be read; IoError for a file
/// that changes before it is read again. What cannot be read twice, a pipe, is kept in memory.
std::unique_ptr<TableBlocks> open_table_blocks(const std::string& path, const CsvOptions& options = {},
                                               const std::string& labels = {}, std::size_t block_bytes = kBlockBytes);

struct SampleOptions {
  /// At most; fewer where there are over 40 columns or texts are long.
  std::int64_t rows = 100'000;
  std::string target = {};  ///< as Table::find takes it; none where it is empty
  std::uint64_t seed = 0;
  std::function<void()> after_block = {};  ///< may throw
};

/// What a look at all rows of a file tells.
struct TableSample {
  /// Rows drawn at random, in their order; and of each distinct cell of a target the first row, but
  /// where there are over 1,000 numbers or 10,000 texts.
  Table table;
  std::int64_t rows = 0;  ///< in the file
  std::vector<std::string> row_counters;  ///< columns of whole numbers that count all rows
};
/// Draws a sample, which depends on seed, rows and columns, not on blocks. All rows where there are as
/// few. Reads the file again where a column turns out to be text later than in the first block.
TableSample sample_rows(TableBlocks& blocks, const SampleOptions& options);

/// A [rows, columns] matrix of `columns`, f32 or f64, each rounded to nearest. Throws DataError
/// naming row, line, column and cell for what is not a finite number (in `dtype`), and
/// ArgumentError for another dtype.
Tensor feature_matrix(const Table& table, std::span<const std::string> columns,
                      DType dtype = DType::f64);

/// What a column is taken for.
enum class ColumnKind : std::uint8_t {
  number,
  boolean,     ///< two words such as yes and no
  category,    ///< texts, or numbers that stand for something else
  date,        ///< dates, times of day, or both
  identifier,  ///< tells rows apart, and nothing about them
  constant,    ///< one value in all rows, or none in any
};
std::string_view name(ColumnKind kind);

/// How a date is written; `time` is a time of day without a date.
enum class DateOrder : std::uint8_t { year_month_day, day_month_year, month_day_year, time };
std::string_view name(DateOrder order);

/// The words for a cell without a value where nobody says: "na", "nan", "null", "?", ….
const std::vector<std::string>& usual_missing_words();

struct KindOptions {
  /// Words for a cell without a value, in capitals or not; empty cells are always without one.
  std::vector<std::string> missing = usual_missing_words();
  std::vector<std::string> categorical = {};  ///< columns that are categories
  std::vector<std::string> numeric = {};      ///< columns that are numbers
  /// Columns that count the rows of a table of which the one at hand is a sample.
  std::vector<std::string> row_counters = {};
};

/// What a column of a table is taken for, and why.
struct ColumnProfile {
  std::string name;
  ColumnKind kind = ColumnKind::number;
  std::string why;             ///< "3 distinct texts"
  std::string problem;         ///< why it cannot be learned from as what it is taken for; often empty
  std::string warning;         ///< what it may have been meant for instead; often empty
  std::string doubt;           ///< which of its texts may have been meant to be the same; often empty
  std::int64_t missing = 0;    ///< cells without a value
  DateOrder order = DateOrder::year_month_day;
};

/// Numbers are numbers, but for whole ones with leading zeros or more digits than a double holds,
/// which are codes, and those that count the rows. A text of two words such as yes and no, in capitals or
/// not, is boolean, one of dates is dates, one that differs in nearly every row an identifier, and any other
/// a category. A column of numbers or dates with a stray text, or with thousands separators or decimal
/// commas, has that as its problem; numbers with % or a currency, and dates with years of two digits, are
/// categories with a warning, and numbers such as 20150131 numbers with one. Throws ArgumentError for a column in the options that is not there.
std::vector<ColumnProfile> profile_columns(const Table& table, const KindOptions& options = {});

/// The rows in which the column has a value. Where its other cells are all numbers it becomes a column of
/// numbers.
Table rows_with_value(const Table& table, std::string_view column, const std::vector<std::string>& missing);

/// The number of distinct cells that have a value, counted up to `most`.
std::size_t count_distinct(const Column& column, const KindOptions& options, std::size_t most);

/// The classes of a target. The code of a class is its index in names().
class Classes {
 public:
  Classes() = default;
  /// Keeps the order. Where every name is a number, names are compared as numbers: 1 and 1.0 are one
  /// class; but as texts where numbers would merge codes, such as 07 and 7, or have more digits than a
  /// double holds. Two words such as yes and no are compared without regard to capitals. Throws
  /// ArgumentError for two equal names.
  explicit Classes(std::vector<std::string> names);
  /// The distinct cells of a column, as they were written: in ascending order where all are
  /// numbers, no before yes where they are words such as these, else in ascending order of their bytes.
  /// Throws DataError with row and line for an empty cell.
  static Classes of(const Table& table, std::string_view column);

  std::size_t size() const { return names_.size(); }
  const std::vector<std::string>& names() const { return names_; }
  std::optional<std::int32_t> find(std::string_view name) const;

  /// The code of each row's cell. Throws DataError naming row, line, column and cell where a cell
  /// is not a class.
  std::vector<std::int32_t> encode(const Table& table, std::string_view column) const;

 private:
  std::optional<std::int32_t> find(double value) const;
  std::optional<std::int32_t> find_word(std::string_view name) const;
  std::optional<std::int32_t> find_text(std::string_view name) const;

  std::vector<std::string> names_;
  bool are_numbers_ = false, are_words_ = false;
  std::vector<std::pair<double, std::int32_t>> by_value_;  // ascending; only where are_numbers_
  std::vector<std::int32_t> by_name_;                      // codes, in ascending order of names
};

/// Rows for learning and rows held out, each ascending; together every row once.
struct Split {
  std::vector<std::int32_t> train, held_out;
};

/// Holds out round(fraction * rows) rows, drawn at random from `seed`, each class in proportion
/// (largest remainders get what rounding leaves), but never the last row of a class: every class
/// stays in train. The same on every machine. Throws ArgumentError unless 0 <= fraction < 1.
Split stratified_split(std::span<const std::int32_t> codes, double fraction, std::uint64_t seed);

/// The same without classes; one row at least stays in train.
Split random_split(std::int64_t rows, double fraction, std::uint64_t seed);

/// Holds out groups, drawn at random from `seed`, each whole: as many as fit into round(fraction * rows)
/// rows, but one where none does and the fraction is above 0. Throws ArgumentError where there is one
/// group only.
Split grouped_split(std::span<const std::int32_t> groups, double fraction, std::uint64_t seed);

/// Holds out the rows of the latest times, about fraction * rows of them: rows of one time stay
/// together. Throws ArgumentError where there is one time only.
Split latest_split(std::span<const double> times, double fraction);

}  // namespace longhand
