// model: a network with what it needs to be used: its description, parameters, columns, classes; its
// file; and the graph of one training step, which learning, explaining and checking all read.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "longhand/data.h"
#include "longhand/exec.h"
#include "longhand/nn.h"
#include "longhand/optim.h"

namespace longhand {

/// A learnt row of numbers for each category of an input, which is the number of the row, from 0.
struct EmbeddingTable {
  std::string name;              ///< the column's, made into a name that a module may have
  std::int64_t input = 0;        ///< which of the network's inputs, from 0; from 1 in a description
  std::int64_t rows = 0;
  std::int64_t size = 0;         ///< entries of a row
  std::optional<Tensor> weight;  ///< [rows, size], drawn from the seed where not given
};

/// A layer of a network description: the keys of `[[layer]]`.
struct LayerSpec {
  std::string type;              ///< "linear", "embedding", "batch_norm", "layer_norm", "residual", "dropout", or an activation
  std::string name;              ///< given to a layer that has none: "fc1", "relu1"
  std::int64_t out = 0;          ///< linear: units
  double parameter = 0;          ///< leaky_relu: negative_slope; elu: alpha; dropout: p; norms: eps
  double momentum = 0.1;         ///< batch_norm
  std::string from;              ///< residual: the layer whose output is added
  std::optional<Tensor> weight;  ///< linear: [out, in] in f64, drawn from the seed where not given; norms: [units]
  std::optional<Tensor> bias;    ///< linear: [out]; norms: [units]
  std::vector<EmbeddingTable> tables;  ///< embedding, the first layer: by rising inputs

  bool is_norm() const { return type == "batch_norm" || type == "layer_norm"; }
};

struct LossSpec {
  std::string type;  ///< "bce", "bce_with_logits", "cross_entropy", "mse", "mae", "huber", "poisson"
  double delta = 1;  ///< huber
  /// cross_entropy and bce, while training: y <- (1 - s) y + s / classes (Szegedy et al. 2016).
  double label_smoothing = 0;
};

/// What a loss takes as its target: a class number a row, or for each output a number.
enum class TargetKind : std::uint8_t {
  class_number,  ///< from 0, below the outputs: cross_entropy
  probability,   ///< from 0 to 1: bce, bce_with_logits
  rate,          ///< from 0: poisson
  number,        ///< any
};
TargetKind target_kind(const LossSpec& loss);

struct OptimizerSpec {
  std::string type = "sgd";  ///< "sgd", "adam", "adamw", "rmsprop", "adagrad", "lbfgs" (whose rule is a step along the gradient)
  optim::StepRule rule = optim::Sgd{};
  double learning_rate = 0.1;
  std::optional<double> clip_norm;  ///< the most that all gradients together may measure
  std::optional<double> clip_value;  ///< the most that an entry of a gradient may be
  bool decay_biases = true;  ///< weight decay is for biases and norms too, as in PyTorch
};

/// How the learning rate goes on while training: the keys of [schedule].
struct ScheduleSpec {
  std::string type = "constant";  ///< "constant", "step", "cosine", "one_cycle", "plateau"
  double warmup = 0;          ///< epochs in which it rises; not for one_cycle
  double factor = 0.1;        ///< step, plateau: what it is multiplied by
  std::int64_t every = 30;    ///< step: epochs from one fall to the next
  std::int64_t patience = 10;  ///< plateau: epochs without a lower validation loss that are let pass
};

/// Rows to work out: input [rows, inputs], target [rows, outputs], or [rows, 1] class numbers for
/// cross_entropy. In f64.
struct SampleSpec {
  Tensor input;
  Tensor target;
  bool is_batch = false;  ///< written as a list of rows
};

/// A network description, the TOML file of the user: layers, loss, optimiser, sample.
struct NetworkSpec {
  std::int64_t inputs = 0;  ///< 0: not said
  std::int64_t members = 1;  ///< networks of these layers that learn beside each other; the prediction is their mean
  std::vector<LayerSpec> layers;
  LossSpec loss;
  OptimizerSpec optimizer;
  ScheduleSpec schedule;
  std::optional<SampleSpec> sample;

