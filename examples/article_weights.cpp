// The network of simple_nn.cpp with the weights of article.toml, which are worked out by hand. In
// double precision, to see every digit.
#include <iostream>
#include <vector>

#include "longhand/nn.h"

using namespace longhand;

struct SimpleNN : nn::Module {
  nn::Linear fc1{*this, "fc1", 2, 2};
  nn::Linear fc2{*this, "fc2", 2, 1};
  Var forward(Var x) const override { return sigmoid(fc2(relu(fc1(x)))); }
};

Tensor numbers(const std::vector<double>& values, Shape shape) {
  return Tensor::from(values, shape, DType::f64);
}

int main() {
  State weights;  // as in PyTorch's state_dict: weight [out, in], bias [out]
  weights.set("fc1.weight", numbers({0.2, 0.4, 0.1, 0.6}, {2, 2}));
  weights.set("fc1.bias", numbers({0.3, 0.5}, {2}));
  weights.set("fc2.weight", numbers({0.7, 0.9}, {1, 2}));
  weights.set("fc2.bias", numbers({0.2}, {1}));

  SimpleNN model;
  model.cast_to(DType::f64);
  model.load(weights);
  std::cout << "Output: " << model(numbers({1, 2}, {1, 2})) << '\n';
}
