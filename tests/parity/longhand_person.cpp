#include "parity/longhand_person.h"

#include <fmt/format.h>

#include <cmath>

#include "parity/goldens.h"

namespace longhand::testing {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
const T& pick(std::mt19937& generator, const std::vector<T>& of) {
  return of[generator() % of.size()];
}

Json numbers(std::mt19937& generator, const std::vector<std::int64_t>& extents, double most, std::size_t axis = 0) {
  if (axis == extents.size()) {
    return std::round(std::uniform_real_distribution<double>(-most, most)(generator) * 100) / 100;
  }
  Json list = Json::array();
  for (std::int64_t i = 0; i < extents[axis]; ++i) list.push_back(numbers(generator, extents, most, axis + 1));
  return list;
}

Json linear(std::mt19937& generator, std::int64_t in, std::int64_t out) {
  return {{"type", "linear"}, {"out", out}, {"weight", numbers(generator, {out, in}, 1)}, {"bias", numbers(generator, {out}, 1)}};
}

Json target(std::mt19937& generator, const std::string& loss, std::int64_t outputs) {
  if (loss == "cross_entropy") return generator() % static_cast<unsigned>(outputs);
  Json row = Json::array();
  for (std::int64_t i = 0; i < outputs; ++i) {
    if (loss.starts_with("bce")) row.push_back(generator() % 2);
    else row.push_back(loss == "poisson" ? Json(generator() % 5) : numbers(generator, {}, 2));
  }
  return row;
}

}  // namespace

std::vector<std::string> Rounding::write(const std::vector<double>& values) const {
  double largest = 0;
  for (const double value : values) largest = std::max(largest, std::abs(value));
  const int exponent = largest == 0 ? -digits : static_cast<int>(std::floor(std::log10(largest))) - digits + 1;
  // Whole units are not cut off.
  const bool cuts = kind == Kind::cut_off && exponent < 0;
  std::vector<std::string> figures;
  for (const double value : values) {
    const double units = value / std::pow(10, exponent);
    // Nobody cuts 0.2552 off to 0.2551, though its binary number may be a little below.
    const bool is_whole = std::abs(units - std::nearbyint(units)) < 1e-5;
    const double whole = cuts && !is_whole       ? std::trunc(units)
                         : kind == Kind::half_up ? std::copysign(std::floor(std::abs(units) + 0.5), units)
                                                 : std::nearbyint(units);
    figures.push_back(fmt::format("{}e{}", static_cast<std::int64_t>(whole), exponent));
  }
  return figures;
}

