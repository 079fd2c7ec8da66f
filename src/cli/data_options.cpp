#include "cli/data_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>
#include <utility>

#include "base/files.h"
#include "base/text.h"
#include "cli/output.h"
#include "data/parse_number.h"
#include "model/training_record.h"

namespace longhand::cli {
namespace {

constexpr int kStandardInput = 0;
constexpr const char* kHeaderKey = "header";
constexpr const char* kColumnsKey = "columns";
constexpr const char* kDecimalKey = "decimal";
constexpr const char* kThousandsKey = "thousands";

bool has_header(const Model& model) {
  const auto* value = find_record(model, kHeaderKey);
  return value == nullptr || *value != "false";
}

std::size_t column_number(const std::string& text) {
  std::size_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) throw ModelError("the model has no column number, but '" + text + "'");
  return number;
}

// Numbers name the columns of an array, which has no lines either.
bool has_names(const Table& table, const DataOptions& options) { return !options.no_header && table.line_of(0); }

// Columns are numbers from 1. Without the target's, those behind it have moved one place forward; labels
// stand behind all.
void match_by_order(Model& model, const Table& table, std::size_t expected, Target needed) {
  const auto count = table.columns().size();
  if (count == expected) return;
  if (count + 1 != expected || !model.target || needed == Target::required) {
    throw DataError(fmt::format("{}: {} columns, expected {}{}", table.name(), count, expected,
                                needed == Target::required
                                    ? " with the target"
                                    : fmt::format(", or {} without the target", expected - 1)));
  }
  if (model.target->name == kLabelColumn) return;
  const auto target = column_number(model.target->name);
  for (auto& input : model.inputs) {
    const auto number = column_number(input.name);
    if (number > target) input.name = std::to_string(number - 1);
  }
}

// How the rows that the model learned from were written.
DataOptions as_learned(const Model& model, const DataOptions& options) {
  auto same = options;
  same.no_header = options.no_header || !has_header(model);
  if (!options.decimal.empty() || !options.thousands.empty()) return same;
  for (const auto& [key, to] : {std::pair(kDecimalKey, &same.decimal), {kThousandsKey, &same.thousands}}) {
    *to = record_of(model, key).value_or("");
  }
  return same;
}

char one_letter(const std::string& text, const char* flag) {
  if (text.size() != 1) throw UsageError(fmt::format("{}: '{}' is not one character", flag, text));
  return text[0];
}

std::string skipped_text(const std::string& table, std::int64_t rows, const std::string& target) {
  return fmt::format("{}: left out {} without a value of '{}'", table, rows == 1 ? "1 row" : with_commas(rows) + " rows", printable(target, 60));
}

[[noreturn]] void throw_all_skipped(const std::string& table, const std::string& target) {
  throw DataError(fmt::format("{}: no row has a value of '{}'", table, printable(target, 60)));
}

void match(Model& model, const Table& table, Target needed) {
  if (needed == Target::required && model.target && !table.find(model.target->name) && !table.line_of(0)) {
    throw UsageError("--labels is needed: " + table.name() + " has no column '" + printable(model.target->name, 60) + "'");
  }
  const auto* columns = find_record(model, kColumnsKey);
  if (!has_header(model) && columns != nullptr) match_by_order(model, table, column_number(*columns), needed);
}

}  // namespace

void DataOptions::add_stream_to(CLI::App& app, const std::string& what) {
  app.add_flag("--stream", stream, what + " (files from 2 GiB always)")->group("DATA");
}

bool DataOptions::streams(const std::string& path) const {
  constexpr std::uintmax_t kLarge = std::uintmax_t{1} << 31;
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  return stream || (!error && bytes >= kLarge);
}

void DataOptions::add_to(CLI::App& app) {
  app.add_option("--delimiter", delimiter, "between cells; 'tab' for a tab")->capture_default_str()->group("DATA");
  app.add_option("--decimal", decimal, "what stands before the decimals of a number: . or , (default: as the model was trained, or .)")->group("DATA");
  app.add_option("--thousands", thousands, "what may stand between groups of three digits: . , ' _ or 'space'")->group("DATA");
  app.add_flag("--no-header", no_header, "the first line is a row; columns are 1, 2, ...")->group("DATA");
  app.add_option("--labels", labels, "the target of an NPY or IDX file: NPY or IDX with a number for each row")
      ->type_name("FILE")
      ->group("DATA");
}

