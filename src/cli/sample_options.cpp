#include "cli/sample_options.h"

#include <fmt/format.h>

#include <charconv>

namespace longhand::cli {

void SampleOptions::add_to(CLI::App& app) {
  constexpr const char* kGroup = "Sample";
  app.add_option("--input", input, "a row: the network's inputs, or a model's raw columns")->type_name("1,2")->group(kGroup);
  app.add_option("--label", label, "its target: a number, or a model's class")->type_name("1")->group(kGroup);
  app.add_option("--data", data_path, "a CSV, NPY or IDX file to take rows from")->type_name("FILE")->group(kGroup);
  app.add_option("--row", row, "the row, from 1")->group(kGroup);
  app.add_option("--rows", rows, "rows of a batch, both included")->type_name("A:B")->group(kGroup);
  app.add_option("--target", target, "the target's column; a model knows its own")->type_name("COL")->group(kGroup);
  data.add_to(app);
}

bool SampleOptions::is_given() const { return !input.empty() || !label.empty() || !data_path.empty(); }

SampleSpec SampleOptions::read(Model& model, const std::string& network_path, Target needed) const {
  auto sample = find(model, network_path, model.target ? needed : Target::required);
  if (sample.input.shape()[0] == 1 && model.network.has("batch_norm")) {
    throw UsageError(network_path + " has a batch_norm layer, which learns from two rows or more: "
                     "give --data and --rows, or a sample of several rows");
  }
  return sample;
}

SampleSpec SampleOptions::find(Model& model, const std::string& network_path, Target needed) const {
  if (data_path.empty()) {
    for (const auto& [flag, given] : {std::pair("--row", row.has_value()), {"--rows", !rows.empty()}, {"--target", !target.empty()},
                                     {"--no-header", data.no_header}, {"--labels", !data.labels.empty()}, {"--delimiter", data.delimiter != DataOptions().delimiter}}) {
      if (given) throw UsageError(std::string(flag) + " needs --data");
    }
  }
  if (!input.empty() || !label.empty()) {
    if (!data_path.empty()) {
      throw UsageError(std::string(input.empty() ? "--label" : "--input") + " and --data: only one of them can give the sample");
    }
    const auto& own = model.network.sample;
    const bool has_own_row = own && !own->is_batch;
    const bool is_whole = !input.empty() && (!label.empty() || needed == Target::optional);
    if (!has_own_row && !is_whole) throw UsageError("--input and --label are needed together");
    auto sample = sample_from_flags(model, input, label);
    if (input.empty()) sample.input = own->input;
    if (label.empty() && has_own_row) sample.target = own->target;
    return sample;
  }
  if (!data_path.empty()) return from_data(model, needed);
  const auto& sample = model.network.sample;
  if (!sample) throw UsageError(network_path + " has no sample: give --input and --label, or --data and --row");
  return *sample;
}

SampleSpec SampleOptions::from_data(Model& model, Target needed) const {
  if (row && !rows.empty()) throw UsageError("--row and --rows: only one of them can be given");
  const auto [first, last] = rows.empty() ? std::pair(row.value_or(1), row.value_or(1)) : range();
  const auto table = read_for(model, data, data_path, needed);
  auto name = model.target ? model.target->name : std::string();
  if (name.empty() && !data.labels.empty()) name = kLabelColumn;
  if (model.target && !target.empty() && table.find(target) != table.find(name)) {
    throw UsageError(fmt::format("--target: the model predicts '{}', not '{}'", name, target));
  }
  if (!target.empty()) name = target;
  if (name.empty()) throw UsageError("--target is needed: a description does not know the target's column");
  const auto found = table.find(name);
  if (!found && !target.empty()) throw UsageError(fmt::format("--target: {} has no column '{}'", table.name(), name));
  if (found) name = table.columns()[*found].name();
  else if (needed == Target::optional) name.clear();
  return sample_from_table(model, table, first, last, !rows.empty(), name);
}

std::pair<std::int64_t, std::int64_t> SampleOptions::range() const {
  std::int64_t first = 0, last = 0;
  const auto* end = rows.data() + rows.size();
  const auto [middle, error] = std::from_chars(rows.data(), end, first);
  if (error == std::errc() && middle != end && *middle == ':') {
    const auto [stop, second_error] = std::from_chars(middle + 1, end, last);
    if (second_error == std::errc() && stop == end) return {first, last};
  }
  throw UsageError("--rows: '" + rows + "' is not like 3:7");
}

}  // namespace longhand::cli
