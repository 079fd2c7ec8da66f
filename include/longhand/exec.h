// exec: from a graph to a Program that is planned once and run many times.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "longhand/ir.h"

namespace longhand {

class ThreadPool;
struct Plan;

/// How a graph is to be run.
struct CompileOptions {
  DType dtype = DType::f32;    ///< f32 or f64: what every real in the graph is computed in
  std::int64_t max_rows = 1;   ///< the most rows of one run; memory is planned for them
  std::string backend = "cpu";  ///< "cpu", or "reference": slow, obvious, the oracle
  /// The values of the state do not change while a runner lives (a model that only predicts): weights
  /// may then be laid out for one row when the runner is made.
  bool fixed_state = false;
};

/// An input, a state entry or an output of a program.
struct Slot {
  std::string name;
  Type type;
};

/// A step of a program as it was planned, for those who look at it.
struct PlannedStep {
  std::string kernel;      ///< what computes it: dense, dense_backward_update, sweep, sum, …
  std::vector<std::string> operations;  ///< in order
  std::string shape;                    ///< of what it computes
  std::vector<std::string> results;     ///< where that is put: a state's name, output, arena+offset
  double flops = 0;  ///< a multiply-add is two, any other operation one an entry
  double bytes = 0;  ///< read and written, each value once
};

/// A graph made ready to run: order, memory and kernels are fixed. Immutable; copies share it, and
/// any number of threads may use it at once, each through a Runner of its own.
class Program {
 public:
  /// Throws ArgumentError for an unknown backend or a dtype that is not real.
  explicit Program(const Graph& graph, const CompileOptions& options = {});

  const std::vector<Slot>& inputs() const;
  const std::vector<Slot>& states() const;
  const std::vector<Slot>& outputs() const;
  /// Adds zeros for what the program keeps and `state` has not: an optimiser's memory at its start.
  void add_missing_states(State& state) const;
  DType dtype() const;
  std::int64_t max_rows() const;
  /// Bytes of temporaries that each Runner holds.
  std::size_t arena_bytes() const;
  /// The planned steps, one a line: what is computed, where it is put.
  std::string plan_text() const;
  /// The same with what a run over so many rows costs.
  std::vector<PlannedStep> planned_steps(std::int64_t rows) const;

 private:
  friend class Runner;
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

/// Threads to be shared by runners that do not run at the same time.
std::shared_ptr<ThreadPool> make_thread_pool(int threads);

/// One thread's use of a program: its temporaries, and what its inputs, state and outputs are bound
/// to. Binding checks and may allocate; running does neither (but for the reference backend, which
/// allocates). The tensors of the state are borrowed, read and written in place: another tensor that
/// State::set puts in their place later is not seen. All that is bound must outlive the runner.
class Runner {
 public:
  /// Throws ModelError naming the tensor where `state` lacks an entry of the program or has it in
  /// another shape or element type. `pool` null means the calling thread alone; the number of
  /// threads never changes a bit of any result.
  Runner(const Program& program, State& state, std::shared_ptr<ThreadPool> pool = nullptr);
  /// For a program that writes no state. Throws ArgumentError for others.
  Runner(const Program& program, const State& state, std::shared_ptr<ThreadPool> pool = nullptr);
  ~Runner();
  Runner(Runner&&) noexcept;

  /// The values of an input for the runs that follow. The element type is the program's, int32 for
  /// an index; shapes with a batch may have up to max_rows rows. Throws ShapeError.
  void bind(const std::string& input, const Tensor& values);
  /// A table from whose rows `run_steps` takes each batch.
  void bind_table(const std::string& input, const Tensor& table);
  /// An index input that receives the numbers of the batch's rows.
  void bind_row_numbers(const std::string& input);

  /// Memory of the caller for the values of an output, in place of the runner's own: of the output's
  /// shape with max_rows rows, overlapping no input, table, state entry or other output: it is written
  /// while those are read. Throws ShapeError, and ArgumentError for an output that is an input or a
  /// state entry as it is.
  void bind_output(const std::string& output, const Tensor& memory);

  /// One run over `rows` rows of what is bound. Throws ShapeError for more than are bound.
  void run(std::int64_t rows);

  /// What changes from step to step.
  struct Steps {
    std::span<const std::int32_t> order;  ///< rows of the tables, batch after batch
    std::int64_t batch_size = 1;          ///< the last batch may be smaller
    /// Scalar inputs, a value a step.
    std::vector<std::pair<std::string, std::span<const double>>> scalars;
    /// Scalar outputs to be kept, a value a step.
    std::vector<std::pair<std::string, std::span<double>>> record;
  };
  /// ceil(order / batch_size) runs in one call.
  void run_steps(const Steps& steps);

  /// The value of an output after the last run: its first `rows` rows. Borrows the runner's memory, or
  /// what was bound: overwritten by the next run, gone with the runner.
  Tensor output(const std::string& name) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace longhand
