// explain: a labelled graph -> a derivation, every step worked out in numbers; and its writers. Knows
// graphs and labels, not models or files.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "longhand/ir.h"

namespace longhand {

/// The largest relative error of a gradient that central differences confirm.
inline constexpr double kRightGradient = 1e-6;

/// A gradient held against central differences.
struct GradientCheck {
  std::int64_t entries = 0;    ///< how many were compared
  double relative_error = 0;   ///< the largest |a - n| / max(|a|, |n|, 1e-8)
  bool kink = false;           ///< entries at a kink were left out
  std::int64_t left_out = 0;   ///< how many were: at a kink, or so small that rounding hides them
};

struct Expression;  // src/explain/expression.h: what the printings below are printings of

/// How a quantity is worked out, in three printings of one expression.
struct WrittenFormula {
  std::string formula;      ///< in symbols, as text: "z₁ = W₁ x + b₁"
  std::string latex;        ///< the same for TeX
  std::string substituted;  ///< the right-hand side with the numbers in, rounded for display
  std::vector<std::string> uses;
  std::shared_ptr<const Expression> expression;  ///< the right-hand side; null where words stand for it
};

/// A shorter way to the same value: y_hat - y beside the chain through sigmoid and cross-entropy.
struct ShortForm : WrittenFormula {
  Tensor value;
  double difference = 0;  ///< the largest |short - long| of an entry
  std::string why;
};

/// What one term adds to a weighted sum.
struct Contribution {
  std::int64_t index = 0;  ///< from 1
  double weight = 0, input = 0, product = 0;
};

/// The terms of one entry of a linear layer's output, the largest first.
struct Contributions {
  std::string sum;              ///< "z2[7]"
  std::string weight, input;    ///< "W2", "a1": the term of index j is weight[7,j] input[j]
  std::vector<Contribution> largest;
  double bias = 0, rest = 0;    ///< `rest`: the sum of the terms not listed
  std::int64_t terms = 0;       ///< how many there are in all
  double value = 0;
};

/// One line of a worked example.
struct DerivationStep : WrittenFormula {
  std::string id;           ///< "z1", "dL/dW2", "L_new"
  std::string pass;         ///< "input", "forward", "loss", "backward", "update", "after"; then "ensemble" or "predicting"
  std::string layer;        ///< "fc1", or empty
  std::string title;
  std::string note;         ///< one sentence of why, or empty
  Tensor value;             ///< f64
  bool is_stable_value = false;  ///< the formula with the numbers in is not finite: `value` is that of the loss's stable form
  std::optional<GradientCheck> check;
  std::optional<ShortForm> short_form;
  std::optional<Tensor> shares;  ///< of a batch's gradient by a parameter: each row's part, [rows, ...]
  std::vector<Contributions> contributions;  ///< of a focus and of large outputs
};

/// A quantity that the steps begin from: an input, a target, a parameter, the learning rate.
struct Given {
  std::string id;
  std::string meaning;
  Tensor value;
};

/// One linear layer and what follows it, as it is drawn. Ids are those of steps or givens, empty where
/// there is none.
struct DrawnLayer {
  std::string name;                    ///< "fc1"
  std::vector<std::string> functions;  ///< what follows: "relu", "dropout"
  std::int64_t inputs = 0, units = 0;
  std::string weight, bias;             ///< "W1", "b1"
  std::string input, z, output;         ///< "x", "z1", "a1"
};

/// The loss before and after the step, and what the gradient foretold.
struct StepOutcome {
  double loss_before = 0, loss_after = 0;
  double foretold_change = 0;       ///< sum of gradient * (new - old); of plain SGD -learning_rate |g|^2
  double squared_gradient_norm = 0;
  bool is_plain_sgd = false;
};

/// A column of the table, and for the first row how its cell became entries of x.
struct TableColumn {
  std::string name;
  std::string cell = {};      ///< as it is written, "male"; empty: the number that raw has
  std::string rule = {};      ///< "(22 - 29.7) / 14.5"; empty: x's formula says it
  std::int64_t features = 1;  ///< how many entries of x
};

/// One training step worked out, in the order in which a person would work.
struct Derivation {
  std::vector<Given> givens;
  std::vector<DerivationStep> steps;
  std::vector<DrawnLayer> layers;
  StepOutcome outcome;
  std::vector<TableColumn> columns;  ///< of raw, where there is one
  bool is_batch = false;
  bool is_prediction = false;  ///< has no loss and what comes behind it
  bool is_exercise = false;  ///< figures are left out, for the reader to fill in
  std::string focus;  ///< "fc1[3]" where only that neuron's path is worked out, else empty
};

struct ExplainOptions {
  bool batch = false;     ///< the first axis of values is the row; else one sample, and it is left out
  int digits = 4;         ///< significant digits in `substituted`
  std::uint64_t seed = 0;  ///< which entries of large gradients are checked
  std::string focus;       ///< "fc1[3]" or "fc1[3,7]", from 1: only what that neuron or weight takes part in
  bool prediction_only = false;  ///< nothing is known of y: only the way from the input to the output
  std::vector<TableColumn> columns;  ///< what the cells of a row are, where they come from a table
  std::string input;                 ///< what x is, where it was cells of a table: "age 22, fare 7.25"
  std::string rate;                  ///< what is to be said of the learning rate: "of the step before"
  std::string step_number;           ///< and of t
  std::string target;                ///< what y is: "diagnosis: 0 is benign, 1 is malignant"
  bool check = true;       ///< hold gradients against central differences
};

/// Works out the graph of build_step(model, {.stable = false, .input_gradient = true,
/// .loss_after = true}) in double precision. `values` has every input and state entry by name, "x"
/// and "y" (an int32 index for class numbers) with their rows.
/// Throws ShapeError naming the value that is missing or does not fit.
Derivation explain(const Graph& graph, const std::map<std::string, Tensor>& values,
                   const ExplainOptions& options = {});

struct PredictionOptions {
  std::int64_t member = 1;  ///< that the derivation is of, from 1
  /// What is otherwise than in the step of training, for a sentence: "dropout off".
  std::string difference;
  int digits = 4;
};

/// Appends to the derivation what the model predicts, where that is not the y_hat of the step: of an ensemble
/// each member's output and their mean (the pass "ensemble": y_hat_1, y_hat_2, ..., y_hat_mean and, where the target is
/// scaled, prediction_mean); of one network, whose dropout or batch norm predicts otherwise, the pass "predicting":
/// y_hat_p and prediction_p. `prediction` is the graph of build_prediction, `values` has its "x" and states.
void add_prediction(Derivation& derivation, const Graph& prediction, const std::map<std::string, Tensor>& values,
                    const PredictionOptions& options);

struct WriteOptions {
  int digits = 4;      ///< significant digits
  int width = 80;      ///< columns of text
  bool ascii = false;  ///< text without Unicode
  std::string title;   ///< of the page: the network's name
  /// What has more is written as its extents and its largest entries, as what has more than 10 along an axis is.
  std::int64_t most_entries = 99;
};

/// Plain text, at most `width` columns, with Unicode mathematics unless `ascii`.
std::string write_text(const Derivation& derivation, const WriteOptions& options = {});
/// Markdown as GitHub shows it, with TeX between dollar signs. `drawing` names the file in which the
/// reader finds draw_svg's drawing; where it is empty, the network is drawn in text.
std::string write_markdown(const Derivation& derivation, const WriteOptions& options = {},
                           const std::string& drawing = "");
/// A document for LaTeX with amsmath.
std::string write_latex(const Derivation& derivation, const WriteOptions& options = {});
/// A page in one file, with MathML and SVG and without script.
std::string write_html(const Derivation& derivation, const WriteOptions& options = {});
/// The network with its values on nodes and edges, as a file of its own.
std::string draw_svg(const Derivation& derivation, const WriteOptions& options = {});
/// A JSON array of the steps: {"id", "pass", "layer", "title", "formula", "latex", "substituted",
/// "shape", "value", "uses", "check"}; numbers in full, what is not finite is null.
std::string write_json(const Derivation& derivation);

/// An exercise made of a derivation.
struct Exercise {
  Derivation sheet;                ///< without the working, and with blanks for figures left out
  Derivation answers;              ///< the same steps worked out
  std::vector<std::string> asked;  ///< the steps with figures left out
  std::int64_t left_out = 0;       ///< how many figures
};

/// Level 1: some steps of the forward pass are left out, drawn by the seed; level 2: all of the forward
/// pass, the loss, and the backward pass to the last layer's gradients, where it ends; level 3: all but
/// what is given. A step is left out whole. Throws ArgumentError where something has more entries along
/// an axis than a page shows one by one, 10.
Exercise make_exercise(const Derivation& derivation, int level, std::uint64_t seed);
/// A worksheet (see parse_worksheet) with a claim for each step asked for, to `digits` significant digits:
/// of the exercise's sheet one to fill in, "" for each blank; of its answers one that is filled in.
/// `network` is its path from the worksheet.
std::string write_claims(const Derivation& derivation, const std::vector<std::string>& asked,
                         const std::string& network, int digits = 4);

/// What a figure somebody wrote is worth, from the best to the worst.
enum class Verdict : std::uint8_t {
  unanswered,  ///< an entry that is not filled in; never of a whole claim
  correct,   ///< the true value is among the numbers that the figure stands for
  rounding,  ///< it follows from earlier figures that were right, and rounding made it drift
  follows,   ///< it was worked out rightly from an earlier figure that is wrong
  wrong,
};
std::string_view name(Verdict verdict);

/// A figure, or a list of figures, about one quantity.
struct Claim {
  std::string quantity;              ///< an id of explain, "dz2/dW2" (= a1) or "dz2/da1" (= W2); in a
                                     ///< worksheet also as people spell it, "∂L/∂W₂"
  Shape shape;                       ///< of the list as it was written
  std::vector<std::string> figures;  ///< each as it was written, row by row; empty where it is not filled in
  std::string where;                 ///< as the worksheet says it, or empty

