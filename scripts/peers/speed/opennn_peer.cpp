/* opennn_peer infer|step SECONDS THREADS LOSS OPTIMIZER MOMENTUM NESTEROV BATCH ACTIVATION WIDTH...: OpenNN's time for
 * one row of a network, or one step of training on a batch in memory (its forward and backward propagation and its
 * optimiser's update, without its copying of rows into the batch), as one line of JSON. */
#include "pch.h"
#include "adaptive_moment_estimation.h"
#include "cross_entropy_error.h"
#include "dataset.h"
#include "dense_layer.h"
#include "mean_squared_error.h"
#include "stochastic_gradient_descent.h"

namespace {

using opennn::Dense;
using Clock = std::chrono::steady_clock;

struct Times {
  double best_ns, median_ns;
};

// Samples of a few milliseconds, each of as many calls as that takes.
template <class Call>
Times time_of(double seconds, Call call) {
  std::vector<double> samples;
  long repeats = 1;
  bool calibrated = false;
  for (double total = 0; total < seconds || samples.size() < 3;) {
    const auto start = Clock::now();
    for (long i = 0; i < repeats; ++i) call();
    const double spent = std::chrono::duration<double>(Clock::now() - start).count();
    if (!calibrated && spent < 2e-3) {
      repeats *= 2;
      continue;
    }
    calibrated = true;
    samples.push_back(spent / static_cast<double>(repeats));
    total += spent;
  }
  std::sort(samples.begin(), samples.end());
  return {1e9 * samples.front(), 1e9 * samples[samples.size() / 2]};
}

void add_layers(opennn::NeuralNetwork& network, const std::vector<Index>& widths, const std::string& hidden, const std::string& last) {
  for (std::size_t i = 1; i < widths.size(); ++i) {
    const auto& activation = i + 1 < widths.size() ? hidden : last;
    network.add_layer(std::make_unique<Dense<2>>(opennn::Shape{widths[i - 1]}, opennn::Shape{widths[i]}, activation, false,
                                                 "layer_" + std::to_string(i)));
  }
  network.compile();
  network.set_parameters_glorot();
}

// What it learns from: rows of numbers in [-1, 1] and a target that follows from the first.
MatrixR rows_of(Index batch, Index inputs, Index outputs, bool has_classes) {
  MatrixR data = MatrixR::Random(batch, inputs + outputs);
  for (Index row = 0; row < batch; ++row) {
    const type first = data(row, 0);
    for (Index i = 0; i < outputs; ++i) {
      const auto which = std::min<Index>(outputs - 1, static_cast<Index>((first + 1) / 2 * static_cast<type>(outputs)));
      data(row, inputs + i) = !has_classes ? first : outputs == 1 ? static_cast<type>(first > 0) : static_cast<type>(i == which);
    }
  }
  return data;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 12) {
    std::fprintf(stderr, "usage: opennn_peer infer|step SECONDS THREADS LOSS OPTIMIZER MOMENTUM NESTEROV BATCH ACTIVATION WIDTH...\n");
    return 2;
  }
  const bool trains = std::string(arguments[1]) == "step";
  const double seconds = std::atof(arguments[2]);
  opennn::Device::instance().set_threads_number(std::atoi(arguments[3]));
  const std::string loss_name = arguments[4], optimizer = arguments[5];
  const auto batch_rows = static_cast<Index>(std::atol(arguments[8]));
  std::vector<Index> widths;
  for (int i = 10; i < count; ++i) widths.push_back(std::atol(arguments[i]));
  const Index outputs = widths.back();
  const bool has_classes = loss_name != "mse";

  opennn::NeuralNetwork network;
  add_layers(network, widths, std::string(arguments[9]) == "tanh" ? "HyperbolicTangent" : "RectifiedLinear",
             !has_classes ? "Linear" : outputs == 1 ? "Sigmoid" : "Softmax");

  Times times{};
  double first_loss = 0, last_loss = 0;
  if (!trains) {
    MatrixR row = MatrixR::Random(1, widths.front());
    const opennn::TensorView input(row.data(), {1, widths.front()});
    opennn::ForwardPropagation forward(1, &network);
    times = time_of(seconds, [&] { network.forward_propagate({input}, forward, false); });
  } else {
    opennn::Dataset dataset(batch_rows, {widths.front()}, {outputs});
    dataset.set_data(rows_of(batch_rows, widths.front(), outputs, has_classes));
    std::unique_ptr<opennn::Loss> loss;
    if (has_classes) loss = std::make_unique<opennn::CrossEntropyError2d>(&network, &dataset);
    else loss = std::make_unique<opennn::MeanSquaredError>(&network, &dataset);
    loss->set_regularization_method("None");
    loss->set_normalization_coefficient();
    opennn::Batch batch(batch_rows, &dataset);
    std::vector<Index> indices(static_cast<std::size_t>(batch_rows));
    std::iota(indices.begin(), indices.end(), Index{0});
    batch.fill(indices, dataset.get_feature_indices("Input"), dataset.get_feature_indices("Decoder"), dataset.get_feature_indices("Target"));
    opennn::ForwardPropagation forward(batch_rows, &network);
    opennn::BackPropagation backward(batch_rows, loss.get());
    opennn::AdaptiveMomentEstimation adam(loss.get());
    opennn::AdaptiveMomentEstimationData adam_memory(&adam);
    opennn::StochasticGradientDescent descent(loss.get());
    const auto momentum = static_cast<type>(std::atof(arguments[6]));
    descent.set_momentum(momentum);
    descent.set_nesterov(std::atoi(arguments[7]) != 0);
    opennn::StochasticGradientDescentData descent_memory(&descent);
    const type learning_rate = momentum > 0 ? type(0.01) : type(0.1);
    bool is_first = true;
    times = time_of(seconds, [&] {
      backward.neural_network.gradient.setZero();
      network.forward_propagate(batch.get_inputs(), forward, true);
      loss->back_propagate(batch, forward, backward);
      if (optimizer == "adam") adam.update_parameters(backward, adam_memory);
      else descent.update_parameters(backward, descent_memory, learning_rate);
      last_loss = backward.loss_value;
      if (is_first) first_loss = last_loss;
      is_first = false;
    });
    if (!(last_loss < first_loss)) {
      std::printf("{\"skipped\": \"its loss went from %g to %g\"}\n", first_loss, last_loss);
      return 0;
    }
  }
  std::printf("{\"best_ns\": %.2f, \"median_ns\": %.2f}\n", times.best_ns, times.median_ns);
  return 0;
}
