// How DATA is written, and reading it for a model.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
#include "longhand/model.h"

namespace longhand::cli {

struct DataOptions {
  std::string delimiter = ",", decimal, thousands;  // empty: not said
  bool no_header = false, stream = false, skip_missing_target = false;
  std::string labels, drop, categorical, numeric, missing;

  /// Adds --delimiter, --decimal, --thousands, --no-header and --labels.
  void add_to(CLI::App& app);
  /// Adds --skip-missing-target.
  void add_skip_to(CLI::App& app);
  /// The rows that have a target, or all without the flag; the others are told of. Throws DataError where none has one.
  Table with_target(Table table, const std::string& target, const std::vector<std::string>& missing_words, std::vector<std::string>& warnings) const;
  /// Adds --stream, which does `what`.
  void add_stream_to(CLI::App& app, const std::string& what);
  /// Adds --drop, --categorical, --numeric and --missing: what columns are taken for.
  void add_kinds_to(CLI::App& app);
  /// The words of --missing, or the usual ones.
  std::vector<std::string> missing_words() const;
  /// What those say. Throws UsageError for a bad list or a column that the table does not have.
  KindOptions kinds(const Table& table) const;
  /// Reads a CSV, NPY or IDX file, or standard input for "-". Throws UsageError for a bad flag.
  Table read(const std::string& path) const;
  /// The same for a file, a block of rows at a time.
  std::unique_ptr<TableBlocks> open_blocks(const std::string& path) const;
  /// Whether it is to be read so: by --stream, or by its size, whatever memory the machine has.
  bool streams(const std::string& path) const;

 private:
  CsvOptions csv() const;
};

/// The parts of "A,B"; empty for nothing. A part in quotes may hold commas, and quotes that are doubled. Throws
/// UsageError for an empty part.
std::vector<std::string> split_list(const std::string& text, const std::string& flag);

/// A model, from standard input for "-".
Model read_model(const std::string& path, std::uint64_t seed = 0);

/// What is to be told of cells that a model has learned from none like, among so many rows; 0 where that is not known.
std::vector<std::string> warnings_of(const std::vector<CellNote>& notes, std::int64_t rows = 0);

/// Keeps with the model how its table was read, for reading others.
void record_columns(Model& model, const Table& table, const DataOptions& options);

enum class Target : std::uint8_t { optional, required };

/// Reads rows for a trained model. Where it learned from a file without a header, as an array is, columns are
/// matched by their order, the target's being there or not: then the names that `model` seeks
/// become those of this table.
Table read_for(Model& model, const DataOptions& options, const std::string& path, Target needed);

/// The same for a file of any size.
class RowsFor {
 public:
  /// Borrows the model and the options.
  RowsFor(Model& model, const DataOptions& options, const std::string& path, Target needed);

  /// Whether they come in blocks, and not all at once.
  bool are_streamed() const { return blocks_ != nullptr; }
  /// The rows that follow, those without a target too unless they are to be skipped; nothing at the end. Throws
  /// DataError where all were skipped.
  std::optional<Table> next();
  /// What is to be told of rows that were skipped.
  std::vector<std::string> warnings() const;

 private:
  std::string name() const;

  Model& model_;
  const DataOptions& options_;
  const std::string path_;
  const Target needed_;
  std::unique_ptr<TableBlocks> blocks_;
  bool has_begun_ = false, has_rows_ = false;
  std::int64_t skipped_ = 0;
};

}  // namespace longhand::cli