  /// Units after the last layer.
  std::int64_t outputs() const;
  /// The tables of an embedding layer; empty where there is none.
  const std::vector<EmbeddingTable>& tables() const;
  /// Entries of all parameters; running statistics are none.
  std::int64_t parameters() const;
  bool has(std::string_view layer_type) const;
};

/// Reads a description. Throws ModelError naming the file, and the line or the layer and key.
NetworkSpec read_network(const std::string& toml_path);
/// The same from the JSON that has the TOML's keys; `name` stands in errors.
NetworkSpec parse_network(const std::string& json, const std::string& name);
/// JSON with the TOML's keys, without weights and sample.
std::string network_json(const NetworkSpec& network);
/// Checks that layers, loss and sample fit together, and gives names to layers without. Throws
/// ModelError that starts with `name`.
void validate(NetworkSpec& network, const std::string& name);
/// The optimiser of a name with PyTorch's defaults, or nothing.
std::optional<OptimizerSpec> find_optimizer(std::string_view type);

/// The layers as modules. The parameters of an ensemble's members are named as in a PyTorch ModuleList
/// `members`: "members.0.fc1.weight".
class Network : public nn::Module {
 public:
  /// The seed is for dropout.
  explicit Network(const NetworkSpec& network, std::uint64_t seed = 0);
  /// What the members give, beside each other: [B, members outputs].
  Var forward(Var x) const override;
  const std::vector<std::unique_ptr<nn::Sequential>>& members() const { return members_; }

 private:
  std::unique_ptr<nn::Sequential> list_;  // that the members are children of, where there are several
  std::vector<std::unique_ptr<nn::Sequential>> members_;
};
std::unique_ptr<Network> make_network(const NetworkSpec& network, std::uint64_t seed = 0);

enum class Task : std::uint8_t { binary, multiclass, regression };
std::string_view name(Task task);

/// How a number becomes a feature. With u = (value - mean) / scale:
enum class NumberScaling : std::uint8_t {
  standard,         ///< u, for mean and standard deviation
  robust,           ///< u / sqrt(1 + (u / 3)^2), for median and distance of the quartiles (Holzmüller et al. 2024)
  quantile_normal,  ///< linear between knots, to the quantiles of a normal distribution
  quantile_uniform  ///< linear between knots, to their share of the rows, from -1 to 1
};
std::string_view name(NumberScaling scaling);

/// A column of a table, and how the network reads it. A raw cell is a number: for a date its days
/// since 1970, for a category (or boolean) its place among `categories`, or their number where it is
/// none of them; NaN where the cell is missing. Its features, in this order:
///   number    the scaled number, then for each pair of neighbouring `edges` how far it is from the one to
///             the other, from 0 to 1 (piecewise linear encoding, Gorishniy et al. 2022)
///   date      the scaled days, then sin and cos of 2 pi days / period for each period
///   category  of two: 1 for the second, -1 for the first, 0 for any other; else one-hot; or with an
///             `embedding` its row of the column's table: its place, then one for any other, then one for missing
/// and, but for an embedding, where `has_missing`, whether the cell is missing, 1 or 0, in the same column.
struct InputColumn {
  std::string name;
  double mean = 0;
  double scale = 1;
  ColumnKind kind = ColumnKind::number;  ///< number, boolean, category or date
  double fill = 0;           ///< stands for a missing number or date: the median
  double least = 0, greatest = 0;  ///< of the learned numbers or dates; not known where they are equal
  bool has_missing = false;  ///< the learned rows had missing cells
  NumberScaling scaling = NumberScaling::standard;
  std::vector<double> knots, levels;       ///< quantile scalings: level i at knot i, both ascending
  std::vector<double> edges;               ///< ascending; empty or two at least
  std::vector<std::string> categories;     ///< as Classes orders them
  std::int64_t embedding = 0;              ///< entries of a category's learnt row; 0: none
  DateOrder order = DateOrder::year_month_day;
  std::vector<double> periods;             ///< in days

