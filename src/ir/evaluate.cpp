#include "ir/evaluate.h"

#include "ir/interval.h"
#include "ir/op_table.h"

namespace longhand {
namespace {

template <class T>
const void* data_of(const Array<T>& array, Kind kind) {
  if (kind == Kind::index) return array.index.data();
  return array.real.data();
}

template <class T>
void require_entries(const std::string& what, const Array<T>& array, Kind kind) {
  const auto entries = kind == Kind::index ? array.index.size() : array.real.size();
  if (entries != static_cast<std::size_t>(array.shape.count())) {
    throw ShapeError(what + " has " + std::to_string(entries) +
                     (kind == Kind::index ? " index" : " real") + " entries for the shape " +
                     to_string(array.shape));
  }
}

}  // namespace

template <class T>
Array<T> to_array(const Tensor& tensor) {
  Array<T> array{tensor.shape(), {}, {}};
  const auto count = static_cast<std::size_t>(tensor.count());
  if (tensor.dtype() == DType::i32) {
    const auto values = tensor.values<std::int32_t>();
    array.index.assign(values.begin(), values.end());
  } else {
    array.real.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      array.real[i] = static_cast<T>(tensor.at(static_cast<std::int64_t>(i)));
    }
  }
  return array;
}

template <class T>
Tensor to_tensor(const Array<T>& array) {
  const bool is_index = array.real.empty() && !array.index.empty();
  Tensor tensor(array.shape, is_index ? DType::i32 : detail::dtype_of<T>());
  for (std::int64_t i = 0; i < tensor.count(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    tensor.set(i, is_index ? array.index[at] : static_cast<double>(array.real[at]));
  }
  return tensor;
}

std::int64_t rows_of(const Graph& graph, const std::map<std::string, Shape>& shapes,
                     std::int64_t otherwise) {
  std::int64_t rows = -1;
  for (const auto& node : graph.nodes()) {
    if (node.op != Op::input && node.op != Op::state) continue;
    const auto& name = node.attributes.name;
    const auto found = shapes.find(name);
    if (found == shapes.end()) throw ShapeError("no value was given for '" + name + "'");
    const auto& declared = node.type.shape;
    const auto& given = found->second;
    for (std::size_t axis = 0; axis < declared.rank() && axis < given.rank(); ++axis) {
      if (declared[axis] == Shape::kBatch && rows < 0) rows = given[axis];
    }
    if (!(given == declared.with_rows(rows < 0 ? 0 : rows))) {
      throw ShapeError("'" + name + "' has the shape " + to_string(given) + ", expected " +
                       to_string(declared));
    }
  }
  return rows < 0 ? otherwise : rows;
}

template <class T>
std::vector<Array<T>> evaluate(const Graph& graph, const Inputs<T>& inputs,
                               const std::map<NodeId, Array<T>>& overrides, std::int64_t rows,
                               NodeId last) {
  std::map<std::string, Shape> shapes;
  for (const auto& [name, array] : inputs) shapes[name] = array.shape;
  rows = rows_of(graph, shapes, rows);

  std::vector<Array<T>> values(graph.size());
  std::vector<Operand> operands;
  for (std::size_t id = 0; id < graph.size(); ++id) {
    const auto& node = graph.nodes()[id];
    auto& value = values[id];
    if (const auto found = overrides.find(static_cast<NodeId>(id)); found != overrides.end()) {
      value = found->second;
      const auto what = "the override of %" + std::to_string(id);
      if (!(value.shape == node.type.shape.with_rows(rows))) {
        throw ShapeError(what + " has the shape " + to_string(value.shape) + ", expected " +
                         to_string(node.type.shape));
      }
      require_entries(what, value, node.type.kind);
      continue;
    }
    if (last != kNoNode && static_cast<NodeId>(id) > last) break;
    if (node.op == Op::input || node.op == Op::state) {
      value = inputs.at(node.attributes.name);
      require_entries("'" + node.attributes.name + "'", value, node.type.kind);
      continue;
    }
    if (node.op == Op::constant) {
      value = to_array<T>(node.attributes.value);
      continue;
    }
    operands.clear();
    for (const auto input : node.inputs) {
      const auto& operand = values[static_cast<std::size_t>(input)];
      const auto kind = graph.node(input).type.kind;
      operands.push_back({data_of(operand, kind), operand.shape, kind});
    }
    value.shape = node.type.shape.with_rows(rows);
    const auto count = static_cast<std::size_t>(value.shape.count());
    if (node.type.kind == Kind::index) value.index.resize(count);
    else value.real.resize(count);
    evaluate_node<T>(node, operands, const_cast<void*>(data_of(value, node.type.kind)), value.shape);
  }
  return values;
}

template Array<float> to_array(const Tensor&);
template Array<double> to_array(const Tensor&);
template Array<Interval> to_array(const Tensor&);
template Tensor to_tensor(const Array<float>&);
template Tensor to_tensor(const Array<double>&);
template std::vector<Array<float>> evaluate(const Graph&, const Inputs<float>&,
                                            const std::map<NodeId, Array<float>>&, std::int64_t, NodeId);
template std::vector<Array<double>> evaluate(const Graph&, const Inputs<double>&,
                                             const std::map<NodeId, Array<double>>&, std::int64_t, NodeId);
template std::vector<Array<Interval>> evaluate(const Graph&, const Inputs<Interval>&,
                                               const std::map<NodeId, Array<Interval>>&, std::int64_t, NodeId);

}  // namespace longhand
