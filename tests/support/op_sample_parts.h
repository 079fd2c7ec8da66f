// The parts of the table, a file each, and the words they are written in.
#pragma once

#include <initializer_list>
#include <vector>

#include "support/op_samples.h"

namespace longhand::testing {

std::vector<OpSample> elementwise_samples();
std::vector<OpSample> structured_samples();
std::vector<OpSample> leaf_and_random_samples();
std::vector<BadSample> bad_elementwise_samples();
std::vector<BadSample> bad_structured_samples();

inline SampleOperand real(Tensor value) { return {std::move(value)}; }
/// The first axis is the batch.
inline SampleOperand rows(Tensor value) { return {std::move(value), Kind::real, true}; }

inline SampleOperand real(Shape shape, std::initializer_list<double> values) {
  return real(Tensor::from(values, shape, DType::f64));
}
inline SampleOperand rows(Shape shape, std::initializer_list<double> values) {
  return rows(Tensor::from(values, shape, DType::f64));
}
inline SampleOperand index(Shape shape, std::initializer_list<double> values, bool batch = false) {
  return {Tensor::from(values, shape, DType::i32), Kind::index, batch};
}
inline SampleOperand boolean(Shape shape, std::initializer_list<double> values,
                             bool batch = false) {
  return {Tensor::from(values, shape, DType::f64), Kind::boolean, batch};
}

}  // namespace longhand::testing
