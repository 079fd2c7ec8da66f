#include "explain/notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "explain/numbers.h"
#include "explain/words.h"

namespace longhand {
namespace {

// A sigmoid or tanh that is nearly flat lets little of the gradient through.
std::string saturation_note(const Tensor& slopes, double steepest, int digits) {
  const auto entries = slopes.to_doubles();
  const auto flat = std::ranges::count_if(entries, [&](double slope) { return std::abs(slope) < 0.05 * steepest; });
  if (flat == 0) return "";
  const auto subject = slopes.count() == 1 ? std::string("It is nearly flat here")
                                           : fmt::format("It is nearly flat for {} of {} entries", flat, slopes.count());
  return subject + fmt::format(" (its slope is at most {}), so that little of the gradient passes.", display(steepest, digits));
}

Note slope_note(const std::string& function, const Tensor& slopes, int digits) {
  if (function == "relu") return {relu_note(slopes)};
  if (function == "sigmoid") return {saturation_note(slopes, 0.25, digits)};
  if (function == "tanh") return {saturation_note(slopes, 1, digits)};
  if (function == "softmax") {
    return {"Each output of softmax depends on every input, so its slope is a matrix: ŷᵢ (1 - ŷᵢ) on the "
            "diagonal, -ŷᵢ ŷⱼ beside it; of a batch each row has a matrix of its own.", true};
  }
  if (function == "dropout") return {"The gradient takes the way that the values took: through the kept units.", true};
  return {};
}

Note gradient_note(const std::string& of, const Node& gradient) {
  switch (of[0]) {
    case 'E': return {"Each row that was looked up collects the gradients of its copies; the others had no part in the loss.", true};
    case 'W': return {"A weight's gradient is that of its unit times the input that it weighs.", true};
    case 'b': return {"The bias is added as it is: its gradient is that of its unit.", true};
    case 'a': case 'h': case 'x':
      if (gradient.op != Op::matmul) return {};
      return {"What a unit gets back is the gradient of each unit that it feeds, by the weight between them.", true};
    default: return {};
  }
}

Note forward_note(const std::string& function) {
  if (function == "softmax") {
    return {"softmax(z)ᵢ = e^zᵢ / Σⱼ e^zⱼ: all outputs are positive and sum to 1.", true};
  }
  if (function == "batch_norm") {
    return {"Each unit is brought to mean 0 and variance 1 over the rows of the batch, then scaled and shifted by what is "
            "learned; a prediction takes the running mean and variance instead.", true};
  }
  if (function == "layer_norm") {
    return {"The units of a row are brought to mean 0 and variance 1, then scaled and shifted by what is learned.", true};
  }
  if (function == "residual") {
    return {"What the layers between have made is added to what went into them, so that the gradient has a short way back.", true};
  }
  if (function == "dropout") {
    return {"Dropped units give 0; the others are divided by the share that is kept, so that the sum they go into "
            "stays as large on average.", true};
  }
  return {};
}

// Of a loss that takes ŷ for a probability where it is none.
Note loss_note(const std::map<std::string, Tensor>& values) {
  const auto loss = values.find("L"), output = values.find("y_hat");
  if (loss == values.end() || output == values.end() || std::isfinite(loss->second.item())) return {};
  for (const double y_hat : output->second.to_doubles()) {
    if (y_hat < 0 || y_hat > 1) {
      return {"This loss takes ŷ for a probability, from 0 to 1, and here it is none: a sigmoid at the end of the network makes "
              "it one, or the loss bce_with_logits takes it as it is."};
    }
  }
  return {};
}

Note update_note(const std::string& id, const std::map<std::string, Tensor>& values) {
  if (id == "clip") {
    return {values.at(id).item() < 1 ? "All gradients together measure more than the limit: each is scaled back alike, "
                                       "which keeps their direction."
                                     : "All gradients together measure less than the limit: they stay as they are."};
  }
  if (id.starts_with("m_hat_")) {
    return {"The means start from 0 and would be too small in the first steps: 1 - βᵗ is the share of them that is "
            "made of gradients.", true};
  }
  return {};
}

Note loss_after_note(const std::map<std::string, Tensor>& values, int digits) {
  const auto before = values.find("L");
  const auto after = values.find("L_new");
  if (before == values.end() || after == values.end()) return {};
  const double change = after->second.item() - before->second.item();
  if (!std::isfinite(change) || change == 0) return {};
  return {change < 0 ? fmt::format("The loss has fallen by {}.", display(-change, digits))
                     : fmt::format("The loss has risen by {}: the step was too long, or not along the gradient.",
                                   display(change, digits))};
}

}  // namespace

std::string relu_note(const Tensor& slopes) {
  const auto entries = slopes.to_doubles();
  const auto passing = std::ranges::count_if(entries, [](double slope) { return slope > 0; });
  if (slopes.count() == 1) {
    return passing == 1 ? "Its input is positive, so the ReLU passes the gradient unchanged."
                        : "Its input is not positive, so the ReLU stops the gradient.";
  }
  if (passing == slopes.count()) return "Every input is positive, so the ReLU passes the gradient unchanged.";
  if (passing == 0) return "No input is positive, so the ReLU stops the whole gradient.";
  return fmt::format("The ReLU passes the gradient of {} of {} units and stops the others, whose input is not positive.",
                     passing, slopes.count());
}

std::string why_short(const Graph& graph, const Notation& notation) {
  if (function_of(graph, notation.node_of("y_hat")) == "softmax") {
    return "The logarithm's slope -y/ŷ meets softmax's ŷ and cancels it; what is left is ŷ times the sum of the "
           "targets, which is 1, less y.";
  }
  return "The loss has the slope (ŷ - y) / (ŷ (1 - ŷ)) and the sigmoid ŷ (1 - ŷ): the denominator cancels.";
}

Note note_of(const Graph& graph, const Notation& notation, const Quantity& quantity,
             const std::map<std::string, Tensor>& values, int digits) {
  const auto& id = quantity.id;
  if (quantity.pass == "forward") return forward_note(function_of(graph, quantity.node));
  if (quantity.pass == "loss" && id == "L") return loss_note(values);
  if (quantity.pass == "update") return update_note(id, values);
  if (quantity.pass == "after") return loss_after_note(values, digits);
  if (quantity.pass != "backward") return {};
  if (id.starts_with("dL/d")) return gradient_note(id.substr(4), graph.node(quantity.node));
  const auto slash = id.find("/d");
  return slope_note(function_of(graph, notation.node_of(id.substr(1, slash - 1))), values.at(id), digits);
}

}  // namespace longhand
