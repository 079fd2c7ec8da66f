#include "longhand/nn.h"

namespace longhand::nn {
namespace {

void require_units(const std::string& path, const char* kind, std::int64_t units) {
  if (units >= 1) return;
  throw ArgumentError("'" + path + "': a " + kind + " over " + std::to_string(units) + " units");
}

struct Moments {
  Var mean, variance;
};

// Over one axis. The variance has no slope by the mean, as deviations from the mean sum to 0; it is
// left out, so that no rounding takes its place.
Moments moments_of(Var x, std::int64_t axis, bool keep_dims, const std::string& path) {
  const Var mean = longhand::mean(x, {axis}, keep_dims).labelled(path, "mu");
  const Var deviation = x - stop_gradient(mean);
  return {mean, longhand::mean(deviation * deviation, {axis}, keep_dims).labelled(path, "var")};
}

Var normalised(Var x, const Moments& moments, double eps, const std::string& path) {
  return ((x - moments.mean) / sqrt(moments.variance + eps)).labelled(path, "n");
}

}  // namespace

BatchNorm::BatchNorm(Module& parent, std::string name, std::int64_t units, double eps, double momentum)
    : Module(parent, std::move(name)), eps_(eps), momentum_(momentum) {
  require_units(path(), "batch norm", units);
  declare({.name = "weight", .shape = {units}, .center = 1});
  declare({.name = "bias", .shape = {units}});
  declare({.name = "running_mean", .shape = {units}, .is_buffer = true});
  declare({.name = "running_var", .shape = {units}, .center = 1, .is_buffer = true});
  declare({.name = "num_batches_tracked", .shape = {}, .is_buffer = true});
}

Var BatchNorm::forward(Var x) const {
  Graph& graph = *x.graph;
  const Var weight = parameter(graph, "weight").labelled(path(), "gamma");
  const Var bias = parameter(graph, "bias").labelled(path(), "beta");
  const Var running_mean = parameter(graph, "running_mean").labelled(path(), "running_mean");
  const Var running_variance = parameter(graph, "running_var").labelled(path(), "running_var");
  Moments moments{running_mean, running_variance};
  if (graph.mode() == Mode::train) {
    moments = moments_of(x, 0, false, path());
    const auto move = [&](Var running, Var towards) {
      const Var moved = (1 - momentum_) * running + momentum_ * towards;
      graph.assign(running, moved.labelled(path(), running.node().label.role + "_new"));
    };
    const Var rows = extent(x, {0});
    move(running_mean, moments.mean);
    move(running_variance, moments.variance * (rows / (rows - 1.0)));
    const Var batches = parameter(graph, "num_batches_tracked");
    graph.assign(batches, batches + 1.0);
  }
  return (normalised(x, moments, eps_, path()) * weight + bias).labelled(path(), "batch_norm");
}

LayerNorm::LayerNorm(Module& parent, std::string name, std::int64_t units, double eps)
    : Module(parent, std::move(name)), eps_(eps) {
  require_units(path(), "layer norm", units);
  declare({.name = "weight", .shape = {units}, .center = 1});
  declare({.name = "bias", .shape = {units}});
}

Var LayerNorm::forward(Var x) const {
  Graph& graph = *x.graph;
  const Var weight = parameter(graph, "weight").labelled(path(), "gamma");
  const Var bias = parameter(graph, "bias").labelled(path(), "beta");
  const auto moments = moments_of(x, 1, true, path());
  return (normalised(x, moments, eps_, path()) * weight + bias).labelled(path(), "layer_norm");
}

}  // namespace longhand::nn
