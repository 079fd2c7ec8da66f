// Learning from tables, as the library's users do.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "longhand/train.h"

namespace longhand {
namespace {

std::string error_of(const auto& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// y = 3 a - 2 b + 5 on a grid of 64 rows.
Table plane() {
  std::string text = "a,b,y\n";
  for (int i = 0; i < 64; ++i) {
    const double a = i % 8, b = i / 8 * 0.5;
    text += std::to_string(a) + "," + std::to_string(b) + "," + std::to_string(3 * a - 2 * b + 5) + "\n";
  }
  return parse_csv(text, "plane.csv");
}

// Two classes that a line separates, 20 rows of one and 60 of the other.
Table halves() {
  std::string text = "a,b,y\n";
  for (int i = 0; i < 80; ++i) {
    text += std::to_string(i % 9) + "," + std::to_string(i * 0.5) + "," + (i < 20 ? "low" : "high") + "\n";
  }
  return parse_csv(text, "halves.csv");
}

TrainOptions options_for(const std::string& target = "y") {
  TrainOptions options;
  options.target = target;
  options.epochs = 60;
  options.hidden = {16};
  options.optimizer = *find_optimizer("adamw");
  options.optimizer->learning_rate = 0.02;
  return options;
}

const std::string* record(const Model& model, const std::string& key) {
  for (const auto& [name, value] : model.training) {
    if (name == key) return &value;
  }
  return nullptr;
}

TEST(Fit, LearnsAPlane) {
  const auto table = plane();
  const auto result = fit(table, options_for());
  EXPECT_EQ(result.model.target->task, Task::regression);
  EXPECT_GT(result.train.value("r2"), 0.97);
  ASSERT_TRUE(result.validation.has_value());
  EXPECT_EQ(result.validation->rows, 13);
  EXPECT_EQ(result.parameters, 3 * 16 + 17);
  EXPECT_GT(result.samples_per_second, 0);
  EXPECT_EQ(evaluate(result.model, table).values, result.train.values);
}

TEST(Fit, LearnsClassesInOrderOfTheirNames) {
  const auto result = fit(halves(), options_for());
  EXPECT_EQ(result.model.target->classes, (std::vector<std::string>{"high", "low"}));
  EXPECT_EQ(result.train.task, Task::binary);
  EXPECT_GT(result.train.value("accuracy"), 0.95);
}

TEST(Fit, ScalesByTheRowsThatItLearnsFrom) {
  auto options = options_for();
  options.validation = 0;
  options.epochs = 1;
  const auto model = fit(plane(), options).model;
  EXPECT_DOUBLE_EQ(model.inputs[0].mean, 3.5);
  EXPECT_DOUBLE_EQ(model.inputs[0].scale, std::sqrt(5.25));
  EXPECT_DOUBLE_EQ(model.inputs[1].mean, 1.75);
  options.validation = 0.25;
  options.refit = false;
  const auto part = fit(plane(), options).model;
  EXPECT_EQ(*record(part, "rows"), "48");
  EXPECT_NE(part.inputs[0].mean, 3.5);
}

TEST(Fit, ScalesColumnsOfAnySize) {
  const auto table = parse_csv("a,b,y\n1e-320,1e300,0\n2e-320,-1e300,1\n3e-320,2e300,0\n4e-320,1e300,1\n5e-320,3e300,0\n1e-320,0,1\n", "t.csv");
  auto options = options_for();
  options.validation = 0;
  options.epochs = 2;
  const auto result = fit(table, options);
  for (const auto& column : result.model.inputs) {
    EXPECT_TRUE(std::isfinite(column.scale) && column.scale > 0) << column.name;
  }
  const auto wide = parse_csv("a,y\n-1.7e308,0\n1.7e308,1\n1,0\n", "t.csv");
  EXPECT_NE(error_of([&] { fit(wide, options); }).find("t.csv: column 'a'"), std::string::npos);
}

TEST(Fit, AConstantColumnIsLeftOutWithAWarning) {
  const auto table = parse_csv("a,b,y\n1,7,0\n2,7,1\n3,7,0\n4,7,1\n5,7,0\n6,7,1\n", "t.csv");
  auto options = options_for();
  options.epochs = 2;
  options.validation = 0;
  const auto result = fit(table, options);
  EXPECT_EQ(result.warnings, std::vector<std::string>{"t.csv: left out 1 column: 'b' (constant: '7' in all rows)"});
  EXPECT_EQ(result.model.inputs.size(), 1);
}

TEST(Fit, TheSameWithAnyNumberOfThreads) {
  auto options = options_for();
  options.dropout = 0.3;
  const auto once = fit(halves(), options).model;
  for (const int threads : {2, 3, 7}) {
    options.threads = threads;
    const auto again = fit(halves(), options).model;
    for (const auto& [name, tensor] : once.state.entries()) {
      EXPECT_TRUE(identical(tensor, again.state.get(name))) << name << ", " << threads << " threads";
    }
  }
  options.seed = 1;
  const auto other = fit(halves(), options).model;
  EXPECT_FALSE(identical(once.state.get("fc1.weight"), other.state.get("fc1.weight")));
}

// Held-out rows that contradict the others: the first epochs are the best.
TEST(Fit, StopsEarlyAndKeepsTheBestWeights) {
  const auto wrong = parse_csv("a,b,y\n0,1,high\n1,3,high\n2,5,high\n3,70,low\n4,75,low\n5,79,low\n", "w.csv");
  auto options = options_for();
  options.validation_table = &wrong;
  options.patience = 5;
  options.epochs = 500;
  std::vector<double> losses;
  const auto result = fit(halves(), options, [&](const TrainProgress& progress) {
    if (progress.validation_loss) losses.push_back(*progress.validation_loss);
    return true;
  });
  const auto best = std::ranges::min_element(losses) - losses.begin() + 1;
  EXPECT_EQ(result.epochs, best);
  EXPECT_EQ(result.epochs_run, static_cast<std::int64_t>(losses.size()));
  EXPECT_EQ(losses.size(), best + 5);
  EXPECT_NEAR(result.validation->value("log_loss"), losses[static_cast<std::size_t>(best) - 1], 1e-5);
}

TEST(Fit, PatienceOfZeroRunsToTheEnd) {
  auto options = options_for();
  options.patience = 0;
  options.epochs = 30;
  const auto result = fit(halves(), options);
  EXPECT_EQ(result.epochs, 30);
  EXPECT_EQ(result.epochs_run, 30);
}

TEST(Fit, LearnsAgainFromAllRowsForTheBestNumberOfEpochs) {
  auto options = options_for();
  const auto result = fit(halves(), options);
  EXPECT_EQ(*record(result.model, "rows"), "80");
  EXPECT_EQ(*record(result.model, "refit"), "true");
  auto plain = options;
  plain.validation = 0;
  plain.patience = 0;
  plain.epochs = result.epochs;
  const auto same = fit(halves(), plain);
  EXPECT_TRUE(identical(result.model.state.get("fc1.weight"), same.model.state.get("fc1.weight")));
}

TEST(Fit, KeepsTheModelAndTheRowsThatValidationIsAbout) {
  const auto table = plane();
  auto options = options_for();
  options.patience = 5;
  const auto result = fit(table, options);
  ASSERT_TRUE(result.before_refit);
  const auto held_out = table.select_rows(result.split.held_out);
  EXPECT_EQ(evaluate(*result.before_refit, held_out).values, result.validation->values);
  EXPECT_NE(evaluate(result.model, held_out).values, result.validation->values);
  ASSERT_LT(result.epochs, static_cast<std::int64_t>(result.history.size()));
  const auto best = std::ranges::min_element(result.history, {}, [](const EpochLoss& epoch) { return *epoch.validation_loss; });
  EXPECT_EQ(best - result.history.begin() + 1, result.epochs);
  options.refit = false;
  const auto kept = fit(table, options);
  EXPECT_FALSE(kept.before_refit);
  EXPECT_EQ(kept.history, result.history);
}

TEST(Fit, WeightsOfRows) {
  auto options = options_for();
  options.validation = 0;
  options.hidden = {};
  options.epochs = 400;
  // Every input has both classes, so what is learned is the share of class 1 among the weights.
  std::string text = "a,w,y\n";
  for (int i = 0; i < 60; ++i) text += std::to_string(i / 2 % 3) + (i % 2 == 0 ? ",1,0\n" : ",3,1\n");
  options.sample_weight = "w";
  options.optimizer = *find_optimizer("adam");
  options.optimizer->learning_rate = 0.02;
  const auto result = fit(parse_csv(text, "t.csv"), options);
  EXPECT_EQ(result.model.inputs.size(), 1);
  const auto p = predict(result.model, parse_csv("a\n0\n1\n2\n", "t.csv"));
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(p.at(i), 0.75, 0.02);

  // Classes of 1 and 3 rows in 4, balanced: one half.
  text = "a,y\n";
  for (int i = 0; i < 80; ++i) text += std::to_string(i / 4 % 3) + (i % 4 == 0 ? ",0\n" : ",1\n");
  options.sample_weight = "";
  options.balance_classes = true;
  const auto balanced = fit(parse_csv(text, "t.csv"), options);
  const auto q = predict(balanced.model, parse_csv("a\n0\n1\n2\n", "t.csv"));
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(q.at(i), 0.5, 0.02);
}

TEST(Fit, RefusesWeightsThatAreNone) {
  auto options = options_for();
  options.sample_weight = "b";
  const auto table = parse_csv("a,b,y\n1,1,0\n2,0,1\n3,2,0\n", "t.csv");
  EXPECT_NE(error_of([&] { fit(table, options); }).find("row 2 (line 3), column 'b': a weight must be above 0"), std::string::npos);
  options.sample_weight = "y";
  EXPECT_THROW(fit(table, options), ArgumentError);
}

TEST(Fit, DivergenceIsAnErrorOfTheEpoch) {
  auto options = options_for();
  options.optimizer = *find_optimizer("sgd");
  options.optimizer->learning_rate = 1e30;
  EXPECT_THROW(fit(plane(), options), DivergenceError);
  EXPECT_NE(error_of([&] { fit(plane(), options); }).find("diverged in epoch 1"), std::string::npos);
  options.optimizer->learning_rate = 1e38;
  options.validation = 0;
  options.epochs = 1;
  options.batch_size = 64;  // one step, whose loss is still finite; what follows is not
  options.hidden = {16, 16};
  EXPECT_THROW(fit(plane(), options), DivergenceError);
}

TEST(Fit, DivergenceIsSeenInTheLossOfAStep) {
  auto options = options_for();
  options.optimizer = *find_optimizer("sgd");
  options.optimizer->learning_rate = 1e30;
  options.validation = 0;
  options.batch_size = 8;
  int calls = 0;
  const auto message = error_of([&] { fit(plane(), options, [&](const TrainProgress&) { return ++calls > 0; }); });
  EXPECT_NE(message.find("diverged in epoch 1: the loss is"), std::string::npos) << message;
  EXPECT_EQ(calls, 0);
}

// The optimiser's count of steps goes on from epoch to epoch.
TEST(Fit, StepsAreThoseOfTheStepGraph) {
  auto options = options_for();
  options.optimizer = *find_optimizer("adam");
  options.optimizer->learning_rate = 0.01;
  options.validation = 0;
  options.epochs = 7;
  options.batch_size = 64;
  options.dtype = DType::f64;
  const auto trained = fit(plane(), options).model;

  auto model = Model::from_network(trained.network, options.seed, DType::f64);
  model.inputs = trained.inputs;
  model.target = trained.target;
  const Program program(build_step(model, {.raw = true}).graph, {.dtype = DType::f64, .max_rows = 64});
  for (const auto& [name, type] : program.states()) {
    if (!model.state.contains(name)) model.state.set(name, Tensor(type.shape, DType::f64));
  }
  const auto table = plane();
  Runner runner(program, model.state);
  runner.bind("raw", feature_matrix(table, std::vector<std::string>{"a", "b"}));
  runner.bind("y", Tensor::from(table.numbers("y"), {64, 1}, DType::f64));
  runner.bind("learning_rate", Tensor::scalar(0.01, DType::f64));
  for (int step = 0; step < 7; ++step) {
    runner.bind("step", Tensor::scalar(step, DType::i32));
    runner.run(64);
  }
  for (const auto& [name, tensor] : trained.state.entries()) {
    for (std::int64_t i = 0; i < tensor.count(); ++i) {
      EXPECT_NEAR(tensor.at(i), model.state.get(name).at(i), 1e-9) << name;
    }
  }
}

TEST(Fit, TheSeedDecidesTheOrderOfRows) {
  auto options = options_for();
  options.network = parse_network(
      R"({"layer": [{"type": "linear", "out": 1, "weight": [[0.1, 0.2]], "bias": [0]}], "loss": {"type": "mse"}})", "net");
  options.validation = 0;
  options.epochs = 2;
  options.batch_size = 8;
  const auto first = fit(plane(), options).model;
  options.seed = 1;
  EXPECT_FALSE(identical(first.state.get("fc1.weight"), fit(plane(), options).model.state.get("fc1.weight")));
}

TEST(Fit, ChoosesWhatNobodySays) {
  TrainOptions options;
  options.target = "y";
  const auto result = fit(halves(), options);
  const auto& optimizer = result.model.network.optimizer;
  EXPECT_EQ(optimizer.type, "adamw");
  EXPECT_EQ(optimizer.learning_rate, 1e-3);
  EXPECT_EQ(std::get<optim::AdamW>(optimizer.rule).weight_decay, 0.4375);  // 35 / 80 rows
  EXPECT_EQ(std::get<optim::AdamW>(TrainOptions::default_optimizer(20).rule).weight_decay, 1);
  EXPECT_EQ(std::get<optim::AdamW>(TrainOptions::default_optimizer(1'000'000).rule).weight_decay, 0.01);
  options.patience = 0;
  options.hidden = {2};
  EXPECT_EQ(fit(halves(), options).epochs, 200);
  options.patience = 100'000;
  options.refit = false;
  EXPECT_EQ(fit(halves(), options).epochs_run, 1000);
}

TEST(Fit, StopsWhenAskedTo) {
  int calls = 0;
  EXPECT_THROW(fit(plane(), options_for(), [&](const TrainProgress&) { return ++calls < 3; }), Interrupted);
  EXPECT_EQ(calls, 3);
}

TEST(Fit, BadOptions) {
  const auto table = plane();
  const auto refused = [&](auto change) {
    auto options = options_for();
    change(options);
    EXPECT_THROW(fit(table, options), ArgumentError);
  };
  refused([](auto& o) { o.target = "nosuch"; });
  refused([](auto& o) { o.hidden = {4, 0}; });
  refused([](auto& o) { o.activation = "nosuch"; });
  refused([](auto& o) { o.dropout = 1; });
  refused([](auto& o) { o.dropout = std::nan(""); });
  refused([](auto& o) { o.batch_size = -1; });
  refused([](auto& o) { o.validation = 1; });
  refused([](auto& o) { o.validation = std::nan(""); });
  refused([](auto& o) { o.patience = -1; });
  refused([](auto& o) { o.threads = 0; });
  refused([](auto& o) { o.dtype = DType::i32; });
  refused([](auto& o) { o.optimizer->learning_rate = 0; });
  refused([](auto& o) { o.optimizer->learning_rate = std::nan(""); });
  refused([](auto& o) { o.optimizer->rule = optim::Sgd{.momentum = -1}; });
}

TEST(Fit, ANetworkOfTheUsersAndItsLoss) {
  auto options = options_for();
  options.network = parse_network(
      R"({"layer": [{"type": "linear", "out": 6}, {"type": "tanh"}, {"type": "linear", "out": 2}], "loss": {"type": "cross_entropy"}})",
      "net");
  const auto classes = fit(halves(), options);
  EXPECT_EQ(classes.train.task, Task::multiclass);
  EXPECT_GT(classes.train.value("accuracy"), 0.9);
  EXPECT_THROW(fit(plane(), options), ModelError);
  options.network = parse_network(
      R"({"layer": [{"type": "linear", "out": 6}, {"type": "relu"}, {"type": "linear", "out": 1}], "loss": {"type": "huber"}})", "net");
  EXPECT_GT(fit(plane(), options).train.value("r2"), 0.9);
  options.network->loss.type = "poisson";
  const auto rates = fit(parse_csv("a,y\n1,1.5\n2,2.5\n3,4.5\n4,8.5\n5,16.5\n6,33.5\n", "t.csv"), options);
  EXPECT_EQ(rates.model.target->scale, 1);
  EXPECT_NE(error_of([&] { fit(parse_csv("a,y\n1,1.5\n2,-2.5\n3,4.5\n", "t.csv"), options); }).find("row 2 (line 3), column 'y'"),
            std::string::npos);
}

TEST(Fit, TheSelfTestIsMadeOfMedians) {
  const auto table = parse_csv("a,y\n1,0\n2,1\n3,0\n100,1\n", "t.csv");
  auto options = options_for();
  options.validation = 0;
  options.epochs = 1;
  const auto model = fit(table, options).model;
  const auto& rows = model.self_test->inputs;
  EXPECT_DOUBLE_EQ(rows.at(0), 2.5);
  EXPECT_DOUBLE_EQ(rows.at(1), 2.5 + model.inputs[0].scale);
  EXPECT_DOUBLE_EQ(rows.at(2), 2.5 - model.inputs[0].scale);
}

}  // namespace
}  // namespace longhand
