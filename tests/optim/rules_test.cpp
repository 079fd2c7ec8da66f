// Update rules: what they refuse, what they add to a graph, and what they leave alone. Their values
// are held against PyTorch in tests/parity.
#include "longhand/optim.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ir/evaluate.h"
#include "support/op_samples.h"

namespace longhand::optim {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Bad {
  StepRule rule;
  const char* option;
};

TEST(Validate, RefusesWhatIsOutOfRangeByName) {
  for (const double bad : {-0.1, kNan, kInfinity, -kInfinity}) {
    for (const auto& [rule, option] : std::vector<Bad>{{Sgd{.momentum = bad}, "momentum"},
                                                       {Sgd{.weight_decay = bad}, "weight_decay"},
                                                       {Adam{.beta1 = bad}, "beta1"},
                                                       {Adam{.beta2 = bad}, "beta2"},
                                                       {Adam{.epsilon = bad}, "epsilon"},
                                                       {Adam{.weight_decay = bad}, "weight_decay"},
                                                       {AdamW{.beta1 = bad}, "beta1"},
                                                       {AdamW{.beta2 = bad}, "beta2"},
                                                       {AdamW{.epsilon = bad}, "epsilon"},
                                                       {AdamW{.weight_decay = bad}, "weight_decay"},
                                                       {RmsProp{.alpha = bad}, "alpha"},
                                                       {RmsProp{.epsilon = bad}, "epsilon"},
                                                       {RmsProp{.momentum = bad}, "momentum"},
                                                       {RmsProp{.weight_decay = bad}, "weight_decay"},
                                                       {Adagrad{.epsilon = bad}, "epsilon"},
                                                       {Adagrad{.weight_decay = bad}, "weight_decay"}}) {
      try {
        validate(rule);
        ADD_FAILURE() << option << " " << bad << " of rule " << rule.index();
      } catch (const ArgumentError& error) {
        EXPECT_NE(std::string(error.what()).find(option), std::string::npos) << error.what();
      }
    }
  }
  for (const StepRule& rule : {StepRule(Adam{.beta1 = 1}), StepRule(AdamW{.beta2 = 1}), StepRule(RmsProp{.alpha = 1}),
                               StepRule(Sgd{.nesterov = true})}) {
    EXPECT_THROW(validate(rule), ArgumentError);
  }
}

TEST(Validate, TakesTheEndsOfEachRange) {
  for (const StepRule& rule :
       {StepRule(Sgd{}), StepRule(Sgd{.momentum = 1.5, .nesterov = true}), StepRule(Adam{.beta1 = 0, .beta2 = 0, .epsilon = 0}),
        StepRule(AdamW{}), StepRule(RmsProp{.alpha = 0}), StepRule(Adagrad{})}) {
    EXPECT_NO_THROW(validate(rule));
  }
}

struct Memory {
  const char* name;
  StepRule rule;
  std::vector<std::string> roles;   ///< what is remembered
  std::vector<std::string> shown;   ///< what is worked out, in order
};

const std::vector<Memory>& memories() {
  static const std::vector<Memory> kMemories{
      {"sgd", Sgd{}, {}, {}},
      {"momentum", Sgd{.momentum = 0.9}, {"v"}, {"v"}},
      {"nesterov", Sgd{.momentum = 0.9, .nesterov = true}, {"v"}, {"v"}},
      {"adam", Adam{}, {"m", "v"}, {"m", "v", "m_hat", "v_hat"}},
      {"adamw", AdamW{.weight_decay = 0}, {"m", "v"}, {"m", "v", "m_hat", "v_hat"}},
      {"rmsprop", RmsProp{}, {"v"}, {"v"}},
      {"rmsprop with momentum", RmsProp{.momentum = 0.5}, {"v", "b"}, {"v", "b"}},
      {"adagrad", Adagrad{}, {"v"}, {"v"}},
  };
  return kMemories;
}

struct Built {
  Graph graph{Mode::train};
  Update update;
};

Built build(const StepRule& rule) {
  Built built;
  Graph& g = built.graph;
  const Var w = g.state("fc1.weight", {2, 3}), gradient = g.input("g", {2, 3});
  const Var rate = g.input("learning_rate", {}), step = g.input("step", {}, Kind::index);
  built.update = update(rule, w, gradient, rate, step);
  return built;
}

TEST(Update, NamesAndLabelsItsMemory) {
  for (const auto& memory : memories()) {
    auto built = build(memory.rule);
    const auto& graph = built.graph;
    ASSERT_EQ(graph.writes().size(), memory.roles.size() + 1) << memory.name;
    for (const auto& role : memory.roles) {
      const auto id = graph.find_state("optimizer." + role + ".fc1.weight");
      ASSERT_NE(id, kNoNode) << memory.name << " " << role;
      EXPECT_EQ(graph.node(id).type.shape, (Shape{2, 3}));
    }
    std::vector<std::string> shown;
    for (const auto& [role, value] : built.update.quantities) {
      shown.push_back(role);
      EXPECT_EQ(value.node().label.layer, "fc1.weight");
      EXPECT_EQ(value.node().label.role, role);
    }
    EXPECT_EQ(shown, memory.shown) << memory.name;
    EXPECT_EQ(built.update.new_value.node().label.role, "new");
    EXPECT_EQ(built.update.new_value.id, graph.writes().back().second);
    EXPECT_NO_THROW(verify(graph));
  }
}

// The first step from zeros, and a tenth after: no gradient, no movement, to the bit.
template <class T>
void expect_no_movement() {
  for (const auto& memory : memories()) {
    const auto built = build(memory.rule);
    for (const double step : {0.0, 9.0, 1e6}) {
      Inputs<T> inputs{{"fc1.weight", to_array<T>(testing::filled({2, 3}, 4))},
                       {"g", to_array<T>(Tensor({2, 3}, DType::f64))},
                       {"learning_rate", to_array<T>(Tensor::scalar(0.1, DType::f64))},
                       {"step", to_array<T>(Tensor::scalar(step, DType::i32))}};
      for (const auto& role : memory.roles) {
        inputs["optimizer." + role + ".fc1.weight"] = to_array<T>(Tensor({2, 3}, DType::f64));
      }
      const auto values = evaluate<T>(built.graph, inputs);
      for (const auto& [state, value] : built.graph.writes()) {
        const auto& before = inputs.at(built.graph.node(state).attributes.name).real;
        EXPECT_EQ(values[static_cast<std::size_t>(value)].real, before) << memory.name << ", step " << step;
      }
    }
  }
}

TEST(Update, WithoutAGradientNothingMoves) {
  expect_no_movement<double>();
  expect_no_movement<float>();
}

TEST(Update, TheFirstStepOfAdamIsTheLearningRate) {
  const auto built = build(Adam{.epsilon = 0});
  const Tensor zeros({2, 3}, DType::f64), gradient = Tensor::from(std::vector{1e-12, -1e-3, 5.0, -7e8, 2.0, 1e-30}, {2, 3}, DType::f64);
  const auto values = evaluate<double>(
      built.graph, {{"fc1.weight", to_array<double>(zeros)}, {"g", to_array<double>(gradient)},
                    {"learning_rate", to_array<double>(Tensor::scalar(0.25, DType::f64))},
                    {"step", to_array<double>(Tensor::scalar(0, DType::i32))},
                    {"optimizer.m.fc1.weight", to_array<double>(zeros)},
                    {"optimizer.v.fc1.weight", to_array<double>(zeros)}});
  const auto& moved = values[static_cast<std::size_t>(built.update.new_value.id)].real;
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_NEAR(moved[i], gradient.at(static_cast<std::int64_t>(i)) > 0 ? -0.25 : 0.25, 1e-12) << i;
  }
}

TEST(Update, OfWhatIsNoParameterIsRefused) {
  Graph graph;
  const Var x = graph.input("x", {2}), rate = graph.input("r", {}), step = graph.input("s", {}, Kind::index);
  EXPECT_THROW(update(Sgd{}, x, x, rate, step), ArgumentError);
}

}  // namespace
}  // namespace longhand::optim