  bool is_category() const { return kind == ColumnKind::category || kind == ColumnKind::boolean; }
  /// How many features the column becomes.
  std::int64_t features() const;
};

/// The tables that columns with an embedding are to have, in order.
std::vector<EmbeddingTable> embedding_tables(const std::vector<InputColumn>& columns);

/// What the network was made to tell.
struct TargetColumn {
  std::string name;
  Task task = Task::regression;
  std::vector<std::string> classes;  ///< binary: [0] is y = 0, [1] is y = 1
  double mean = 0;                   ///< regression: the network learns (value - mean) / scale
  double scale = 1;

  /// The value for what the network learns of it. In double, whatever the network is: a mean may have more digits
  /// than single precision.
  double in_units(double y) const { return y * scale + mean; }
};

/// Cells of a column of which the rows that a model learned from had none like it.
struct CellNote {
  enum class Kind : std::uint8_t {
    unknown,  ///< a category that is none of the model's
    missing,
    far,      ///< a number or date that is further outside the learned ones than these are from each other
  };
  std::string column;
  Kind kind = Kind::unknown;
  std::int64_t cells = 0;
  std::string first;        ///< where the first of them is: "new.csv: row 17 (line 18)"
  std::string example;      ///< its text
  std::string learned;      ///< far: "-3.5 to 99.5"
};

/// Made-up rows with the predictions that they gave when the model was saved.
struct SelfTest {
  Tensor inputs;   ///< raw columns, f64 [rows, columns]
  Tensor outputs;  ///< f64 [rows, outputs]
};

/// A network and all that is needed to use it. A description (.toml) becomes one without columns.
struct Model {
  NetworkSpec network;
  /// The parameters under PyTorch's state_dict names, in `dtype`; in a checkpoint also the optimiser's
  /// memory, "optimizer.m.fc1.weight".
  State state;
  std::int64_t steps = 0;  ///< after which that memory is
  DType dtype = DType::f32;
  std::vector<InputColumn> inputs;  ///< empty: the network is given its inputs as they are
  std::vector<std::string> missing_words = usual_missing_words();  ///< of cells without a value
  std::optional<TargetColumn> target;
  std::vector<std::pair<std::string, std::string>> training;  ///< how it was trained: key, JSON value
  std::optional<SelfTest> self_test;

