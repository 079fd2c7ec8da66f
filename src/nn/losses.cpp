#include "longhand/nn.h"

namespace longhand::nn {
namespace {

// A loss of each entry, and its mean over the row.
template <class Body>
Var entry_loss(const char* name, Var y_hat, Var y,
               std::vector<std::pair<std::string, double>> parameters, Body body) {
  y_hat.graph->begin_composite(name, {y_hat, y}, std::move(parameters), true);
  const Var entries = y_hat.graph->end_composite(body());
  return y_hat.shape()[1] == 1 ? reshape(entries, {y_hat.shape()[0]}) : mean(entries, {1});
}

}  // namespace

Var bce(Var y_hat, Var y) {
  return entry_loss("bce", y_hat, y, {},
                    [&] { return -(y * log(y_hat) + (1.0 - y) * log(1.0 - y_hat)); });
}

Var cross_entropy(Var y_hat, Var y) {
  y_hat.graph->begin_composite("cross_entropy", {y_hat, y}, {}, false);
  return y_hat.graph->end_composite(-sum(y * log(y_hat), {1}));
}

Var mse(Var y_hat, Var y) {
  return entry_loss("mse", y_hat, y, {}, [&] {
    const Var error = y_hat - y;
    return error * error;
  });
}

Var mae(Var y_hat, Var y) {
  return entry_loss("mae", y_hat, y, {}, [&] { return abs(y_hat - y); });
}

Var huber(Var y_hat, Var y, double delta) {
  if (!(delta > 0)) throw ArgumentError("huber: delta must be positive");
  return entry_loss("huber", y_hat, y, {{"delta", delta}}, [&] {
    const Var error = y_hat - y;
    const Var size = abs(error);
    return where(less(size, y.graph->constant(delta)), 0.5 * (error * error),
                 delta * (size - 0.5 * delta));
  });
}

Var poisson(Var log_rate, Var y) {
  return entry_loss("poisson", log_rate, y, {}, [&] { return exp(log_rate) - y * log_rate; });
}

Var weighted_mean(Var row_losses, Var weights) {
  return sum(weights * row_losses) / sum(weights);
}

}  // namespace longhand::nn
