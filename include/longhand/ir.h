// ir: the graph. A network, its loss, its gradient and its update are one graph of a few operations,
// and everything else reads it. A `Var` is mathematics, a `Tensor` is numbers.
//
// A graph does not say in which precision it is computed: whoever evaluates or compiles it does.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "longhand/base.h"

namespace longhand {

/// The operations. src/ir/op_table.cpp has a row for each; everything else is composed of them.
enum class Op : std::uint8_t {
  // Leaves.
  input,     ///< given at each run
  state,     ///< a named entry of a State: a parameter, a buffer, an optimiser's memory
  constant,  ///< known when the graph is built
  // One operand, entry by entry.
  negate, exp, log, log1p, expm1, sqrt, abs, erf, sin, cos, relu, sigmoid, tanh,
  // Two operands, entry by entry, broadcast as NumPy does.
  add, subtract, multiply, divide, power, minimum, maximum,
  sigmoid_cross_entropy,  ///< max(z, 0) - z y + log(1 + e^-|z|)
  // Comparisons: boolean results.
  equal, not_equal, less, less_equal, greater, greater_equal,
  where,          ///< where(condition, a, b)
  to_real,        ///< an index or a boolean as a number
  to_index,       ///< a number as an index
  stop_gradient,  ///< x, taken as a constant by the differentiator
  // Products.
  linear,  ///< x W^T + b for x [B, in], W [out, in], b [out]
  matmul,  ///< a b, either transposed first
  // Reductions over axes.
  sum, reduce_max, argmax,
  extent,                 ///< how many entries a reduction over the axes takes together
  softmax_cross_entropy,  ///< -sum(y log softmax(z)) over the last axis
  // Shape and place.
  reshape, broadcast, transpose, slice, pad, concatenate, gather, scatter_add, one_hot,
  // Philox counters.
  random_uniform, random_normal,
};

/// What the entries are. A boolean is stored as 0 or 1 in the precision of the run, so that a mask
/// has the lanes of what it selects; an index is a 32-bit integer.
enum class Kind : std::uint8_t { real, index, boolean };

struct Type {
  Kind kind = Kind::real;
  Shape shape;
  friend bool operator==(const Type&, const Type&) = default;
};

/// What an operation needs beside its operands; each uses only the fields it names.
struct Attributes {
  std::string name;                ///< input, state
  std::vector<std::int64_t> axes;  ///< reductions; transpose: the permutation; softmax_cross_entropy: none
  Shape shape;                     ///< input, state, reshape, broadcast
  bool keep_dims = false;          ///< sum, reduce_max, argmax
  bool transpose_left = false;     ///< matmul
  bool transpose_right = false;    ///< matmul
  std::int64_t axis = 0;           ///< slice, pad, concatenate
  std::int64_t start = 0;          ///< slice: first; pad: zeros before
  std::int64_t stop = 0;           ///< slice: one past the last; pad: zeros after
  std::int64_t count = 0;  ///< one_hot: classes; scatter_add: rows of the table; random: columns
  std::uint64_t seed = 0;          ///< random
  std::uint64_t stream = 0;        ///< random: which layer draws
  Kind kind = Kind::real;          ///< input, constant
  Tensor value;                    ///< constant: float64, or int32 for an index
};

using NodeId = std::int32_t;
inline constexpr NodeId kNoNode = -1;

/// Why a node is there, for those who explain. `layer` and `role` come from nn ("fc1", "z"), the
/// loss ("L") and optim ("W_new"); the rest from the differentiator.
struct Label {
  std::string layer;
  std::string role;
  NodeId adjoint_of = kNoNode;      ///< this node is d(loss)/d(adjoint_of)
  NodeId derivative_of = kNoNode;   ///< this node is d(derivative_of)/d(with_respect_to), entry by entry
  NodeId with_respect_to = kNoNode;
  bool empty() const {
    return layer.empty() && role.empty() && adjoint_of == kNoNode && derivative_of == kNoNode;
  }
};

struct Node {
  Op op;
  std::vector<NodeId> inputs;
  Attributes attributes;
  Type type;
  std::int32_t composite = -1;  ///< the innermost composite whose body this node is part of
  Label label;
};

/// A function built from operations that keeps its name, so that it can be written `GELU(z)`, found
/// by a pass, and differentiated as one step. Its body is the nodes that carry its number.
struct Composite {
  std::string name;
  std::vector<NodeId> inputs;
  NodeId output = kNoNode;
  std::vector<std::pair<std::string, double>> parameters;
  bool elementwise = false;  ///< each entry of the output depends on one entry of each input
  std::int32_t parent = -1;
};

class Graph;

/// A value in a graph that is being built. Cheap to copy; valid while its graph lives and stays
/// where it is: take `graph.var(id)` anew after a graph was moved.
struct Var {
  Graph* graph = nullptr;
  NodeId id = kNoNode;

