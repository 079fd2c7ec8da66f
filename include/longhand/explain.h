// explain: a labelled graph -> a derivation, every step worked out in numbers; and its writers. Knows
// graphs and labels, not models or files.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "longhand/ir.h"

namespace longhand {

/// A gradient held against central differences.
struct GradientCheck {
  std::int64_t entries = 0;    ///< how many were compared
  double relative_error = 0;   ///< the largest |a - n| / max(|a|, |n|, 1e-8)
  bool kink = false;           ///< entries at a kink were left out
};

/// One line of a worked example.
struct DerivationStep {
  std::string id;           ///< "z1", "dL/dW2", "L_new"
  std::string pass;         ///< "input", "forward", "loss", "backward", "update", "after"
  std::string layer;        ///< "fc1", or empty
  std::string title;
  std::string formula;      ///< in symbols, as text: "z1 = W1 x + b1"
  std::string latex;        ///< the same for TeX
  std::string substituted;  ///< the formula with the numbers in, rounded for display
  std::string note;         ///< one sentence of why, or empty
  Tensor value;             ///< f64
  std::vector<std::string> uses;
  std::optional<GradientCheck> check;
};

/// A quantity that the steps begin from: an input, a target, a parameter, the learning rate.
struct Given {
  std::string id;
  std::string meaning;
  Tensor value;
};

/// One training step worked out, in the order in which a person would work.
struct Derivation {
  std::vector<Given> givens;
  std::vector<DerivationStep> steps;
};

struct ExplainOptions {
  bool batch = false;     ///< the first axis of values is the row; else one sample, and it is left out
  int digits = 4;         ///< significant digits in `substituted`
  std::uint64_t seed = 0;  ///< which entries of large gradients are checked
};

/// Works out the graph of build_step(model, {.stable = false, .input_gradient = true,
/// .loss_after = true}) in double precision. `values` has every input and state entry by name, "x"
/// and "y" (an int32 index for class numbers) with their rows.
/// Throws ShapeError naming the value that is missing or does not fit.
Derivation explain(const Graph& graph, const std::map<std::string, Tensor>& values,
                   const ExplainOptions& options = {});

/// Plain text, at most `width` columns, with Unicode mathematics.
std::string write_text(const Derivation& derivation, int digits = 4, int width = 80);
/// A JSON array of the steps: {"id", "pass", "layer", "title", "formula", "latex", "substituted",
/// "shape", "value", "uses", "check"}; numbers in full, what is not finite is null.
std::string write_json(const Derivation& derivation);

}  // namespace longhand