void DataOptions::add_skip_to(CLI::App& app) {
  app.add_flag("--skip-missing-target", skip_missing_target, "leave out rows without a target, which are an error otherwise")->group("DATA");
}

Table DataOptions::with_target(Table table, const std::string& target, const std::vector<std::string>& missing_words, std::vector<std::string>& warnings) const {
  if (!skip_missing_target || !table.find(target)) return table;
  auto rows = rows_with_value(table, target, missing_words);
  if (rows.rows() == 0) throw_all_skipped(table.name(), target);
  const auto skipped = table.rows() - rows.rows();
  if (skipped > 0) warnings.push_back(skipped_text(table.name(), skipped, target));
  return rows;
}

void DataOptions::add_kinds_to(CLI::App& app) {
  constexpr const char* kGroup = "DATA";
  app.add_option("--drop", drop, "columns to leave out")->type_name("A,B")->group(kGroup);
  app.add_option("--categorical", categorical, "columns that are categories, numbers or not")->type_name("A,B")->group(kGroup);
  app.add_option("--numeric", numeric, "columns that are numbers, codes or not")->type_name("A,B")->group(kGroup);
  app.add_option("--missing", missing, "words for a cell without a value (default: NA, NaN, null, none, ?, ...); empty cells always are; numbers alone, such as 999, come on top of the usual words")
      ->type_name("NA,?")
      ->group(kGroup);
}

std::vector<std::string> DataOptions::missing_words() const {
  auto words = split_list(missing, "--missing");
  const bool are_numbers = std::ranges::all_of(words, [](const std::string& word) { return data::parse_number(word).is_finite(); });
  if (are_numbers) words.insert(words.end(), usual_missing_words().begin(), usual_missing_words().end());
  return words;
}

KindOptions DataOptions::kinds(const Table& table) const {
  KindOptions options{.categorical = split_list(categorical, "--categorical"), .numeric = split_list(numeric, "--numeric")};
  options.missing = missing_words();
  const auto require = [&](const std::vector<std::string>& names, const char* flag) {
    for (const auto& name : names) {
      if (!table.find(name)) throw UsageError(fmt::format("{}: {} has no column '{}'", flag, table.name(), name));
    }
  };
  require(options.categorical, "--categorical");
  require(options.numeric, "--numeric");
  for (const auto& name : options.numeric) {
    const auto is_same = [&](const std::string& other) { return table.find(other) == table.find(name); };
    if (std::ranges::any_of(options.categorical, is_same)) {
      throw UsageError("--categorical and --numeric: '" + name + "' cannot be both");
    }
  }
  return options;
}

CsvOptions DataOptions::csv() const {
  CsvOptions csv;
  csv.delimiter = delimiter == "tab" || delimiter == "\\t" ? '\t' : one_letter(delimiter, "--delimiter");
  csv.header = !no_header;
  csv.drop = split_list(drop, "--drop");
  if (!decimal.empty()) csv.decimal = one_letter(decimal, "--decimal");
  csv.thousands = thousands.empty() ? '\0' : thousands == "space" ? ' ' : one_letter(thousands, "--thousands");
  return csv;
}

Table DataOptions::read(const std::string& path) const {
  if (labels == "-") throw UsageError("--labels needs a file");
  if (path == "-") return parse_table(read_stream(kStandardInput), "standard input", csv(), labels);
  return read_table(path, csv(), labels);
}

std::unique_ptr<TableBlocks> DataOptions::open_blocks(const std::string& path) const {
  if (path == "-") throw UsageError("--stream needs a file, which can be read more than once");
  if (labels == "-") throw UsageError("--labels needs a file");
  return open_table_blocks(path, csv(), labels);
}