  const Node& node() const;
  const Shape& shape() const;
  Kind kind() const;
  /// The same value, labelled. Returns *this.
  Var labelled(std::string layer, std::string role) const;
};

/// Named tensors that a graph reads and writes between runs: parameters (`fc1.weight`), buffers and
/// the optimiser's memory. Ordered by insertion. Not safe for concurrent writes.
class State {
 public:
  /// Adds or replaces.
  void set(const std::string& name, Tensor value);
  bool contains(const std::string& name) const { return index_.contains(name); }
  /// Throws ModelError naming the tensor where there is none.
  const Tensor& get(const std::string& name) const;
  Tensor& get(const std::string& name);
  const std::vector<std::pair<std::string, Tensor>>& entries() const { return entries_; }
  std::size_t size() const { return entries_.size(); }
  /// A deep copy.
  State clone() const;
  /// Every tensor as Tensor::cast makes it.
  State cast(DType dtype) const;

 private:
  std::vector<std::pair<std::string, Tensor>> entries_;
  std::map<std::string, std::size_t> index_;
};

/// Whether what is built is to learn (dropout acts, statistics move) or to predict.
enum class Mode : std::uint8_t { predict, train };

/// Nodes in an order in which each follows its operands. Adding a node infers its type and throws
/// ShapeError, naming the operation and both shapes, where the operands do not fit.
class Graph {
 public:
  explicit Graph(Mode mode = Mode::predict) : mode_(mode) {}
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;
  Graph(Graph&&) = default;
  Graph& operator=(Graph&&) = default;

  Mode mode() const { return mode_; }

  Var input(std::string name, Shape shape, Kind kind = Kind::real);
  /// The node of the state entry `name`; the same node each time it is asked for.
  Var state(const std::string& name, Shape shape);
  Var constant(double value);
  Var constant(Tensor value, Kind kind = Kind::real);
  /// Records that a run ends with `value` written to the state entry. Throws ShapeError.
  void assign(Var state, Var value);
  /// Names a result of a run.
  void output(std::string name, Var value);

  Var add(Op op, std::vector<NodeId> inputs, Attributes attributes = {});

  /// Between these two, nodes belong to a composite.
  void begin_composite(std::string name, std::vector<Var> inputs,
                       std::vector<std::pair<std::string, double>> parameters, bool elementwise);
  Var end_composite(Var output);

  std::size_t size() const { return nodes_.size(); }
  const Node& node(NodeId id) const { return nodes_[static_cast<std::size_t>(id)]; }
  const std::deque<Node>& nodes() const { return nodes_; }
  Label& label(NodeId id) { return nodes_[static_cast<std::size_t>(id)].label; }
  const std::vector<Composite>& composites() const { return composites_; }
  const std::vector<std::pair<std::string, NodeId>>& outputs() const { return outputs_; }
  /// (state node, value node)
  const std::vector<std::pair<NodeId, NodeId>>& writes() const { return writes_; }
  /// kNoNode where there is none.
  NodeId find_input(const std::string& name) const;
  NodeId find_state(const std::string& name) const;
  NodeId find_output(const std::string& name) const;
  Var var(NodeId id) { return {this, id}; }

 private:
  friend class GraphCopier;

  void require_mine(Var var, const char* what) const;

