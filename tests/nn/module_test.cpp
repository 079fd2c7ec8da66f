// Modules: names, PyTorch's default distribution, loading, and use on numbers.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "longhand/nn.h"
#include "support/expect_close.h"
#include "support/op_samples.h"

namespace longhand::nn {
namespace {

using testing::close;

struct Block : Module {
  using Module::Module;
  Linear fc1{*this, "fc1", 3, 4};
  Activation act{*this, "act", find_activation("tanh")};
  Linear fc2{*this, "fc2", 4, 2};
  Var forward(Var x) const override { return fc2(act(fc1(x))); }
};

struct Nested : Module {
  Block block{*this, "block"};
  Linear head{*this, "head", 2, 1};
  Var forward(Var x) const override { return sigmoid(head(block(x))); }
};

std::vector<std::string> names(const Module& module) {
  std::vector<std::string> result;
  for (const auto& [name, spec] : module.parameters()) result.push_back(name + to_string(spec.shape));
  return result;
}

TEST(Module, NamesParametersAsAStateDict) {
  const Nested nested;
  EXPECT_EQ(names(nested), (std::vector<std::string>{"block.fc1.weight[4, 3]", "block.fc1.bias[4]", "block.fc2.weight[2, 4]",
                                                     "block.fc2.bias[2]", "head.weight[1, 2]", "head.bias[1]"}));
  EXPECT_EQ(nested.path(), "");
  EXPECT_EQ(nested.block.fc1.path(), "block.fc1");
}

TEST(Module, RefusesTwoChildrenOfOneName) {
  Sequential root;
  root.add<Linear>("fc", 2, 2);
  try {
    root.add<Linear>("fc", 2, 2);
    FAIL();
  } catch (const ArgumentError& error) {
    EXPECT_NE(std::string(error.what()).find("'fc'"), std::string::npos) << error.what();
  }
  EXPECT_EQ(names(root).size(), 2U);
}

TEST(Module, RefusesLayersWithoutUnits) {
  Sequential root;
  EXPECT_THROW(root.add<Linear>("a", 0, 2), ArgumentError);
  EXPECT_THROW(root.add<Linear>("b", 2, -1), ArgumentError);
  for (const double p : {-0.1, 1.0, std::nan("")}) EXPECT_THROW(root.add<Dropout>("c", p), ArgumentError) << p;
  EXPECT_TRUE(names(root).empty());
}

// PyTorch: U(-1 / sqrt(in), 1 / sqrt(in)) for weight and bias.
TEST(Initialize, IsUniformWithinPyTorchsBound) {
  for (const std::int64_t in : {1, 16, 100}) {
    Sequential root;
    root.add<Linear>("fc", in, 40000 / in);
    root.initialize(7);
    const double bound = 1 / std::sqrt(static_cast<double>(in));
    for (const char* name : {"fc.weight", "fc.bias"}) {
      const auto values = root.state().get(name).to_doubles();
      constexpr int kBins = 20;
      std::vector<double> bins(kBins);
      for (const double value : values) {
        ASSERT_GE(value, -bound) << name;
        ASSERT_LE(value, bound) << name;
        ++bins[std::min(kBins - 1, static_cast<int>((value + bound) / (2 * bound) * kBins))];
      }
      const double expected = static_cast<double>(values.size()) / kBins;
      double chi_squared = 0;
      for (const double bin : bins) chi_squared += (bin - expected) * (bin - expected) / expected;
      EXPECT_LT(chi_squared, 50) << name << ", in = " << in;  // p = 1e-4 at 19 degrees of freedom
    }
  }
}

TEST(Initialize, DependsOnTheSeedAndTheNameAlone) {
  Sequential one, other;
  one.add<Linear>("a", 3, 4);
  one.add<Linear>("b", 4, 4);
  other.add<Linear>("b", 4, 4);
  other.add<Linear>("c", 4, 4);
  other.add<Linear>("a", 3, 4);
  one.initialize(5);
  other.initialize(5);
  for (const char* name : {"a.weight", "a.bias", "b.weight", "b.bias"}) {
    EXPECT_TRUE(identical(one.state().get(name), other.state().get(name))) << name;
  }
  EXPECT_FALSE(identical(other.state().get("b.weight"), other.state().get("c.weight")));
  const auto first = one.state().clone();
  one.initialize(6);
  EXPECT_FALSE(identical(one.state().get("a.weight"), first.get("a.weight")));
  one.initialize(5);
  EXPECT_TRUE(identical(one.state().get("a.weight"), first.get("a.weight")));
}

TEST(Initialize, HappensByItselfWithTheSeedOfTheTree) {
  Nested untouched, drawn;
  drawn.initialize(0);
  for (const auto& [name, tensor] : drawn.state().entries()) {
    EXPECT_TRUE(identical(untouched.state().get(name), tensor)) << name;
    EXPECT_EQ(tensor.dtype(), DType::f32);
  }
}

void expect_refused(const std::function<void()>& action, std::initializer_list<const char*> words) {
  try {
    action();
    ADD_FAILURE() << "not refused: " << *words.begin();
  } catch (const Error& error) {
    for (const char* word : words) EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

TEST(Load, TakesAllOrNothing) {
  Nested nested, source;
  source.initialize(3);
  auto state = source.state().clone();
  state.set("more.than.needed", Tensor::scalar(1));
  nested.load(state);
  EXPECT_TRUE(identical(nested.state().get("block.fc2.bias"), source.state().get("block.fc2.bias")));

  Nested untouched;
  const auto before = untouched.state().clone();
  auto wrong = source.state().clone();
  wrong.set("head.weight", Tensor(Shape{2, 1}));
  expect_refused([&] { untouched.load(wrong); }, {"'head.weight'", "[2, 1]", "[1, 2]"});
  expect_refused([&] { untouched.load(State()); }, {"'block.fc1.weight'"});
  for (const auto& [name, tensor] : before.entries()) EXPECT_TRUE(identical(untouched.state().get(name), tensor)) << name;
}

TEST(Load, RoundsToTheModulesTypeAndCopies) {
  Nested nested;
  State state;
  for (const auto& [name, spec] : nested.parameters()) state.set(name, Tensor::full(spec.shape, 0.1, DType::f64));
  nested.load(state);
  EXPECT_EQ(nested.state().get("head.bias").dtype(), DType::f32);
  EXPECT_EQ(nested.state().get("head.bias").at(0), static_cast<double>(0.1F));
  state.get("head.bias").set(0, 9);
  EXPECT_EQ(nested.state().get("head.bias").at(0), static_cast<double>(0.1F));
}

// What PyTorch gives for the article's weights.
struct Article : Module {
  Linear fc1{*this, "fc1", 2, 2};
  Linear fc2{*this, "fc2", 2, 1};
  Var forward(Var x) const override { return sigmoid(fc2(relu(fc1(x)))); }
};

Article& with_weights(Article& model, double scale = 1) {
  State state;
  state.set("fc1.weight", Tensor{{0.2, 0.4}, {0.1, 0.6}});
  state.set("fc1.bias", Tensor{0.3, 0.5});
  state.set("fc2.weight", Tensor::from(std::vector{0.7 * scale, 0.9 * scale}, {1, 2}));
  state.set("fc2.bias", Tensor{0.2});
  model.load(state);
  return model;
}

TEST(OnNumbers, GivesTheArticlesOutputInBothPrecisions) {
  Article model;
  with_weights(model);
  const Tensor single = model(Tensor{{1.0, 2.0}});
  EXPECT_EQ(single.dtype(), DType::f32);
  EXPECT_EQ(single.shape(), (Shape{1, 1}));
  EXPECT_NEAR(single.item(), 0.9387738371800921, 2e-7);
  model.cast_to(DType::f64);
  with_weights(model);
  const Tensor two = model(Tensor::from(std::vector{1.0, 2.0}, {1, 2}, DType::f64));
  EXPECT_EQ(two.dtype(), DType::f64);
  EXPECT_NEAR(two.item(), 0.9387738371800921, 1e-7);  // the weights were given in single precision
}

TEST(OnNumbers, TakesAnyNumberOfRows) {
  Article model;
  with_weights(model);
  const auto x = testing::filled({9, 2}, 5).cast(DType::f32);
  const auto all = model(x);
  for (const std::int64_t rows : {1, 9, 4, 0}) {
    Tensor part(Shape{rows, 2});
    for (std::int64_t i = 0; i < part.count(); ++i) part.set(i, x.at(i));
    const auto y = model(part);
    ASSERT_EQ(y.shape(), (Shape{rows, 1}));
    for (std::int64_t i = 0; i < rows; ++i) EXPECT_EQ(y.at(i), all.at(i)) << rows;
  }
}

TEST(OnNumbers, SeesEveryChangeOfTheParameters) {
  Article model;
  with_weights(model);
  const Tensor x{{1.0, 2.0}};
  const double first = model(x).item();
  model.state().get("fc2.bias").set(0, -1);
  const double second = model(x).item();
  EXPECT_LT(second, first);
  model.state().set("fc2.bias", Tensor{0.2});
  EXPECT_EQ(model(x).item(), first);
  with_weights(model, -1);
  EXPECT_LT(model(x).item(), second);
  model.initialize(3);
  const double drawn = model(x).item();
  model.initialize(4);
  EXPECT_NE(model(x).item(), drawn);
}

TEST(OnNumbers, RefusesWhatIsNoRowsOfItsColumns) {
  Article model;
  with_weights(model);
  expect_refused([&] { model(Tensor{1.0, 2.0}); }, {"[2]"});
  expect_refused([&] { model(Tensor{{1.0, 2.0, 3.0}}); }, {"linear", "[B, 3]", "[2, 2]"});
  expect_refused([&] { model(Tensor({1, 2}, DType::i32)); }, {"i32"});
  EXPECT_NEAR(model(Tensor{{1.0, 2.0}}).item(), 0.9387738, 2e-7);  // and is as it was
}

TEST(Sequential, RunsItsModulesInOrder) {
  Sequential model;
  model.add<Linear>("a", 2, 2);
  model.add<Activation>("b", find_activation("relu"));
  model.add<Linear>("c", 2, 1);
  EXPECT_EQ(names(model), (std::vector<std::string>{"a.weight[2, 2]", "a.bias[2]", "c.weight[1, 2]", "c.bias[1]"}));
  State state;
  state.set("a.weight", Tensor{{1, 0}, {0, 1}});
  state.set("a.bias", Tensor{0, 0});
  state.set("c.weight", Tensor{{10, 100}});
  state.set("c.bias", Tensor{1000});
  model.load(state);
  EXPECT_TRUE(close(model(Tensor{{-1, 2}, {3, -4}, {5, 6}}).to_doubles(), {1200, 1030, 1650}, {0, 0}));
}

TEST(FindActivation, KnowsPyTorchsDefaults) {
  double parameter = -1;
  EXPECT_NE(find_activation("leaky_relu", &parameter), nullptr);
  EXPECT_EQ(parameter, 0.01);
  EXPECT_NE(find_activation("elu", &parameter), nullptr);
  EXPECT_EQ(parameter, 1);
  EXPECT_EQ(find_activation("linear"), nullptr);
  EXPECT_EQ(find_activation("ReLU"), nullptr);
}

TEST(Module, AChildLeavesNumbersToItsRoot) {
  Sequential root;
  auto& child = root.add<Linear>("fc1", 2, 1);
  EXPECT_THROW(child.state(), ArgumentError);
  EXPECT_THROW(child.initialize(1), ArgumentError);
  EXPECT_THROW(child.cast_to(DType::f64), ArgumentError);
  EXPECT_THROW(child(Tensor{{1, 2}}), ArgumentError);
}

TEST(Module, PredictingInAnotherTypeLeavesTheNumbersAlone) {
  Sequential root;
  root.add<Linear>("fc1", 2, 1);
  root.cast_to(DType::f64);
  const State before = root.state().clone();
  EXPECT_EQ(root(Tensor{{1, 2}}).dtype(), DType::f32);
  EXPECT_TRUE(identical(root.state().get("fc1.weight"), before.get("fc1.weight")));
}

}  // namespace
}  // namespace longhand::nn