  /// Draws what the description leaves open from the seed.
  static Model from_network(NetworkSpec network, std::uint64_t seed, DType dtype);
};

/// One network of an ensemble, counted from 0, as a model of its own; the model where it has only one.
/// Throws ArgumentError where there is no such member.
Model member_of(const Model& model, std::int64_t member);

/// Reads `.toml` or `.safetensors`, and runs a model's self-test. Throws ModelError naming the file
/// and the tensor or key.
Model load_model(const std::string& path, std::uint64_t seed = 0);
/// Writes a `.safetensors` file, whole or not at all; the self-test rows are predicted first. Throws
/// IoError.
void save_model(Model& model, const std::string& path);
/// The bytes of that file.
std::string serialize_model(Model& model);

/// Training that can go on. `load_model` reads its file as the model as far as it had come.
struct Checkpoint {
  std::string name;      ///< of the file it was read from, for errors; empty where there is none
  Model model;           ///< with the optimiser's memory
  State best;            ///< the parameters that were best so far
  std::string training;  ///< where training is and what it was asked for: JSON, of the room train
};

/// Throws ModelError naming the file and the tensor or key.
Checkpoint load_checkpoint(const std::string& path);
/// Whole or not at all. Throws IoError.
void save_checkpoint(const Checkpoint& checkpoint, const std::string& path);

/// What a graph of a model is to contain.
struct StepOptions {
  /// The reading of training: losses of logits in one stable operation. Else the long way, as it is
  /// explained: the head (sigmoid, softmax), then the loss of y_hat.
  bool stable = true;
  bool row_weights = false;     ///< an input "weight" [B]: L = sum(w l) / sum(w)
  bool raw = false;             ///< begins at the raw columns, "raw" [B, columns]
  bool input_gradient = false;  ///< the gradient by x
  bool loss_after = false;      ///< the loss with the new parameters
  bool gradients_only = false;  ///< no update: outputs "gradient NAME" of each parameter in its place
  std::uint64_t seed = 0;       ///< what dropout draws from
};

/// One step of training as a graph, its nodes labelled by layer and role (`z`, `a`, `y_hat`, `L`, ...)
/// for those who explain it: inputs "x" [B, inputs] (or "raw"), "y" ([B, outputs], or class
/// numbers [B]), scalars "learning_rate" and "step" (steps done before); output "L".
/// Node ids are kNoNode where the options leave the node out.
/// Where there is an embedding, "x" is what it is given, and the node x what it gives.
struct StepGraph {
  struct Parameter {
    std::string name;
    NodeId value = kNoNode, gradient = kNoNode, new_value = kNoNode;
    std::vector<std::pair<std::string, NodeId>> quantities;  ///< the optimiser's, by role
  };
  Graph graph{Mode::train};
  std::vector<Parameter> parameters;
  NodeId x = kNoNode, y = kNoNode;
  NodeId loss = kNoNode, loss_after = kNoNode;
  NodeId x_gradient = kNoNode;
  NodeId learning_rate = kNoNode, step = kNoNode;
};

StepGraph build_step(const Model& model, const StepOptions& options = {});

/// The loss alone, of the network as it predicts: inputs "x" (or "raw"), "y" and "weight" as above,
/// output "L".
Graph build_loss(const Model& model, const StepOptions& options = {});

/// raw [B, columns] -> x [B, inputs]: output "x". Identity without columns.
Graph build_preprocessing(const Model& model);
/// The same as numbers, in f64.
Tensor preprocess(const Model& model, const Tensor& raw);
/// What each entry of x is: "age", "age is missing", "sex = male". Empty without columns.
std::vector<std::string> feature_names(const Model& model);

/// The cells of a table as the model's raw columns, f64 [rows, columns]. A missing cell of a column
/// that had none becomes its median, or for a category one that the model does not know. Throws
/// DataError naming a column that is missing and a cell that is no number or date.
Tensor raw_rows(const Model& model, const Table& table, std::vector<CellNote>* notes = nullptr);
/// The same for one row of cells as they are written. Throws ArgumentError where their number is not
/// that of the columns.
Tensor raw_row(const Model& model, const std::vector<std::string>& cells, std::vector<CellNote>* notes = nullptr);
/// A raw cell as a person would write it: "22", "male", "2015-01-02", "missing".
std::string cell_text(const InputColumn& column, double raw);
/// x -> what the network says, as it is computed in its precision: input "x", output "y_hat". Probabilities, or
/// values that TargetColumn::in_units is the prediction of.
Graph build_output(const Model& model);
/// x -> probabilities or values in the target's units: input "x", output "prediction". What each member of an
/// ensemble gives has the label "member", their mean "y_hat_mean".
Graph build_prediction(const Model& model);

/// Makes predictions of raw rows, which the threads share among them. Each instance is for one caller at a time.
class Predictor {
 public:
  /// Throws ModelError where the state does not fit the network.
  explicit Predictor(const Model& model, std::int64_t max_rows = 256, int threads = 1);
  ~Predictor();
  Predictor(Predictor&&) noexcept;
  /// raw f64 [rows, columns], as raw_rows gives them -> f64 [rows, outputs]: the probability of class 1 for binary, of each
  /// class for multiclass, the value for regression.
  Tensor predict(const Tensor& raw);

 private:
  struct Lane;
  void add_lanes(int count);
  int threads_for(std::int64_t rows) const;

  std::optional<TargetColumn> target_;  // of a regression
  Program preprocessing_, network_;
  State state_;
  std::shared_ptr<ThreadPool> pool_;
  std::vector<std::unique_ptr<Lane>> lanes_;  // by thread
};

}  // namespace longhand
