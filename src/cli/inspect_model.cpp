#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "cli/inspect_parts.h"
#include "cli/output.h"
#include "explain/text_lines.h"

namespace longhand::cli {
namespace {

constexpr std::size_t kLongestName = 30;

struct Layer {
  const LayerSpec* spec;
  std::int64_t in, out;
  std::int64_t parameters;
};

std::vector<Layer> layers_of(const Model& model) {
  std::vector<Layer> layers;
  auto width = model.network.inputs;
  for (const auto& spec : model.network.layers) {
    const bool is_linear = spec.type == "linear";
    auto out = is_linear ? spec.out : width;
    auto parameters = is_linear ? (width + 1) * out : spec.is_norm() ? 2 * width : 0;
    for (const auto& table : spec.tables) {
      out += table.size - 1;
      parameters += table.rows * table.size;
    }
    layers.push_back({&spec, width, out, parameters});
    width = out;
  }
  return layers;
}

// The description's keys as they would be written: "adamw, learning_rate 0.001, ...".
std::string one_line(const Json& keys) {
  std::string text;
  for (const auto& [key, value] : keys.items()) {
    const auto shown = value.is_string() ? value.get<std::string>() : json_text(value);
    text += text.empty() ? shown : ", " + key + " " + shown;
  }
  return text;
}

std::string fitted(const std::string& line) { return wrapped("", "  ", line, kTerminalWidth); }

// What becomes of a cell: "(value - 29.7) / 14.5".
std::string treatment(const InputColumn& column) {
  std::string text;
  const auto count = column.categories.size();
  if (count == 2) {
    text = fmt::format("1 for {}, -1 for {}", printable(column.categories[1], 20), printable(column.categories[0], 20));
  } else if (column.is_category()) {
    text = column.embedding > 0 ? fmt::format("a learnt row of {} for each of {}: ", column.embedding, count) : fmt::format("one-hot of {}: ", count);
    for (std::size_t i = 0; i < std::min<std::size_t>(count, 6); ++i) text += (i == 0 ? "" : ", ") + printable(column.categories[i], 20);
    if (count > 6) text += ", …";
  } else if (!column.knots.empty()) {
    text = fmt::format("{} of {} knots from {:.4g} to {:.4g}", column.scaling == NumberScaling::quantile_normal ? "normal quantile" : "quantile",
                       column.knots.size(), column.knots.front(), column.knots.back());
  } else {
    text = fmt::format("({} {} {:.4g}) / {:.4g}", column.kind == ColumnKind::date ? "days" : "value", column.mean < 0 ? "+" : "-", std::abs(column.mean),
                       column.scale);
    if (column.scaling == NumberScaling::robust) text = "u / sqrt(1 + (u / 3)^2), u = " + text;
  }
  if (!column.edges.empty()) {
    text += fmt::format(", {} steps from {:.4g} to {:.4g}", column.edges.size() - 1, column.edges.front(), column.edges.back());
  }
  for (const double period : column.periods) text += fmt::format(", sin and cos of {:.6g} days", period);
  if (!column.has_missing) return text;
  return text + (column.is_category() ? ", missing or not" : fmt::format(", {} where missing, missing or not", cell_text(column, column.fill)));
}

std::string inputs_text(const Model& model) {
  std::vector<std::vector<std::string>> rows{{"column", "kind", "becomes"}};
  for (const auto& column : model.inputs) {
    rows.push_back({printable(column.name, kLongestName), std::string(name(column.kind)), treatment(column)});
  }
  const auto count = std::ssize(model.inputs);
  return fmt::format("\n{} {} {}:\n\n", counted(count, "column"), count == 1 ? "becomes" : "become", counted(model.network.inputs, "input")) +
         aligned(rows, {false, false, false});
}

std::string target_text(const TargetColumn& target) {
  auto text = fmt::format("Predicts {} ({}): ", printable(target.name, 40), name(target.task));
  if (target.task == Task::regression) {
    return "\n" + fitted(text + fmt::format("output * {:.4g} {} {:.4g}", target.scale, target.mean < 0 ? "-" : "+", std::abs(target.mean)));
  }
  for (std::size_t i = 0; i < target.classes.size(); ++i) text += (i == 0 ? "" : ", ") + printable(target.classes[i], 40);
  return "\n" + fitted(text);
}

std::string training_text(const Model& model) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [key, value] : model.training) {
    const auto json = parse_json(value).value();
    if (!json.is_object()) {
      rows.push_back({key, json.is_string() ? json.get<std::string>() : value});
      continue;
    }
    std::string parts;
    for (const auto& [name, part] : json.items()) {
      const auto shown = part.is_number() ? fmt::format("{:.4g}", part.get<double>()) : json_text(part);
      parts += (parts.empty() ? "" : ", ") + name + " " + shown;
    }
    rows.push_back({key, parts});
  }
  for (auto& row : rows) {
    for (auto& cell : row) cell = printable(cell);
  }
  return "\nHow it was trained:\n\n" + aligned(rows, {false, false});
}

}  // namespace

