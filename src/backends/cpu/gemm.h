// Matrix products: C = A B, or A B plus a row of biases.
#pragma once

#include "backends/cpu/call.h"
#include "backends/cpu/sweep.h"

namespace longhand {

/// What an entry of C becomes in registers, before it is stored.
enum class Ending : std::uint8_t {
  none,
  relu,
  relu_slope,  ///< itself times 1 where the gate is positive, else times 0
};

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
  T* c;                            ///< null: nobody but the epilogue reads it
  Ending ending = Ending::none;    ///< then there is no other epilogue
  const T* gate = nullptr;         ///< as C, with which it may be one
  bool is_dots = false;  ///< the sums are those of is_dot_product; a_inner and b_inner are 1
};

/// Whether x W^T for W [out, in] is computed as dot products: one chain an output would keep too
/// few lanes busy. By the shape of W alone, so that a row has the same bits in any company.
constexpr bool is_dot_product(std::int64_t out, std::int64_t in) { return out <= 4 && in >= 32; }

/// What is done with each part of C as soon as it is computed. Without one, c is not null.
template <class T>
struct Epilogue {
  const Sweep<T>* sweep = nullptr;
  const Memory* memory = nullptr;
  Ending ending = Ending::none;  ///< if it is no more than this,
  const T* gate = nullptr;
  T* result = nullptr;  ///< where that is stored
};

/// Up to so many multiply-adds a product is computed without a panel.
inline constexpr std::int64_t kTinyProduct = 128;

/// The sum over so many rows of a batch is made in several parts, with the sums so far in memory.
inline constexpr std::int64_t kDeep = 512;

/// A part of C that is not kept has at most so many entries.
inline constexpr std::size_t kMostPart = 512;

/// Bytes that each thread needs for products of up to so many rows, columns and steps of the chain.
struct ProductScratch {
  bool is_deep = false;      ///< room for sums over more than kDeep rows, made in parts
  bool packs_left = false;   ///< rows of A, where its columns are contiguous
  std::size_t left_at = 0;   ///< after the panel of B: these
  std::size_t sums_at = 0;   ///< C, where it is not kept and made in several parts of the chain
  std::size_t part_at = 0;   ///< a part of C
  std::size_t sweep_at = 0;  ///< the epilogue's
  std::size_t bytes = 0;
};
ProductScratch product_scratch(std::int64_t m, std::int64_t n, std::int64_t k,
                               std::size_t entry_bytes, bool left_transposed,
                               std::size_t sweep_bytes);

/// Computes a product. Every entry of C is one chain: the bias, then for l = 0, 1, …, k - 1 a fused
/// multiply-add of A(i, l) B(l, j) (on a target without one, a product and a sum). No bit depends
/// on m, on n, on where the operands lie or on the threads. Where is_dots, an entry is the bias
/// plus a dot product in the order of dot-inl.h.
template <class T>
using ProductFunction = void (*)(const Product<T>&, const Epilogue<T>&, const ProductScratch&,
                                 std::byte* scratch, ThreadPool* pool);

/// The function for this machine.
template <class T>
ProductFunction<T> product_function();

/// The call for an Op::linear or Op::matmul, nodes[0], and a sweep over its result, the rest.
std::unique_ptr<Call> make_product(const Plan& plan, const std::vector<NodeId>& nodes);

}  // namespace longhand
