// A chain of dense layers for one row: all of them in one call, from weights that were laid out for
// it when the runner was made.
#pragma once

#include <optional>
#include <vector>

#include "backends/cpu/call.h"

namespace longhand {

/// activation(x W^T + b) of one row.
struct DenseRow {
  std::int64_t in, out;
  Op activation;           ///< Op::stop_gradient: none
  std::size_t weights_at;  ///< bytes into the prepared memory; see DenseRowFunctions
  std::size_t bias_at;
  bool is_dots;
};

/// Kernels for this machine. Sums are in the order that products of many rows have.
template <class T>
struct DenseRowFunctions {
  /// Bytes of a layer's weights, and of its bias after them, as `pack` leaves them: for dot
  /// products W as it is, else W^T in panels of up to four vectors of columns, the last filled up.
  std::size_t (*weight_bytes)(const DenseRow&);
  std::size_t (*bias_bytes)(const DenseRow&);
  void (*pack)(const DenseRow&, const T* weight, const T* bias, std::byte* prepared);
  /// `between` holds two rows of the widest layer, each filled up to whole panels.
  void (*run)(const DenseRow* layers, std::size_t count, const T* x, const std::byte* prepared,
              T* between, std::size_t between_row, T* result);
};

template <class T>
DenseRowFunctions<T> dense_row_functions();

/// The dense layers that a plan begins with, where nothing but the next reads what they compute.
class DenseChain {
 public:
  virtual ~DenseChain() = default;
  virtual std::size_t steps() const = 0;
  virtual std::size_t prepared_bytes() const = 0;
  virtual std::size_t scratch_bytes() const = 0;
  virtual void prepare(const Memory& memory) const = 0;
  virtual void run(const Memory& memory) const = 0;
};

/// Null where the plan begins with none, or the state may change between runs.
std::unique_ptr<DenseChain> find_dense_chain(const Plan& plan);

}  // namespace longhand
