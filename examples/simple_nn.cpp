// A network with one hidden layer: its mathematics is written once, on Vars; numbers go in and come
// out as Tensors. The weights are drawn from the seed, from PyTorch's default distribution.
#include <iostream>

#include "longhand/nn.h"

using namespace longhand;

struct SimpleNN : nn::Module {
  nn::Linear fc1{*this, "fc1", 2, 2};
  nn::Linear fc2{*this, "fc2", 2, 1};
  Var forward(Var x) const override { return sigmoid(fc2(relu(fc1(x)))); }
};

int main() {
  SimpleNN model;
  Tensor output = model(Tensor{{1.0, 2.0}});  // float32 unless said
  std::cout << "Output: " << output << '\n';
}