void add_model(Json& json, const Model& model) {
  json["kind"] = "model";
  json["dtype"] = name(model.dtype);
  json["parameters"] = model.network.parameters();
  json["members"] = model.network.members;
  for (const auto& layer : layers_of(model)) {
    json["layers"].push_back({{"name", layer.spec->name},
                              {"type", layer.spec->type},
                              {"in", layer.in},
                              {"out", layer.out},
                              {"parameters", layer.parameters}});
  }
  json["tensors"] = Json::object();
  for (const auto& [name, tensor] : model.state.entries()) {
    json["tensors"][name] = std::vector<std::int64_t>(tensor.shape().begin(), tensor.shape().end());
  }
  json["network"] = parse_json(network_json(model.network)).value();
  json["inputs"] = Json::array();
  for (const auto& column : model.inputs) {
    Json entry{{"name", column.name}, {"kind", name(column.kind)}};
    if (column.is_category()) {
      entry["categories"] = column.categories;
      if (column.embedding > 0) entry["embedding"] = column.embedding;
    } else {
      entry.update({{"mean", column.mean}, {"scale", column.scale}, {"scaling", name(column.scaling)}, {"fill", column.fill}});
      if (!column.knots.empty()) entry.update({{"knots", column.knots}, {"levels", column.levels}});
      if (!column.edges.empty()) entry["edges"] = column.edges;
      if (column.kind == ColumnKind::date) entry.update({{"order", name(column.order)}, {"periods", column.periods}});
    }
    entry["missing"] = column.has_missing;
    json["inputs"].push_back(std::move(entry));
  }
  json["features"] = feature_names(model);
  json["target"] = nullptr;
  if (model.target) {
    const auto& target = *model.target;
    json["target"] = {{"name", target.name}, {"task", name(target.task)}};
    if (target.task == Task::regression) {
      json["target"].update({{"mean", target.mean}, {"scale", target.scale}});
    } else {
      json["target"]["classes"] = target.classes;
    }
  }
  json["training"] = Json::object();
  for (const auto& [key, value] : model.training) json["training"][key] = parse_json(value).value();
}

std::string model_text(const Model& model) {
  std::vector<std::vector<std::string>> rows{{"layer", "type", "in", "out", "parameters"}};
  for (const auto& layer : layers_of(model)) {
    rows.push_back({printable(layer.spec->name, kLongestName), layer.spec->type, with_commas(layer.in), with_commas(layer.out),
                    layer.parameters > 0 ? with_commas(layer.parameters) : ""});
  }
  rows.push_back({"", "", "", "", with_commas(model.network.parameters())});
  const auto network = parse_json(network_json(model.network)).value();
  auto text = aligned(rows, {false, false, true, true, true});
  if (model.network.members > 1) {
    text += fmt::format("\nAn ensemble of {} such networks; it predicts their mean.\n", model.network.members);
  }
  text += "\n" + fitted("Loss: " + one_line(network["loss"])) + fitted("Optimizer: " + one_line(network["optimizer"])) +
          fmt::format("Numbers: {}\n", name(model.dtype));
  if (network.contains("schedule")) text += fitted("Schedule: " + one_line(network["schedule"]));
  if (!model.inputs.empty()) text += inputs_text(model);
  if (model.target) text += target_text(*model.target);
  if (!model.training.empty()) text += training_text(model);
  return text;
}

}  // namespace longhand::cli