  /// How many figures are not filled in.
  std::int64_t missing() const;
};

/// Figures that somebody worked out, in the order in which they were written.
struct Worksheet {
  std::string name;     ///< for errors: the file
  std::string network;  ///< the network's path, relative to the worksheet
  int digits = 0;       ///< significant digits that each figure is asked for, 0: any
  std::vector<Claim> claims;
};

/// Reads a worksheet, TOML. `name` stands in errors. Throws DataError that names the claim, and where
/// no figure is filled in.
Worksheet parse_worksheet(const std::string& toml, const std::string& name);

/// An entry whose digits leave open what it is not: it may be `number` too.
struct CoarseEntry {
  std::size_t entry = 0;  ///< row by row
  std::string before;     ///< the id whose value `number` is, where that is what it was before the step
  double number = 0;
  int digits = 1;         ///< significant digits that would tell the two apart
};

struct JudgedClaim {
  Claim claim;
  Verdict verdict = Verdict::wrong;  ///< the worst of its entries'
  std::vector<Verdict> entries;
  Tensor value;        ///< the figures as numbers, f64, as they were nested; NaN where one is not filled in
  Tensor true_value;   ///< f64, shaped as explain shows it; NaN there too: it is still to be worked out
  Tensor from_claims;  ///< what its formula gives with the earlier figures, as they were written; likewise
  std::string formula;               ///< in symbols, as text; empty for what is given
  std::shared_ptr<const Expression> expression;  ///< its right-hand side; null where words stand for it
  std::map<std::string, Tensor> operands;        ///< by id, what `worked_out` was worked out from
  std::vector<std::string> rounded;  ///< those operands that have to be rounded for the figures to come out
  Tensor worked_out;                 ///< from_claims, or where operands are rounded what comes of them
  std::vector<std::size_t> sources;  ///< the claims among these, or nearest behind them
  std::vector<std::size_t> slips;    ///< the wrong claims that it follows from, each by itself
  std::vector<CoarseEntry> coarse;          ///< of entries that are not wrong, where no digits are asked for
  std::vector<std::size_t> short_entries;   ///< likewise, with fewer digits than are asked for
};

struct Grading {
  std::vector<JudgedClaim> claims;  ///< those of which something is filled in
  std::vector<Claim> unanswered;    ///< those of which something is not
  bool is_batch = false;            ///< of the network's sample
  int digits = 0;                   ///< significant digits asked for, 0: any