Model random_network(std::mt19937& generator) {
  const auto upto = [&](unsigned most) { return static_cast<std::int64_t>(1 + generator() % most); };
  static const std::vector<std::string> kActivations{"relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "tanh", "sigmoid", "identity"};
  static const std::vector<std::string> kLosses{"bce", "bce_with_logits", "cross_entropy", "mse", "mae", "huber", "poisson"};
  static const std::vector<Json> kOptimizers{
      {{"type", "sgd"}}, {{"type", "sgd"}, {"momentum", 0.9}, {"weight_decay", 0.01}}, {{"type", "sgd"}, {"momentum", 0.5}, {"nesterov", true}},
      {{"type", "adam"}}, {{"type", "adamw"}}, {{"type", "rmsprop"}}, {{"type", "rmsprop"}, {"momentum", 0.9}}, {{"type", "adagrad"}}};
  Json network;
  const auto inputs = upto(3);
  network["network"]["inputs"] = inputs;
  auto width = inputs;
  for (auto hidden = upto(3) - 1; hidden > 0; --hidden) {
    const auto out = upto(3);
    network["layer"].push_back(linear(generator, width, out));
    network["layer"].push_back({{"type", pick(generator, kActivations)}});
    width = out;
  }
  const auto loss = pick(generator, kLosses);
  const auto outputs = loss == "cross_entropy" ? 1 + upto(3) : upto(3);
  network["layer"].push_back(linear(generator, width, outputs));
  if (loss == "bce") network["layer"].push_back({{"type", "sigmoid"}});
  if (loss == "cross_entropy" && generator() % 2 == 0) network["layer"].push_back({{"type", "softmax"}});
  if (loss == "mse" && generator() % 2 == 0) network["layer"].push_back({{"type", pick(generator, kActivations)}});
  network["loss"]["type"] = loss;
  network["optimizer"] = pick(generator, kOptimizers);
  network["optimizer"]["learning_rate"] = 0.1;
  const auto rows = generator() % 3 == 0 ? upto(3) + 1 : 0;
  if (rows == 0) {
    network["sample"] = {{"input", numbers(generator, {inputs}, 2)}, {"target", target(generator, loss, outputs)}};
  } else {
    network["sample"] = {{"input", numbers(generator, {rows, inputs}, 2)}, {"target", Json::array()}};
    for (std::int64_t row = 0; row < rows; ++row) network["sample"]["target"].push_back(target(generator, loss, outputs));
  }
  return Model::from_network(parse_network(network.dump(), "random"), 0, DType::f64);
}

LonghandPerson::LonghandPerson(const Model& model)
    : step_(build_step(model, {.stable = false, .input_gradient = true, .loss_after = true})),
      batch_(model.network.sample->is_batch), notation_(step_.graph, batch_) {
  values_ = step_values(model, step_, model.network.sample->input, model.network.sample->target);
  for (const auto& [name, value] : values_) inputs_[name] = to_array<double>(value);
  for (const auto& step : explain(step_.graph, values_, {.batch = batch_, .check = false}).steps) shapes_[step.id] = step.value.shape();
  for (const auto& quantity : notation_.quantities()) {
    if (shapes_.contains(quantity.id)) quantities_.push_back(quantity);
  }
}

std::vector<double> LonghandPerson::work_out(const Quantity& quantity) const {
  const auto& id = quantity.id;
  const auto figures = [&](const std::string& of) -> const Array<double>& { return written_.at(notation_.node_of(of)); };
  // Two names of one thing.
  if (!quantity.same_as.empty()) return figures(quantity.same_as).real;
  // Softmax's own matrix y_i (1 if i = j else 0) - y_i y_j, and the gradient through it.
  const auto is_matrix = [&](const std::string& slope) {
    const auto node = notation_.node_of(slope);
    return node != kNoNode && step_.graph.node(node).type.shape.rank() == 3;
  };
  if (id.starts_with("dy_hat/d") && is_matrix(id)) {
    const auto& y = figures("y_hat");
    const auto n = static_cast<std::size_t>(y.shape[1]);
    std::vector<double> matrix;
    for (std::size_t row = 0; row < y.real.size(); row += n) {
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) matrix.push_back((i == j ? y.real[row + i] : 0) - y.real[row + i] * y.real[row + j]);
      }
    }
    return matrix;
  }
  if (const auto slope = "dy_hat/d" + (id.size() > 4 ? id.substr(4) : ""); id.starts_with("dL/d") && is_matrix(slope)) {
    const auto &matrix = figures(slope), &gradient = figures("dL/dy_hat");
    const auto n = static_cast<std::size_t>(gradient.shape[1]);
    std::vector<double> result(gradient.real.size(), 0);
    for (std::size_t row = 0; row < result.size(); row += n) {
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) result[row + j] += gradient.real[row + i] * matrix.real[(row + i) * n + j];
      }
    }
    return result;
  }
  auto others = written_;
  others.erase(quantity.node);
  return evaluate<double>(step_.graph, inputs_, others, 1, quantity.node)[static_cast<std::size_t>(quantity.node)].real;
}

void LonghandPerson::write(const Quantity& quantity, const std::vector<double>& figures) {
  const auto rows = values_.at("x").shape()[0];
  if (!quantity.same_as.empty()) return;  // the first name stands for both
  written_[quantity.node] = {step_.graph.node(quantity.node).type.shape.with_rows(rows), figures, {}};
}

Claim LonghandPerson::claim(const Quantity& quantity, std::vector<std::string> figures) const {
  return {.quantity = quantity.id, .shape = shapes_.at(quantity.id), .figures = std::move(figures), .where = {}};
}

}  // namespace longhand::testing
