// Sums, largest entries and softmax cross-entropy.
#pragma once

#include "backends/cpu/call.h"

namespace longhand {

/// A reduction over neighbouring axes: [outer, count, inner] -> [outer, inner].
///
/// The order of a sum depends on `count` and `along_rows`, on nothing else. Over rows each
/// column is one chain of additions, first row to last. Along rows it is so for each lane of four
/// vectors, which take turns; the lanes are then added as a tree. Rows of more than kSumBlock
/// entries are cut into blocks of that size, whose sums are added in order.
template <class T>
struct Reduction {
  std::int64_t outer, count, inner;
  bool along_rows;  ///< inner is 1, not only for the rows of this run
  const T* x;
  T* y;
};

inline constexpr std::int64_t kSumBlock = 4096;

/// -sum(y log softmax(z)) of each row.
template <class T>
struct CrossEntropy {
  std::int64_t rows, classes;
  const T* z;
  const T* y;
  T* loss;
};

/// Kernels for this machine. Each works on rows, or on columns where outer is 1 and inner is not,
/// from begin to end - 1.
template <class T>
struct ReduceFunctions {
  void (*sum)(const Reduction<T>&, Share);
  void (*max)(const Reduction<T>&, Share);
  void (*cross_entropy)(const CrossEntropy<T>&, Share);
};

template <class T>
ReduceFunctions<T> reduce_functions();

/// The call for Op::sum, reduce_max or argmax; null where its axes are not neighbours (for argmax:
/// not the last).
std::unique_ptr<Call> make_reduction(const Plan& plan, NodeId id);

std::unique_ptr<Call> make_cross_entropy(const Plan& plan, NodeId id);

}  // namespace longhand
