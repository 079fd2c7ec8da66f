// The seam between planning and computing: a backend takes a whole plan.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "base/thread_pool.h"
#include "exec/plan.h"

namespace longhand {

/// What one run works on. All pointers are of the memory space that the backend asked for; today
/// that is the host's.
struct Memory {
  void* const* buffers = nullptr;  ///< by node id
  std::int64_t rows = 1;
  std::byte* scratch = nullptr;  ///< scratch_bytes(threads), aligned to 64
  ThreadPool* pool = nullptr;    ///< null: the calling thread alone
  std::byte* prepared = nullptr;  ///< prepared_bytes(), aligned to 64, as `prepare` left them
};

/// What changes from step to step of many steps of one row each, by input and output slot.
struct RowSteps {
  struct Input {
    const void* table = nullptr;  ///< row order[i] of it, or
    std::size_t row_bytes = 0;
    const double* scalars = nullptr;  ///< entry i of it; where both are null the input stays
  };
  std::span<const std::int32_t> order;
  std::span<const Input> inputs;
  std::span<double* const> records;  ///< where an output's value of each step is kept, or null
};

/// A plan made ready by a backend. `run` is const, allocates nothing (but for the reference, which is
/// an oracle), and may be called from several threads at once with different memory.
class Executable {
 public:
  virtual ~Executable() = default;
  virtual std::size_t scratch_bytes(int threads) const = 0;
  /// What is laid out anew once for all runs, of a state that does not change.
  virtual std::size_t prepared_bytes() const { return 0; }
  virtual void prepare(const Memory& /*memory*/) const {}
  virtual void run(const Memory& memory) const = 0;
  /// Runs the steps in one call, if it has a way that is faster than `run` again and again; outputs
  /// are left as the last step has them.
  virtual bool run_rows(const Memory& /*memory*/, const RowSteps& /*steps*/) const { return false; }
};

class Backend {
 public:
  virtual ~Backend() = default;
  virtual std::string_view name() const = 0;
  /// `plan` outlives the executable.
  virtual std::unique_ptr<Executable> compile(const Plan& plan) const = 0;
};

/// Throws ArgumentError naming the backends that there are.
const Backend& find_backend(std::string_view name);

/// Defined in backends/builtin.cpp, called once by exec.
void register_builtin_backends();
void register_backend(std::unique_ptr<Backend> backend);

}  // namespace longhand
