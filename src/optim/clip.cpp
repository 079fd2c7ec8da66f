#include "longhand/optim.h"

namespace longhand::optim {

std::vector<Var> clip_by_global_norm(const std::vector<std::pair<std::string, Var>>& gradients, double max_norm) {
  if (!(max_norm > 0)) throw ArgumentError("clip_norm must be above 0, not " + std::to_string(max_norm));
  if (gradients.empty()) return {};
  Graph& graph = *gradients[0].second.graph;
  Var squares = graph.constant(0.0);
  for (const auto& [name, g] : gradients) squares = squares + sum(g * g);
  const Var norm = sqrt(squares).labelled("", "g_norm");
  const Var scale = minimum(max_norm / (norm + 1e-6), graph.constant(1.0)).labelled("", "clip");
  std::vector<Var> clipped;
  for (const auto& [name, g] : gradients) clipped.push_back((scale * g).labelled(name, "g"));
  return clipped;
}

std::vector<Var> clip_by_value(const std::vector<std::pair<std::string, Var>>& gradients, double limit) {
  if (!(limit > 0)) throw ArgumentError("clip_value must be above 0, not " + std::to_string(limit));
  std::vector<Var> clipped;
  for (const auto& [name, g] : gradients) {
    Graph& graph = *g.graph;
    clipped.push_back(minimum(maximum(g, graph.constant(-limit)), graph.constant(limit)).labelled(name, "g"));
  }
  return clipped;
}

}  // namespace longhand::optim
