// A model -> the graph of one training step: forward, loss, gradients, update, labelled.
#include "ir/copy.h"
#include "longhand/autodiff.h"
#include "longhand/model.h"
#include "model/preprocess.h"
#include "passes/passes.h"

namespace longhand {
namespace {

bool is_regression_scaled(const Model& model) {
  return model.target && model.target->task == Task::regression &&
         (model.target->mean != 0 || model.target->scale != 1);
}

bool ends_in_softmax(const NetworkSpec& network) {
  for (auto layer = network.layers.rbegin(); layer != network.layers.rend(); ++layer) {
    if (layer->type != "identity" && layer->type != "dropout") return layer->type == "softmax";
  }
  return false;
}

// What the loss compares with y: probabilities, where the loss is of logits.
Var apply_head(const Model& model, Var output) {
  const auto& loss = model.network.loss.type;
  if (loss == "bce_with_logits") return sigmoid(output);
  if (loss == "cross_entropy" && !ends_in_softmax(model.network)) return softmax(output);
  return output;
}

Var row_losses(const LossSpec& loss, Var y_hat, Var y) {
  if (loss.type == "bce" || loss.type == "bce_with_logits") return nn::bce(y_hat, y);
  if (loss.type == "cross_entropy") return nn::cross_entropy(y_hat, y);
  if (loss.type == "mse") return nn::mse(y_hat, y);
  if (loss.type == "mae") return nn::mae(y_hat, y);
  if (loss.type == "huber") return nn::huber(y_hat, y, loss.delta);
  if (loss.type == "poisson") return nn::poisson(y_hat, y);
  throw ModelError("unknown loss '" + loss.type + "'");
}

// The z of which y_hat is the sigmoid or softmax.
std::optional<Var> logits_of(Var y_hat) {
  const auto& node = y_hat.node();
  if (node.op == Op::sigmoid) return y_hat.graph->var(node.inputs[0]);
  if (node.composite < 0) return std::nullopt;
  const auto& composite = y_hat.graph->composites()[static_cast<std::size_t>(node.composite)];
  if (composite.name != "softmax" || composite.output != y_hat.id) return std::nullopt;
  return y_hat.graph->var(composite.inputs[0]);
}

class StepBuilder {
 public:
  StepBuilder(const Model& model, const StepOptions& options, Mode mode = Mode::train)
      : model_(model), options_(options), step_{.graph = Graph(mode), .parameters = {}} {}

  Graph build_loss() {
    forward();
    if (options_.stable) take_stable_reading();
    verify(step_.graph);
    return std::move(step_.graph);
  }

  StepGraph build() {
    forward();
    if (options_.stable) take_stable_reading();
    backward();
    if (options_.gradients_only) {
      for (const auto& parameter : step_.parameters) graph().output("gradient " + parameter.name, var(parameter.gradient));
    } else {
      update();
    }
    if (options_.loss_after) loss_after();
    verify(step_.graph);
    return std::move(step_);
  }

 private:
  Graph& graph() { return step_.graph; }
  Var var(NodeId id) { return graph().var(id); }

  void forward() {
    const auto columns = static_cast<std::int64_t>(model_.inputs.size());
    Var x;
    if (options_.raw && columns > 0) {
      const Var raw = graph().input("raw", {Shape::kBatch, columns}).labelled("", "raw");
      x = preprocess(model_, raw);
    } else {
      x = graph().input("x", {Shape::kBatch, model_.network.inputs});
    }
    const bool is_embedded = !model_.network.tables().empty();
    step_.x = x.labelled("", is_embedded ? "c" : "x").id;

    const auto modules = make_network(model_.network, options_.seed);
    const auto& members = modules->members();
    if (members.size() > 1 && !options_.stable) throw ArgumentError("an ensemble has no one chain of steps: explain --member N works each of its networks out");
    // Each member learns from its own loss: what is differentiated is their sum.
    Var sum = loss_of(members[0]->forward(x));
    for (std::size_t i = 1; i < members.size(); ++i) sum = sum + loss_of(members[i]->forward(x));
    if (is_embedded) step_.x = with_role("x");
    step_.loss = sum.id;
    graph().output("L", members.size() == 1 ? sum : sum / static_cast<double>(members.size()));
  }

  Var loss_of(Var output) {
    const Var y_hat = named_y_hat(apply_head(model_, output));
    if (target_ == kNoNode) target_ = build_target(y_hat.shape()[1]).id;
    const Var losses = row_losses(model_.network.loss, y_hat, var(target_)).labelled("", "L_rows");
    const Var loss = (options_.row_weights ? nn::weighted_mean(losses, row_weights()) : mean(losses)).labelled("", "L");
    if (!options_.stable) add_stable_twin(y_hat, var(target_));
    if (is_regression_scaled(model_) && options_.raw) {
      (y_hat * model_.target->scale + model_.target->mean).labelled("", "prediction");
    }
    return loss;
  }