  std::int64_t count(Verdict verdict) const;
  /// Claims with an entry that is too coarse, or has fewer digits than are asked for.
  std::int64_t coarse() const;
  std::int64_t too_short() const;
  /// The numbers of the later claims that follow from the wrong claim `slip`.
  std::vector<std::size_t> spoiled_by(std::size_t slip) const;
};

/// Judges each claim, entry by entry, by the true values and by the figures before it. Graph and
/// `values` are as for explain(). Throws DataError naming the worksheet and the claim for a quantity
/// that there is not, and for a shape that does not fit.
Grading grade(const Graph& graph, const std::map<std::string, Tensor>& values, const Worksheet& worksheet,
              bool batch = false);

/// For the one who wrote the figures: each with its verdict, what is true, what it should have been
/// by the figures before it, where the slip began and what it spoiled. At most `width` columns.
std::string write_text(const Grading& grading, const Worksheet& worksheet, int width = 80);
std::string write_markdown(const Grading& grading, const Worksheet& worksheet);
/// One file without script.
std::string write_html(const Grading& grading, const Worksheet& worksheet);
/// A JSON array of the claims: {"quantity", "value", "verdict", "true_value", "from_claims", "where",
/// "remark"}, the last about digits, or null.
std::string write_json(const Grading& grading);

}  // namespace longhand
