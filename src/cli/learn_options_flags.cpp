#include "cli/learn_options.h"

namespace longhand::cli {
namespace {

constexpr const char* kNetwork = "Network";
constexpr const char* kLearning = "Learning";

CLI::Validator one_of(const std::vector<std::string>& names) {
  return CLI::IsMember(names).description("");
}

}  // namespace

void LearnOptions::add_data_to(CLI::App& app) {
  app_ = &app;
  target_ = app.add_option("--target", options_.target, "the column to predict; -1 is the last; with --labels it is those")->type_name("COL");
  app.add_option("--task", task_, "binary, multiclass, regression, or auto: by the target's cells")
      ->capture_default_str()
      ->check(one_of({"auto", "binary", "multiclass", "regression"}));
  app.add_option("--positive", options_.positive, "of two classes that which F1, thresholds and costs are about (default: the second in order)")
      ->type_name("CLASS");
  data_.add_to(app);
  data_.add_kinds_to(app);
  data_.add_skip_to(app);
  app.add_option("--number-scaling", number_scaling_, "standard, robust, quantile_normal or quantile_uniform (default: by the data)")
      ->check(one_of({"standard", "robust", "quantile_normal", "quantile_uniform"}))
      ->group("DATA");
  app.add_option("--number-steps", options_.number_steps, "steps of a piecewise linear encoding beside each number (default: by the data)")
      ->group("DATA");
  app.add_option("--embedding", options_.embedding,
                 "entries of a learnt row for each category (default: 0, one-hot)")
      ->type_name("D")
      ->group("DATA");
  app.add_option("--sample-weight", options_.sample_weight, "a column of weights above 0 for the loss")
      ->type_name("COL")
      ->group("DATA");
}

void LearnOptions::add_network_to(CLI::App& app) {
  app.add_option("--hidden", hidden_, "units of each hidden layer (default: by the data)")->type_name("64,64")->group(kNetwork);
  activation_ = app.add_option("--activation", options_.activation,
                 "relu, tanh, sigmoid, gelu, silu, leaky_relu, elu or identity")
      ->capture_default_str()
      ->check(one_of({"relu", "tanh", "sigmoid", "gelu", "silu", "leaky_relu", "elu", "identity"}))
      ->group(kNetwork);
  app.add_option("--dropout", options_.dropout, "the share of hidden units left out in each step (default: by the data)")->group(kNetwork);
  ensemble_ = app.add_option("--ensemble", options_.members, "networks that learn beside each other; the prediction is their mean (default: by the data)")
                  ->check(CLI::Range(1, 1000).description(""))
                  ->group(kNetwork);
  app.add_option("--from", from_path_, "a model whose columns, layers and weights training goes on from")
      ->type_name("MODEL")
      ->group(kNetwork);
  app.add_option("--network", network_path_, "a description whose layers and loss are taken instead")
      ->type_name("FILE.toml")
      ->group(kNetwork);
  app.add_option("--dtype", dtype_, "f32 or f64 (default: f32; f64 for lbfgs)")->check(one_of({"f32", "f64"}))->group(kNetwork);
}

void LearnOptions::add_optimizer_to(CLI::App& app) {
  app.add_option("--optimizer", optimizer_, "sgd, adam, adamw, rmsprop, adagrad, or lbfgs: all rows at once")
      ->capture_default_str()
      ->check(one_of({"sgd", "adam", "adamw", "rmsprop", "adagrad", "lbfgs"}))
      ->group(kLearning);
  app.add_option("--learning-rate", learning_rate_, "the step size (default: by the optimizer)")->group(kLearning);
  app.add_option("--momentum", momentum_, "of sgd and rmsprop")->group(kLearning);
  app.add_flag("--nesterov", nesterov_, "Nesterov's momentum, of sgd")->group(kLearning);
  app.add_option("--weight-decay", weight_decay_, "how much weights shrink (default of adamw: by the number of rows)")->group(kLearning);
  app.add_option("--clip-norm", clip_norm_, "the most that the gradients of a step may measure together")->group(kLearning);
  app.add_option("--clip-value", clip_value_, "the most that an entry of a gradient may be")->group(kLearning);
  app.add_flag("--decay-biases", decay_biases_, "weight decay for biases and norms too")->group(kLearning);
  app.add_option("--label-smoothing", options_.label_smoothing, "the share of each class's target that is spread over all classes")
      ->group(kLearning);
  app.add_option("--schedule", schedule_, "how the learning rate goes on: constant, step, cosine, one_cycle or plateau (default: by the data)")
      ->check(one_of({"constant", "step", "cosine", "one_cycle", "plateau"}))
      ->group(kLearning);
  app.add_option("--warmup", warmup_, "epochs in which the learning rate rises at the start")->group(kLearning);
  app.add_option("--batch-size", batch_size_, "rows of a step (default: by the number of rows)")->group(kLearning);
  app.add_option("--epochs", epochs_, "passes over the rows, at most (default: by the data)")
      ->group(kLearning);
}

void LearnOptions::add_hold_out_to(CLI::App& app) {
  app.add_option("--validation", validation_, "the share of rows held out, 0 for none, or a file")
      ->capture_default_str()
      ->group(kLearning);
  app.add_option("--validation-labels", validation_labels_, "what --labels is, for an NPY or IDX file of --validation")
      ->type_name("FILE")
      ->group(kLearning);
  app.add_option("--split-by", options_.split_by, "rows with equal cells in this column are held out together; it is no input")
      ->type_name("COL")
      ->group(kLearning);
  app.add_option("--split-time", options_.split_time, "the latest rows by this column, of dates or numbers, are held out; it is no input")
      ->type_name("COL")
      ->group(kLearning);
  app.add_flag("--learn-split-time", options_.learn_split_time, "learn from the column of --split-time too")->group(kLearning);
  app.add_option("--patience", options_.patience,
                 "epochs without a better validation loss before it stops; 0: never stop early")
      ->capture_default_str()
      ->group(kLearning);
  app.add_option("--stop-on", options_.stop_on, "what an epoch is better by: loss, or a metric such as accuracy, auc or rmse")
      ->capture_default_str()
      ->group(kLearning);
  app.add_flag("--no-refit", no_refit_, "do not learn again from all rows after stopping early")->group(kLearning);
  app.add_option("--class-weight", class_weight_, "balanced: each class counts the same in the loss")
      ->check(one_of({"balanced"}))
      ->group(kLearning);
}

}  // namespace longhand::cli
