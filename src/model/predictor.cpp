#include <cstring>

#include "longhand/model.h"

namespace longhand {

Predictor::Predictor(const Model& model, std::int64_t max_rows, int threads)
    : dtype_(model.dtype),
      pool_(threads > 1 ? make_thread_pool(threads) : nullptr),
      preprocessing_(build_preprocessing(model), {.dtype = DType::f64, .max_rows = max_rows}),
      network_(build_prediction(model), {.dtype = model.dtype, .max_rows = max_rows, .fixed_state = true}),
      preprocess_(preprocessing_, std::as_const(empty_), pool_),
      predict_(network_, model.state, pool_) {}

Tensor Predictor::predict(const Tensor& raw) {
  const auto columns = preprocessing_.inputs()[0].type.shape[1];
  if (raw.shape().rank() != 2 || raw.shape()[1] != columns || raw.dtype() != DType::f64) {
    throw ShapeError("predict: rows of " + std::to_string(columns) + " columns in f64 are needed, not " +
                     std::string(longhand::name(raw.dtype())) + " " + to_string(raw.shape()));
  }
  const auto rows = raw.shape()[0];
  const auto outputs = network_.outputs()[0].type.shape[1];
  Tensor result({rows, outputs}, DType::f64);
  Tensor input = raw;  // shares memory; borrow below needs one that is not const
  for (std::int64_t first = 0; first < rows; first += network_.max_rows()) {
    const auto count = std::min(network_.max_rows(), rows - first);
    preprocess_.bind("raw", Tensor::borrow(input.values<double>().data() + first * columns,
                                           {count, columns}, DType::f64));
    preprocess_.run(count);
    const Tensor x = preprocess_.output("x");
    predict_.bind("x", dtype_ == DType::f64 ? x : x.cast(dtype_));
    predict_.run(count);
    const Tensor y = predict_.output("prediction");
    for (std::int64_t i = 0; i < y.count(); ++i) result.set(first * outputs + i, y.at(i));
  }
  return result;
}

}  // namespace longhand
