// The table that tests of all rooms run over: for each operation of the graph, and each function
// composed of them, small cases with their operands and operands it must refuse. Needs no test
// framework, so that a benchmark can use it too.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ir/evaluate.h"
#include "longhand/ir.h"

namespace longhand::testing {

/// An operand, and how it stands in the graph.
struct SampleOperand {
  Tensor value;  ///< float64, or int32 for an index
  Kind kind = Kind::real;
  bool batch = false;  ///< its first extent is the number of rows
  Op leaf = Op::input;
};

using Build = std::function<Var(const std::vector<Var>&)>;

struct OpSample {
  std::string operation;  ///< the name of an Op, or of a function composed of several: "gelu"
  std::string variant;    ///< what sets it apart: "axis 1", or nothing
  std::vector<SampleOperand> operands;
  Build build;
  /// Its values, computed by other means; empty where tests/goldens/ops.json has the operation.
  std::vector<double> expected = {};
  /// Whether differences tell the slope: no entry at a kink, none huge.
  bool differences = true;
};

/// "sum(3x4) axis 1", for messages.
std::string describe(const OpSample& sample);

/// Every operation and every composite, each several times.
const std::vector<OpSample>& op_samples();

/// Operands that `operation` refuses with a ShapeError naming it and their shapes.
struct BadSample {
  std::string operation;
  std::vector<Type> operands;
  Build build;
};

const std::vector<BadSample>& bad_samples();

/// A sample in a graph of its own; operand i is named "xi".
struct BuiltSample {
  std::unique_ptr<Graph> graph;
  std::vector<Var> operands;
  Var value;
};

/// Whether the number of rows is known when a graph is built.
enum class Rows { symbolic, known };

BuiltSample build(const OpSample& sample, Rows rows = Rows::symbolic);

/// What evaluate and a Program take: the sample's operands by name.
template <class T>
Inputs<T> inputs_of(const OpSample& sample);

/// Entries of any kind as numbers.
template <class T>
std::vector<double> to_doubles(const Array<T>& array);

/// The sample's value by ir/evaluate.h, the oracle.
template <class T>
Array<T> evaluate_sample(const OpSample& sample, Rows rows = Rows::symbolic);

/// Different pseudo-random numbers between low and high, fixed by `salt`, as float64.
Tensor filled(Shape shape, std::uint64_t salt, double low = -2, double high = 2);

}  // namespace longhand::testing