std::vector<std::string> split_list(const std::string& text, const std::string& flag) {
  std::vector<std::string> parts;
  if (text.empty()) return parts;
  const auto refuse = [&](const char* what) { throw UsageError(flag + ": '" + text + "' " + what); };
  for (std::size_t at = 0; at <= text.size(); ++at) {
    auto& part = parts.emplace_back();
    if (at < text.size() && text[at] == '"') {
      for (++at; at < text.size() && (text[at] != '"' || text.substr(at, 2) == "\"\""); ++at) {
        part += text[at];
        at += text[at] == '"' ? 1 : 0;
      }
      if (at == text.size()) refuse("has a quote that is not closed");
      if (++at < text.size() && text[at] != ',') refuse("has something else than a comma behind a quote");
    } else {
      const auto end = std::min(text.find(',', at), text.size());
      part = text.substr(at, end - at);
      at = end;
    }
    if (part.empty()) refuse("has an empty entry");
  }
  return parts;
}

Model read_model(const std::string& path, std::uint64_t seed) {
  return load_model(path == "-" ? "/dev/stdin" : path, seed);
}

std::vector<std::string> warnings_of(const std::vector<CellNote>& notes, std::int64_t rows) {
  std::vector<std::string> warnings;
  for (const auto& note : notes) {
    const bool are_all = note.cells == rows && rows > 1;
    const auto cells = fmt::format("column '{}': {}{} {}", printable(note.column, 60), are_all ? "all " : "", with_commas(note.cells),
                                   note.cells == 1 ? "cell is" : "cells are");
    const auto first = (note.cells == 1 ? ": " : ", first ") + note.first;
    const auto example = ", '" + printable(note.example, 40) + "'";
    switch (note.kind) {
      case CellNote::Kind::unknown: warnings.push_back(cells + " none of the categories learned from" + first + example); break;
      case CellNote::Kind::missing: warnings.push_back(cells + " missing, where none was in the rows learned from" + first); break;
      case CellNote::Kind::far: warnings.push_back(cells + " far outside what was learned from, " + note.learned + first + example); break;
    }
  }
  return warnings;
}

void record_columns(Model& model, const Table& table, const DataOptions& options) {
  const auto parts = split_list(options.drop, "--drop");
  const auto dropped = std::set<std::string>(parts.begin(), parts.end()).size();
  model.training.emplace_back(kHeaderKey, has_names(table, options) ? "true" : "false");
  model.training.emplace_back(kColumnsKey, std::to_string(table.columns().size() + dropped));
  if (!options.decimal.empty()) model.training.emplace_back(kDecimalKey, json_text(options.decimal));
  if (!options.thousands.empty()) model.training.emplace_back(kThousandsKey, json_text(options.thousands));
}

Table read_for(Model& model, const DataOptions& options, const std::string& path, Target needed) {
  auto table = as_learned(model, options).read(path);
  match(model, table, needed);
  return table;
}

RowsFor::RowsFor(Model& model, const DataOptions& options, const std::string& path, Target needed)
    : model_(model), options_(options), path_(path), needed_(needed),
      blocks_(options.streams(path) ? as_learned(model, options).open_blocks(path) : nullptr) {}

std::optional<Table> RowsFor::next() {
  for (;;) {
    const bool is_first = !std::exchange(has_begun_, true);
    if (!blocks_ && !is_first) break;
    auto table = blocks_ ? blocks_->next() : read_for(model_, options_, path_, needed_);
    if (blocks_ && is_first) match(model_, *table, needed_);
    if (!table) break;
    if (!options_.skip_missing_target || needed_ != Target::required) return table;
    auto rows = rows_with_value(*table, model_.target->name, model_.missing_words);
    skipped_ += table->rows() - rows.rows();
    if (rows.rows() == 0) continue;
    has_rows_ = true;
    return rows;
  }
  if (skipped_ > 0 && !has_rows_) throw_all_skipped(name(), model_.target->name);
  return std::nullopt;
}

std::vector<std::string> RowsFor::warnings() const {
  if (skipped_ == 0) return {};
  return {skipped_text(name(), skipped_, model_.target->name)};
}

std::string RowsFor::name() const { return path_ == "-" ? "standard input" : path_; }

}  // namespace longhand::cli