  Mode mode_;
  std::deque<Node> nodes_;  // a deque: what refers to a node stays good while nodes are added
  std::vector<Composite> composites_;
  std::vector<std::pair<std::string, NodeId>> outputs_;
  std::vector<std::pair<NodeId, NodeId>> writes_;
  std::map<std::string, NodeId> states_;
  std::int32_t open_composite_ = -1;
};

/// One line a node: `%5: [B, 2] = linear(%2, %3, %4)  # fc1 z`.
std::string to_string(const Graph& graph);

/// Checks every invariant of a graph. Throws ShapeError or ArgumentError naming the node.
void verify(const Graph& graph);

// Entry by entry.
Var operator-(Var x);
Var operator+(Var a, Var b);
Var operator-(Var a, Var b);
Var operator*(Var a, Var b);
Var operator/(Var a, Var b);
Var operator+(Var a, double b);
Var operator+(double a, Var b);
Var operator-(Var a, double b);
Var operator-(double a, Var b);
Var operator*(Var a, double b);
Var operator*(double a, Var b);
Var operator/(Var a, double b);
Var operator/(double a, Var b);
Var exp(Var x);
Var log(Var x);
Var log1p(Var x);
Var expm1(Var x);
Var sqrt(Var x);
Var abs(Var x);
Var erf(Var x);
Var sin(Var x);
Var cos(Var x);
Var power(Var base, Var exponent);
Var minimum(Var a, Var b);
Var maximum(Var a, Var b);
Var equal(Var a, Var b);
Var not_equal(Var a, Var b);
Var less(Var a, Var b);
Var less_equal(Var a, Var b);
Var greater(Var a, Var b);
Var greater_equal(Var a, Var b);
Var where(Var condition, Var a, Var b);
Var to_real(Var x);
/// A number from 0 as an index, what is behind the point cut off; -1, which is no index of a table, for all
/// other numbers.
Var to_index(Var x);
Var stop_gradient(Var x);

// Activations, entry by entry. At a kink the slope is PyTorch's.
Var relu(Var x);                               ///< max(x, 0)
Var sigmoid(Var x);                            ///< 1 / (1 + e^-x)
Var tanh(Var x);
Var leaky_relu(Var x, double negative_slope = 0.01);  ///< x for x > 0, else negative_slope x
Var elu(Var x, double alpha = 1.0);            ///< x for x > 0, else alpha (e^x - 1)
Var gelu(Var x);                               ///< x (1 + erf(x / sqrt 2)) / 2
Var gelu_tanh(Var x);  ///< x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2 (Hendrycks, Gimpel 2016)
Var silu(Var x);                               ///< x sigmoid(x)
Var softplus(Var x);                           ///< log(1 + e^x)
Var hard_sigmoid(Var x);                       ///< min(max(x / 6 + 1 / 2, 0), 1)
Var hard_tanh(Var x);                          ///< min(max(x, -1), 1)

// Products.
/// x W^T + b: x [B, in], weight [out, in], bias [out] -> [B, out].
Var linear(Var x, Var weight, Var bias);
/// a b for matrices, either transposed first.
Var matmul(Var a, Var b, bool transpose_left = false, bool transpose_right = false);

// Reductions. No axes means all; a negative axis counts from the last.
Var sum(Var x, std::vector<std::int64_t> axes = {}, bool keep_dims = false);
Var mean(Var x, std::vector<std::int64_t> axes = {}, bool keep_dims = false);
Var reduce_max(Var x, std::vector<std::int64_t> axes = {}, bool keep_dims = false);
/// The index of the first largest entry along one axis.
Var argmax(Var x, std::int64_t axis = -1, bool keep_dims = false);
/// The number of entries that a reduction of x over the axes takes together.
Var extent(Var x, std::vector<std::int64_t> axes);
Var logsumexp(Var x, std::int64_t axis = -1, bool keep_dims = false);
Var softmax(Var x, std::int64_t axis = -1);
Var log_softmax(Var x, std::int64_t axis = -1);
/// max(z, 0) - z y + log(1 + e^-|z|): binary cross-entropy of sigmoid(z), finite for every finite z.
Var sigmoid_cross_entropy(Var z, Var y);
/// -sum_j y_j log softmax(z)_j over the last axis: [B, n], [B, n] -> [B], finite for every finite z.
Var softmax_cross_entropy(Var z, Var y);

// Shape and place.
Var reshape(Var x, Shape shape);
Var broadcast(Var x, Shape shape);
/// Sums x over the axes along which `shape` was broadcast to it.
Var sum_to(Var x, Shape shape);
Var transpose(Var x, std::vector<std::int64_t> permutation = {});
/// Entries start to stop - 1 along an axis.
Var slice(Var x, std::int64_t axis, std::int64_t start, std::int64_t stop);
/// Zeros before and after along an axis.
Var pad(Var x, std::int64_t axis, std::int64_t before, std::int64_t after);
Var concatenate(const std::vector<Var>& parts, std::int64_t axis = -1);
/// Row index[i] of table, for each i.
Var gather(Var table, Var index);
/// A table of `rows` rows of zeros to which row i of updates is added at index[i], in order of i.
Var scatter_add(Var index, Var updates, std::int64_t rows);
/// 1 at the index, 0 elsewhere: [B] -> [B, classes]. An index out of range gives a row of zeros.
Var one_hot(Var index, std::int64_t classes);

/// Uniform numbers in [0, 1), [rows, columns]: entry (i, j) is Philox4x32-10 (Salmon et al. 2011)
/// with the counter (j, row i's number, step, stream) under the key `seed`, so that it depends on
/// neither the batch nor the threads. `step` is an index scalar, `rows` an index vector.
Var random_uniform(Var step, Var rows, std::int64_t columns, std::uint64_t seed, std::uint64_t stream);
/// Standard normal numbers by Box and Muller from the same counters.
Var random_normal(Var step, Var rows, std::int64_t columns, std::uint64_t seed, std::uint64_t stream);

}  // namespace longhand
