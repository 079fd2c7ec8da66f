#include "model/preprocess.h"

#include <algorithm>
#include <cstddef>
#include <numbers>
#include <utility>

#include "longhand/exec.h"
#include "model/preprocessor.h"
#include "model/row_blocks.h"

namespace longhand {
namespace {

// Neighbouring columns that are scaled by one formula share their nodes: a picture's 784 columns are
// one block, not 784.
struct Run {
  std::size_t first = 0, count = 0;
};

class Preprocessing {
 public:
  Preprocessing(const Model& model, Var raw) : columns_(model.inputs), graph_(*raw.graph), raw_(raw) {}

  Var build() {
    std::vector<Var> blocks;
    for (std::size_t i = 0; i < columns_.size();) {
      const Run run = run_from(i);
      add_blocks(run, blocks);
      i += run.count;
    }
    return blocks.size() == 1 ? blocks[0] : concatenate(blocks);
  }

 private:
  static bool is_plain(const InputColumn& column) {
    return column.kind == ColumnKind::number && !column.has_missing && column.edges.empty() &&
           (column.scaling == NumberScaling::standard || column.scaling == NumberScaling::robust);
  }

  Run run_from(std::size_t first) const {
    Run run{first, 1};
    const auto& column = columns_[first];
    while (is_plain(column) && first + run.count < columns_.size()) {
      const auto& next = columns_[first + run.count];
      if (!is_plain(next) || next.scaling != column.scaling) break;
      ++run.count;
    }
    return run;
  }

  void add_blocks(const Run& run, std::vector<Var>& blocks) {
    const auto& column = columns_[run.first];
    Var cells = cells_of(run);
    if (column.embedding > 0) {
      blocks.push_back(row_of_table(column, cells));
      return;
    }
    const Var is_missing = column.has_missing ? to_real(not_equal(cells, cells)) : Var{};
    if (column.is_category()) {
      blocks.push_back(categories(column, cells));
    } else {
      if (column.has_missing) cells = where(not_equal(cells, cells), graph_.constant(column.fill), cells);
      blocks.push_back(scaled(run, cells));
      if (!column.edges.empty()) blocks.push_back(shares_of_steps(column.edges, cells));
      for (const double period : column.periods) {
        const Var angle = cells * (2 * std::numbers::pi / period);
        blocks.push_back(sin(angle));
        blocks.push_back(cos(angle));
      }
    }
    if (column.has_missing) blocks.push_back(is_missing);
  }

  Var cells_of(const Run& run) const {
    if (run.count == columns_.size()) return raw_;
    const auto first = static_cast<std::int64_t>(run.first);
    return slice(raw_, 1, first, first + static_cast<std::int64_t>(run.count));
  }

  // The place itself, with that behind all others for a missing cell.
  Var row_of_table(const InputColumn& column, Var cell) {
    if (!column.has_missing) return cell;
    const auto behind = static_cast<double>(column.categories.size() + 1);
    return where(not_equal(cell, cell), graph_.constant(behind), cell);
  }

  Var categories(const InputColumn& column, Var cell) {
    const auto count = column.categories.size();
    if (count == 2) return to_real(equal(cell, graph_.constant(1.0))) - to_real(equal(cell, graph_.constant(0.0)));
    Tensor places({static_cast<std::int64_t>(count)}, DType::f64);
    for (std::size_t i = 0; i < count; ++i) places.set(static_cast<std::int64_t>(i), static_cast<double>(i));
    return to_real(equal(cell, graph_.constant(std::move(places))));
  }

  Var scaled(const Run& run, Var cells) {
    const auto& column = columns_[run.first];
    if (!column.knots.empty()) return between_knots(column, cells);
    const Var mean = constants(run, &InputColumn::mean, "mean");
    const Var u = (cells - mean) / constants(run, &InputColumn::scale, "scale");
    if (column.scaling != NumberScaling::robust) return u;
    const Var third = u / 3.0;
    return u / sqrt(1.0 + third * third);
  }

  Var constants(const Run& run, double InputColumn::* field, const char* role) {
    Tensor values({static_cast<std::int64_t>(run.count)}, DType::f64);
    for (std::size_t i = 0; i < run.count; ++i) values.set(static_cast<std::int64_t>(i), columns_[run.first + i].*field);
    return graph_.constant(std::move(values)).labelled("", role);
  }

  // min(max((x - t_k) / (t_(k+1) - t_k), 0), 1) for each pair of neighbours.
  Var shares_of_steps(const std::vector<double>& edges, Var cell) {
    const auto steps = static_cast<std::int64_t>(edges.size()) - 1;
    Tensor starts({steps}, DType::f64), widths({steps}, DType::f64);
    for (std::int64_t k = 0; k < steps; ++k) {
      const auto i = static_cast<std::size_t>(k);
      starts.set(k, edges[i]);
      widths.set(k, edges[i + 1] - edges[i]);
    }
    const Var share = (cell - graph_.constant(std::move(starts))) / graph_.constant(std::move(widths));
    return minimum(maximum(share, graph_.constant(0.0)), graph_.constant(1.0));
  }

  // y_0 + sum_k (y_(k+1) - y_k) share_k: linear between the knots, flat beyond them.
  Var between_knots(const InputColumn& column, Var cell) {
    const auto& levels = column.levels;
    const auto steps = static_cast<std::int64_t>(levels.size()) - 1;
    Tensor rises({steps}, DType::f64);
    for (std::int64_t k = 0; k < steps; ++k) {
      const auto i = static_cast<std::size_t>(k);
      rises.set(k, levels[i + 1] - levels[i]);
    }
    return levels[0] + sum(graph_.constant(std::move(rises)) * shares_of_steps(column.knots, cell), {1}, true);
  }

  const std::vector<InputColumn>& columns_;
  Graph& graph_;
  Var raw_;
};

}  // namespace

Var preprocess(const Model& model, Var raw) {
  return model.inputs.empty() ? raw : Preprocessing(model, raw).build();
}

Graph build_preprocessing(const Model& model) {
  Graph graph;
  const auto columns = model.inputs.empty() ? model.network.inputs : static_cast<std::int64_t>(model.inputs.size());
  graph.output("x", preprocess(model, graph.input("raw", {Shape::kBatch, columns})));
  return graph;
}

Tensor preprocess(const Model& model, const Tensor& raw) { return preprocess_as(DType::f64, model, raw); }

Tensor preprocess_as(DType dtype, const Model& model, const Tensor& raw) {
  const auto rows = raw.shape()[0];
  Tensor x({rows, model.network.inputs}, dtype);
  Preprocessor(preprocessing_program(model, rows)).run(raw, x);
  return x;
}

Tensor preprocess_as(DType dtype, const Model& model, RawRows& raw) {
  constexpr std::int64_t kBlock = 1024;
  const Program program = preprocessing_program(model, raw.rows());
  Preprocessor preprocessor(program);
  Tensor x({raw.rows(), model.network.inputs}, dtype);
  for (std::int64_t first = 0; first < raw.rows(); first += kBlock) {
    const auto count = std::min(kBlock, raw.rows() - first);
    Tensor block = rows_of(x, first, count);
    preprocessor.run(raw.read(first, count), block);
  }
  return x;
}

}  // namespace longhand