  Var row_weights() {
    const auto found = graph().find_input("weight");
    return found == kNoNode ? graph().input("weight", {Shape::kBatch}) : var(found);
  }

  // The same loss in its stable operation, for those who explain where the long one is not finite.
  void add_stable_twin(Var y_hat, Var target) {
    const auto z = logits_of(y_hat);
    const auto& loss = model_.network.loss.type;
    const bool is_binary = loss.starts_with("bce") && y_hat.node().op == Op::sigmoid;
    if (!z || (!is_binary && (loss != "cross_entropy" || y_hat.node().op == Op::sigmoid))) return;
    const Var rows = is_binary ? mean(sigmoid_cross_entropy(*z, target), {1})
                               : softmax_cross_entropy(*z, target);
    stable_loss_ = mean(rows).labelled("", "L_stable").id;
    logits_ = z->id;
  }

  // y_hat is a quantity of its own, also where it is the last layer's z.
  static Var named_y_hat(Var y_hat) {
    const auto& role = y_hat.node().label.role;
    if (y_hat.node().op == Op::linear || role == "batch_norm" || role == "layer_norm" || role == "residual") {
      Attributes attributes;
      attributes.shape = y_hat.shape();
      y_hat = y_hat.graph->add(Op::reshape, {y_hat.id}, std::move(attributes));
    }
    return y_hat.labelled(y_hat.node().label.layer, "y_hat");
  }

  Var build_target(std::int64_t outputs) {
    if (target_kind(model_.network.loss) == TargetKind::class_number) {
      const Var y = graph().input("y", {Shape::kBatch}, Kind::index);
      step_.y = y.id;
      return smoothed(one_hot(y, outputs).labelled("", "y"), outputs);
    }
    const Var y = graph().input("y", {Shape::kBatch, outputs}).labelled("", "y");
    step_.y = y.id;
    if (target_kind(model_.network.loss) == TargetKind::probability) return smoothed(y, 2);
    if (!is_regression_scaled(model_) || !options_.raw) return y;
    return ((y - model_.target->mean) / model_.target->scale).labelled("", "y_scaled");
  }

  Var smoothed(Var y, std::int64_t classes) {
    const double share = model_.network.loss.label_smoothing;
    if (share == 0 || graph().mode() != Mode::train) return y;
    return ((1 - share) * y + share / static_cast<double>(classes)).labelled("", "y_smooth");
  }

  NodeId with_role(std::string_view role) const {
    for (std::size_t id = 0; id < step_.graph.size(); ++id) {
      if (step_.graph.nodes()[id].label.role == role) return static_cast<NodeId>(id);
    }
    return kNoNode;
  }

  void take_stable_reading() {
    graph() = stable(graph());
    const auto found = [&](const char* name) { return graph().find_input(name); };
    step_ = StepGraph{.graph = std::move(step_.graph), .parameters = {}};
    step_.x = with_role("x");
    step_.y = found("y");
    step_.loss = graph().find_output("L");
    if (model_.network.members > 1) step_.loss = graph().node(step_.loss).inputs[0];  // the sum of which L is the mean
  }

  void backward() {
    const auto modules = make_network(model_.network);
    std::vector<Var> targets;
    for (const auto& [name, spec] : modules->parameters()) {
      step_.parameters.push_back({.name = name, .quantities = {}});
      targets.push_back(graph().state(name, spec.shape));
    }
    if (options_.input_gradient) targets.push_back(var(step_.x));
    const auto gradients = grad(var(step_.loss), targets);
    for (std::size_t i = 0; i < step_.parameters.size(); ++i) {
      step_.parameters[i].value = targets[i].id;
      step_.parameters[i].gradient = gradients[i].id;
    }
    if (options_.input_gradient) step_.x_gradient = gradients.back().id;
    if (!options_.stable) label_softmax_jacobian();
    if (stable_loss_ != kNoNode) {
      grad(var(stable_loss_), {var(logits_)})[0].labelled("", "dz_stable");
      short_form();
    }
  }

  // What the chain through the head and the logarithm comes to, for those who explain.
  void short_form() {
    const Var y_hat = var(with_role("y_hat"));
    Var error = y_hat - var(target_);
    // bce is a mean over the row's outputs, cross_entropy a sum; the loss is the mean over rows.
    if (y_hat.node().op == Op::sigmoid) error = error / extent(y_hat, {1});
    (error / extent(y_hat, {0})).labelled("", "dz_short");
  }

  // The slope of softmax is a matrix, which no adjoint needs; who explains shows it.
  void label_softmax_jacobian() {
    for (std::size_t i = 0; i < graph().composites().size(); ++i) {
      const Composite softmax = graph().composites()[i];
      if (softmax.name != "softmax" || graph().node(softmax.output).label.role != "y_hat") continue;
      auto& label = graph().label(jacobian(var(softmax.output), var(softmax.inputs[0])).id);
      label.derivative_of = softmax.output;
      label.with_respect_to = softmax.inputs[0];
    }
  }

