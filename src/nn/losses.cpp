#include "longhand/nn.h"

namespace longhand::nn {
namespace {

// Refused before a composite is begun, which would stay open.
void require_rows(const char* name, Var y_hat, Var y) {
  if (y_hat.graph == nullptr || y_hat.graph != y.graph) {
    throw ArgumentError(std::string(name) + ": the operands belong to different graphs");
  }
  if (y_hat.shape().rank() == 2 && y_hat.shape() == y.shape()) return;
  throw ShapeError(std::string(name) + ": " + to_string(y_hat.shape()) + " and " + to_string(y.shape()) +
                   " are not rows of equal length");
}

// A loss of each entry, and its mean over the row.
template <class Body>
Var entry_loss(const char* name, Var y_hat, Var y,
               std::vector<std::pair<std::string, double>> parameters, Body body) {
  require_rows(name, y_hat, y);
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
  require_rows("cross_entropy", y_hat, y);
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
