// What was done to the data, and with what it was learned.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "explain/html_page.h"
#include "model/periods.h"
#include "model/training_record.h"
#include "report/assessment.h"
#include "report/markup.h"
#include "report/roles.h"
#include "report/words.h"

namespace longhand::report {
namespace {

std::string network_text(const Model& model) {
  std::int64_t features = 0;
  for (const auto& input : model.inputs) features += input.features();
  auto text = counted(features, "input");
  for (const auto& layer : model.network.layers) {
    if (layer.type == "linear") text += fmt::format(" → {}", counted(layer.out, "unit"));
    else text += ", " + layer.type;
  }
  return text;
}

std::string split_words(const Assessment& all) {
  const auto& options = *all.options;
  if (options.validation_table != nullptr) return ", those of " + file_name(all.held_out->name());
  if (!options.split_by.empty()) return ", rows of one " + quoted(options.split_by) + " together";
  if (!options.split_time.empty()) return ", the latest by " + quoted(options.split_time);
  return all.target().task == Task::regression ? " at random" : " at random, each class in proportion";
}

std::string scaling_words(NumberScaling scaling) {
  switch (scaling) {
    case NumberScaling::standard: return "each less its mean, divided by its standard deviation";
    case NumberScaling::robust: return "each less its median, divided by the distance of its quartiles, and large ones drawn in";
    case NumberScaling::quantile_normal: return "by their rank, spread like a normal distribution";
    case NumberScaling::quantile_uniform: return "by their rank, spread evenly from −1 to 1";
  }
  return {};
}

std::string date_words(const InputColumn& input) {
  auto words = std::string(input.order == DateOrder::time ? "the share of the day, scaled" : "days since 1970, scaled");
  std::vector<std::string> periods;
  for (const double days : input.periods) periods.push_back(days == kDay ? "day" : days == kWeek ? "week" : "year");
  return periods.empty() ? words : words + ", and the place in the " + listed(periods) + " as a point on a circle";
}

// What is done to each kind of column.
std::vector<std::pair<std::string, std::string>> preparation_of(const Model& model) {
  std::map<std::string, std::vector<std::string>> numbers, dates;  // by what is done
  std::vector<std::string> categories, booleans, gappy;
  for (const auto& input : model.inputs) {
    const auto name = quoted(input.name);
    if (input.has_missing) gappy.push_back(name);
    if (input.kind == ColumnKind::boolean || (input.is_category() && input.categories.size() == 2)) booleans.push_back(name);
    else if (input.is_category()) categories.push_back(name);
    else if (input.kind == ColumnKind::date) dates[date_words(input)].push_back(name);
    else numbers[scaling_words(input.scaling) + (input.edges.empty() ? "" : "; and how far it is from each quantile to the next")].push_back(name);
  }
  std::vector<std::pair<std::string, std::string>> all;
  const auto add = [&](const char* what, const std::vector<std::string>& names, const std::string& words) {
    if (!names.empty()) all.emplace_back(what, fmt::format("{}: {}", listed(names, 6), words));
  };
  for (const auto& [words, names] : numbers) add("Numbers", names, words);
  add("Two values", booleans, "1 for the one, −1 for the other");
  add("Categories", categories, "an input for each, 1 where it is this one; a category that was not among the learned rows has 0 in all");
  for (const auto& [words, names] : dates) add("Dates", names, words);
  add("Missing cells", gappy, "the median or no category stands for them, and an input of their own says that they are missing");
  return all;
}

// What rows count in the loss.
std::string weights_text(const Model& model) {
  std::vector<std::string> parts;
  if (const auto column = record_of(model, "sample_weight")) parts.push_back("its cell in " + quoted(*column));
  if (record_of(model, "class_weight")) parts.push_back("the rarity of its class, so that each class counts the same");
  if (parts.empty()) return {};
  return fmt::format("In the loss each row counts by {}. The figures on this page count each row once.", listed(parts));
}

}  // namespace

std::string method_section(const Assessment& all) {
  const auto& model = *all.model;
  std::string list;
  const auto add = [&](const std::string& name, const std::string& text) { list += "<dt>" + html_escaped(name) + "</dt><dd>" + html_escaped(text) + "</dd>\n"; };
  for (const auto& [kind, words] : preparation_of(model)) add(kind, words);
  add("In use", "All of this is part of the model, and is done to new rows in the same way.");
  if (all.target().task == Task::regression) add("Target", "Scaled in the same way for learning; all figures here are in its own units.");
  if (!all.options->left_out.empty()) add("Left out", listed(all.options->left_out, 10));
  if (all.training != nullptr) {
    const auto learned = with_commas(all.is_of_sample() ? all.training->rows : all.learned->rows());
    if (!all.is_tested_apart()) add("Rows", fmt::format("all {} were learned from", learned));
    else add("Rows", fmt::format("{} learned from, {} held out{}", learned, with_commas(all.held_out->rows()), split_words(all)));
  }
  if (const auto words = weights_text(model); !words.empty()) add("Weights", words);
  add("Network", network_text(model));
  add("Parameters", with_commas(model.network.parameters()));
  add("Loss", model.network.loss.type);
  add("Optimiser", fmt::format("{}, learning rate {}", model.network.optimizer.type, model.network.optimizer.learning_rate));
  for (const auto& [key, name] : {std::pair{"batch_size", "Batch size"}, {"epochs", "Epochs"}, {"seed", "Seed"}, {"version", "Longhand"}}) {
    if (const auto value = record_of(model, key)) add(name, *value);
  }
  if (all.training != nullptr && all.training->before_refit) add("At the end", "learned again from all rows for the number of epochs that was best");
  if (!all.options->model_file.empty()) add("Model", file_name(all.options->model_file));
  return section("What was done", "<dl>\n" + list + "</dl>\n");
}

}  // namespace longhand::report
