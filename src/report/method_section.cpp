// What was done to the data, and with what it was learned.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "explain/html_page.h"
#include "report/assessment.h"
#include "report/markup.h"
#include "report/words.h"

namespace longhand::report {
namespace {

std::string network_text(const Model& model) {
  auto text = fmt::format("{} inputs", model.inputs.size());
  for (const auto& layer : model.network.layers) {
    if (layer.type == "linear") text += fmt::format(" → {}", counted(layer.out, "unit"));
    else text += " " + layer.type;
  }
  return text;
}

std::int64_t parameters_of(const Model& model) {
  std::int64_t count = 0;
  for (const auto& [name, tensor] : model.state.entries()) count += tensor.count();
  return count;
}

const std::string* record(const Model& model, std::string_view key) {
  const auto found = std::ranges::find(model.training, key, &std::pair<std::string, std::string>::first);
  return found == model.training.end() ? nullptr : &found->second;
}

}  // namespace

std::string method_section(const Assessment& all) {
  const auto& model = *all.model;
  std::string list;
  const auto add = [&](const std::string& name, const std::string& text) { list += "<dt>" + html_escaped(name) + "</dt><dd>" + html_escaped(text) + "</dd>\n"; };
  add("Preparation", "Each column is scaled: its mean over the learned rows is taken off, and what is left divided by its standard deviation. This is part of the model, and is done to new rows in the same way.");
  if (all.target().task == Task::regression) add("Target", "Scaled in the same way for learning; all figures here are in its own units.");
  if (!all.options->left_out.empty()) add("Left out", listed(all.options->left_out, 10));
  if (all.training != nullptr) {
    if (!all.is_tested_apart()) add("Rows", fmt::format("all {} were learned from", with_commas(all.table->rows())));
    else add("Rows", fmt::format("{} learned from, {} held out{}", with_commas(all.learned->rows()), with_commas(all.held_out->rows()),
                                 all.options->validation_table != nullptr ? fmt::format(" ({})", printable(all.held_out->name())) : all.target().task == Task::regression ? " at random" : " at random, each class in proportion"));
  }
  add("Network", network_text(model));
  add("Parameters", with_commas(parameters_of(model)));
  add("Loss", model.network.loss.type);
  add("Optimiser", fmt::format("{}, learning rate {}", model.network.optimizer.type, model.network.optimizer.learning_rate));
  for (const auto& [key, name] : {std::pair{"batch_size", "Batch size"}, {"epochs", "Epochs"}, {"seed", "Seed"}, {"version", "Longhand"}}) {
    if (const auto* value = record(model, key)) add(name, *value);
  }
  if (all.training != nullptr && all.training->before_refit) add("At the end", "learned again from all rows for the number of epochs that was best");
  if (!all.options->model_file.empty()) add("Model", printable(all.options->model_file));
  return section("What was done", "<dl>\n" + list + "</dl>\n");
}

}  // namespace longhand::report
