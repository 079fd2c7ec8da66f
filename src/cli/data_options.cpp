#include "cli/data_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "base/files.h"

namespace longhand::cli {
namespace {

constexpr int kStandardInput = 0;
constexpr const char* kHeaderKey = "header";
constexpr const char* kColumnsKey = "columns";

const std::string* training_value(const Model& model, const char* key) {
  const auto found = std::ranges::find(model.training, key, &std::pair<std::string, std::string>::first);
  return found == model.training.end() ? nullptr : &found->second;
}

bool has_header(const Model& model) {
  const auto* value = training_value(model, kHeaderKey);
  return value == nullptr || *value != "false";
}

std::size_t column_number(const std::string& text) {
  std::size_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) throw ModelError("the model has no column number, but '" + text + "'");
  return number;
}

// Columns are numbers from 1. Without the target's, those behind it have moved one place forward.
void match_by_order(Model& model, const Table& table, std::size_t expected, Target needed) {
  const auto count = table.columns().size();
  if (count == expected) return;
  if (count + 1 != expected || !model.target || needed == Target::required) {
    throw DataError(fmt::format("{}: {} columns, expected {}{}", table.name(), count, expected,
                                needed == Target::required
                                    ? " with the target"
                                    : fmt::format(", or {} without the target", expected - 1)));
  }
  const auto target = column_number(model.target->name);
  for (auto& input : model.inputs) {
    const auto number = column_number(input.name);
    if (number > target) input.name = std::to_string(number - 1);
  }
}

}  // namespace

void DataOptions::add_to(CLI::App& app) {
  app.add_option("--delimiter", delimiter, "between cells; 'tab' for a tab")->capture_default_str()->group("DATA");
  app.add_flag("--no-header", no_header, "the first line is a row; columns are 1, 2, ...")->group("DATA");
}

Table DataOptions::read(const std::string& path) const {
  CsvOptions csv;
  const auto given = delimiter == "tab" || delimiter == "\\t" ? std::string("\t") : delimiter;
  if (given.size() != 1) throw UsageError("--delimiter: '" + delimiter + "' is not one character");
  csv.delimiter = given[0];
  csv.header = !no_header;
  csv.drop = split_list(drop, "--drop");
  if (path == "-") return parse_csv(read_stream(kStandardInput), "standard input", csv);
  return read_csv(path, csv);
}

std::vector<std::string> split_list(const std::string& text, const std::string& flag) {
  std::vector<std::string> parts;
  if (text.empty()) return parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    if (parts.back().empty()) throw UsageError(flag + ": '" + text + "' has an empty entry");
    begin = end + 1;
  }
  return parts;
}

Model read_model(const std::string& path, std::uint64_t seed) {
  return load_model(path == "-" ? "/dev/stdin" : path, seed);
}

void record_columns(Model& model, const Table& table, const DataOptions& options) {
  const auto parts = split_list(options.drop, "--drop");
  const auto dropped = std::set<std::string>(parts.begin(), parts.end()).size();
  model.training.emplace_back(kHeaderKey, options.no_header ? "false" : "true");
  model.training.emplace_back(kColumnsKey, std::to_string(table.columns().size() + dropped));
}

Table read_for(Model& model, const DataOptions& options, const std::string& path, Target needed) {
  auto as_learned = options;
  const bool by_order = !has_header(model);
  as_learned.no_header = options.no_header || by_order;
  auto table = as_learned.read(path);
  const auto* columns = training_value(model, kColumnsKey);
  if (by_order && columns != nullptr) match_by_order(model, table, column_number(*columns), needed);
  return table;
}

}  // namespace longhand::cli