  void update() {
    const Var learning_rate = graph().input("learning_rate", {}).labelled("", "learning_rate");
    step_.learning_rate = learning_rate.id;
    // Dropout may have asked for the step's number before.
    step_.step = graph().find_input("step");
    if (step_.step == kNoNode) step_.step = graph().input("step", {}, Kind::index).id;
    const auto gradients = clipped_gradients();
    for (std::size_t i = 0; i < step_.parameters.size(); ++i) {
      auto& parameter = step_.parameters[i];
      const auto& optimizer = model_.network.optimizer;
      const bool is_decayed = optimizer.decay_biases || var(parameter.value).shape().rank() > 1;
      const auto update = optim::update(is_decayed ? optimizer.rule : optim::without_decay(optimizer.rule), var(parameter.value),
                                        gradients[i], learning_rate, var(step_.step));
      parameter.new_value = update.new_value.id;
      for (const auto& [role, value] : update.quantities) {
        parameter.quantities.emplace_back(role, value.id);
      }
    }
  }

  std::vector<Var> clipped_gradients() {
    const auto& optimizer = model_.network.optimizer;
    std::vector<Var> gradients;
    // The members of an ensemble do not know of each other.
    const auto of_member = step_.parameters.size() / static_cast<std::size_t>(model_.network.members);
    for (std::size_t first = 0; first < step_.parameters.size(); first += of_member) {
      std::vector<std::pair<std::string, Var>> named;
      for (std::size_t i = first; i < first + of_member; ++i) {
        named.emplace_back(step_.parameters[i].name, var(step_.parameters[i].gradient));
      }
      if (optimizer.clip_value) {
        for (const Var clipped : optim::clip_by_value(named, *optimizer.clip_value)) gradients.push_back(clipped);
      } else if (optimizer.clip_norm) {
        for (const Var clipped : optim::clip_by_global_norm(named, *optimizer.clip_norm)) gradients.push_back(clipped);
      } else {
        for (const auto& [name, gradient] : named) gradients.push_back(gradient);
      }
    }
    return gradients;
  }

  void loss_after() {
    std::vector<std::pair<NodeId, Var>> replacements;
    Var change = graph().constant(0.0), squares = change;
    for (const auto& parameter : step_.parameters) {
      const Var gradient = var(parameter.gradient), new_value = var(parameter.new_value);
      replacements.emplace_back(parameter.value, new_value);
      change = change + sum(gradient * (new_value - var(parameter.value)));
      squares = squares + sum(gradient * gradient);
    }
    change.labelled("", "foretold_change");
    squares.labelled("", "squared_gradient_norm");
    step_.loss_after = substitute(var(step_.loss), replacements).labelled("", "L_new").id;
    if (stable_loss_ != kNoNode) {
      substitute(var(stable_loss_), replacements).labelled("", "L_new_stable");
    }
  }

  const Model& model_;
  const StepOptions options_;
  StepGraph step_;
  NodeId target_ = kNoNode;
  NodeId stable_loss_ = kNoNode, logits_ = kNoNode;  // long reading only
};

}  // namespace

StepGraph build_step(const Model& model, const StepOptions& options) {
  return StepBuilder(model, options).build();
}

Graph build_loss(const Model& model, const StepOptions& options) {
  return StepBuilder(model, options, Mode::predict).build_loss();
}

namespace {

Var add_output(Graph& graph, const Model& model) {
  const auto modules = make_network(model.network);
  const Var x = graph.input("x", {Shape::kBatch, model.network.inputs});
  const auto predicted = [&](const nn::Module& member) {
    const Var y_hat = apply_head(model, member(x));
    const bool is_logarithm = target_kind(model.network.loss) == TargetKind::rate;
    return (is_logarithm ? exp(y_hat) : y_hat).labelled(member.path(), "member");
  };
  const auto& members = modules->members();
  Var y_hat = predicted(*members[0]);
  for (std::size_t i = 1; i < members.size(); ++i) y_hat = y_hat + predicted(*members[i]);
  return members.size() == 1 ? y_hat : (y_hat / static_cast<double>(members.size())).labelled("", "y_hat_mean");
}

}  // namespace

Graph build_output(const Model& model) {
  Graph graph;
  graph.output("y_hat", add_output(graph, model));
  return graph;
}

Graph build_prediction(const Model& model) {
  Graph graph;
  Var y_hat = add_output(graph, model);
  if (is_regression_scaled(model)) y_hat = y_hat * model.target->scale + model.target->mean;
  graph.output("prediction", y_hat);
  return graph;
}

}  // namespace longhand
