// Matrix products: C = A B, or A B plus a row of biases.
#pragma once

#include "backends/cpu/call.h"

namespace longhand {

/// C [m, n] row-major; A [m, k] and B [k, n] with any strides of which one is 1, so that either may
/// be stored transposed. A, B and bias do not overlap C.
template <class T>
struct Product {
  std::int64_t m, n, k;
  const T* a;
  std::int64_t a_row, a_inner;  ///< entry (i, l) of A is a[i * a_row + l * a_inner]
  const T* b;
  std::int64_t b_inner, b_column;  ///< entry (l, j) of B is b[l * b_inner + j * b_column]
  const T* bias;                   ///< [n], or null for zeros
  T* c;
};

/// Up to so many multiply-adds a product is computed without scratch.
inline constexpr std::int64_t kTinyProduct = 128;

/// Bytes of scratch for a panel of B, and for rows of A where its columns are contiguous.
inline constexpr std::size_t kPanelScratch = 64 * 1024;
inline constexpr std::size_t kLeftScratch = 256 * 1024;

/// Bytes of scratch that each thread needs.
constexpr std::size_t product_scratch(bool left_transposed) {
  return kPanelScratch + (left_transposed ? kLeftScratch : 0);
}

/// Computes a product. Every entry of C is one chain: the bias, then for l = 0, 1, …, k - 1 a fused
/// multiply-add of A(i, l) B(l, j) (on a target without one, a product and a sum). No bit depends
/// on m, on n, on where the operands lie or on the threads.
template <class T>
using ProductFunction = void (*)(const Product<T>&, std::byte* scratch, ThreadPool* pool);

/// The function for this machine.
template <class T>
ProductFunction<T> product_function();

/// The call for a node that is Op::linear or Op::matmul.
std::unique_ptr<Call> make_product(const Plan& plan, NodeId id);

}  // namespace longhand
