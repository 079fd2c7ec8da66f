// Every kernel but products, in every shape up to 17 and a few odd large ones, beside the
// reference.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "backends/each_target.h"
#include "longhand/exec.h"
#include "support/expect_close.h"
#include "support/op_samples.h"

namespace longhand::testing {
namespace {

constexpr auto kRows = Shape::kBatch;

/// Of x and y [rows, columns], v [columns], u [rows, 1] and an index of each row below 3.
struct Operands {
  Var x, y, v, u, index;
  std::int64_t columns;
};

struct Kernel {
  const char* name;
  bool is_exact;  ///< of small integers, whatever the order of its sums
  std::int64_t least_columns;
  Var (*build)(const Operands&);
};

const Kernel kKernels[] = {
    {"sum of rows", true, 0, [](const Operands& o) { return sum(o.x, {1}); }},
    {"sum of columns", true, 0, [](const Operands& o) { return sum(o.x, {0}); }},
    {"sum", true, 0, [](const Operands& o) { return sum(o.x); }},
    {"largest of rows", true, 1, [](const Operands& o) { return reduce_max(o.x, {1}); }},
    {"place of the largest", true, 1, [](const Operands& o) { return to_real(argmax(o.x)); }},
    {"transpose", true, 0, [](const Operands& o) { return transpose(o.x); }},
    {"slice", true, 1, [](const Operands& o) { return slice(o.x, 1, 1, o.columns); }},
    {"pad", true, 0, [](const Operands& o) { return pad(o.x, 1, 2, 3); }},
    {"concatenate", true, 0,
     [](const Operands& o) {
       return concatenate({o.x, o.u, o.y});
     }},
    {"gather", true, 0,
     [](const Operands& o) {
       return gather(reshape(concatenate({o.v, o.v, o.v}), {3, o.columns}), o.index);
     }},
    {"scatter_add", true, 0, [](const Operands& o) { return scatter_add(o.index, o.x, 3); }},
    {"one_hot", true, 0, [](const Operands& o) { return one_hot(o.index, 3); }},
    {"broadcast arithmetic", true, 0,
     [](const Operands& o) { return (o.x + o.v) * o.u - o.y * o.x; }},
    {"comparison", true, 0,
     [](const Operands& o) { return where(less(o.x, o.y), maximum(o.x, o.v), minimum(o.y, o.u)); }},
    {"relu", true, 0, [](const Operands& o) { return relu(o.x) + abs(o.y); }},
    {"exponentials", false, 0,
     [](const Operands& o) {
       return exp(o.x) + log(abs(o.y)) * tanh(o.x) - sigmoid(o.y) + expm1(o.x);
     }},
    {"further functions", false, 0,
     [](const Operands& o) {
       return erf(o.x) * sin(o.y) + cos(o.x) / (1.0 + log1p(abs(o.y))) + sqrt(abs(o.x));
     }},
    {"softmax", false, 1, [](const Operands& o) { return softmax(o.x); }},
    {"log_softmax", false, 1, [](const Operands& o) { return log_softmax(o.x); }},
    {"softmax_cross_entropy", false, 1,
     [](const Operands& o) { return softmax_cross_entropy(o.x, abs(o.y)); }},
    {"sigmoid_cross_entropy", false, 0,
     [](const Operands& o) { return sigmoid_cross_entropy(o.x, abs(o.y)); }},
};

Tensor numbers(const Shape& shape, std::uint64_t salt, bool are_integers, DType dtype) {
  auto values = filled(shape, salt, -4, 4);
  for (std::int64_t i = 0; are_integers && i < values.count(); ++i)
    values.set(i, std::round(values.at(i)));
  return values.cast(dtype);
}

std::vector<double> run(const Kernel& kernel, std::int64_t rows, std::int64_t columns, DType dtype,
                        const std::string& backend) {
  Graph graph;
  const Operands operands{graph.input("x", {kRows, columns}),
                          graph.input("y", {kRows, columns}),
                          graph.input("v", {columns}),
                          graph.input("u", {kRows, 1}),
                          graph.input("index", {kRows}, Kind::index),
                          columns};
  graph.output("out", kernel.build(operands));
  const Program program(
      graph, {.dtype = dtype, .max_rows = std::max<std::int64_t>(rows, 1), .backend = backend});
  State state;
  Runner runner(program, state);
  for (const auto& input : program.inputs()) {
    Shape shape{rows, columns};
    if (input.name == "v") shape = {columns};
    if (input.name == "u") shape = {rows, 1};
    if (input.name != "index") {
      runner.bind(input.name, numbers(shape, static_cast<std::uint64_t>(input.name[0]),
                                      kernel.is_exact, dtype));
      continue;
    }
    Tensor index({rows}, DType::i32);
    for (std::int64_t i = 0; i < rows; ++i) index.set(i, static_cast<double>(i * 5 % 3));
    runner.bind("index", index);
  }
  runner.run(rows);
  return runner.output("out").to_doubles();
}

void check(const Kernel& kernel, std::int64_t rows, std::int64_t columns) {
  if (columns < kernel.least_columns) return;
  for (const auto dtype : {DType::f32, DType::f64}) {
    SCOPED_TRACE(std::string(kernel.name) + ", " + std::to_string(rows) + "x" +
                 std::to_string(columns) + (dtype == DType::f32 ? " float" : " double"));
    const auto expected = run(kernel, rows, columns, dtype, "reference");
    const double epsilon = dtype == DType::f32 ? std::numeric_limits<float>::epsilon()
                                               : std::numeric_limits<double>::epsilon();
    const double allowed = kernel.is_exact ? 0 : epsilon * (64 + static_cast<double>(columns));
    each_target([&] {
      EXPECT_TRUE(close(run(kernel, rows, columns, dtype, "cpu"), expected, {allowed, allowed}));
    });
  }
}

TEST(Shapes, EveryKernelUpTo17) {
  for (const auto& kernel : kKernels) {
    for (std::int64_t rows = 0; rows <= 17; ++rows) {
      for (std::int64_t columns = 0; columns <= 17; ++columns) check(kernel, rows, columns);
    }
  }
}

TEST(Shapes, EveryKernelInOddLargeShapes) {
  constexpr std::int64_t kShapes[][2] = {{1, 1031}, {1031, 1}, {129, 257}, {67, 1025}, {4099, 3}};
  for (const auto& kernel : kKernels) {
    for (const auto& [rows, columns] : kShapes) check(kernel, rows, columns);
  }
}

}  // namespace
}  // namespace longhand::testing
