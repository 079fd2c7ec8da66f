#include <fmt/format.h>

#include "base/nested_list.h"
#include "model/network_reader.h"
#include "model/write_toml.h"

namespace longhand {
namespace {

// JSON's text, numbers, lists and truth values are TOML's too.
void write_keys(std::string& text, const Json& keys) {
  for (const auto& [key, value] : keys.items()) text += fmt::format("{} = {}\n", key, json_text(value));
}

// Whole numbers without a point; the reader takes either.
std::string list_of(const Tensor& tensor) {
  return nested_list(tensor.shape(), [&](std::int64_t i) { return fmt::format("{}", tensor.at(i)); });
}

// Without the axis of rows for one sample.
std::string rows_of(const Tensor& rows, bool is_batch) {
  return list_of(is_batch ? rows : rows.reshaped(rows.shape().without_axis(0)));
}

}  // namespace

std::string network_toml(const Model& model) {
  const auto json = parse_json(network_json(model.network)).value();
  std::string text = "[network]\n";
  write_keys(text, json["network"]);
  for (const auto& layer : json["layer"]) {
    text += "\n[[layer]]\n";
    write_keys(text, layer);
    for (const char* parameter : {"weight", "bias"}) {
      const auto name = layer["name"].get<std::string>() + "." + parameter;
      if (!model.state.contains(name)) continue;
      const auto& tensor = model.state.get(name);
      text += fmt::format("{} = {}\n", parameter, list_of(tensor.cast(DType::f64)));
    }
  }
  for (const char* table : {"loss", "optimizer"}) {
    text += fmt::format("\n[{}]\n", table);
    write_keys(text, json[table]);
  }
  if (const auto& sample = model.network.sample) {
    text += fmt::format("\n[sample]\ninput = {}\ntarget = {}\n", rows_of(sample->input, sample->is_batch),
                        rows_of(sample->target, sample->is_batch));
  }
  return text;
}

}  // namespace longhand
