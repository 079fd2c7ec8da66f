// L-BFGS on tables: the optimum that others find, and what it refuses.
#include <gtest/gtest.h>

#include "longhand/train.h"

namespace longhand {
namespace {

// 40 rows, 23 of them of class 1.
Table table() {
  std::string text = "a,b,y\n";
  for (int i = 0; i < 40; ++i) {
    const double a = i % 8, b = i * 7 % 13 * 0.5;
    text += std::to_string(a) + "," + std::to_string(b) + "," + (a + b + i % 5 > 8 ? "1" : "0") + "\n";
  }
  return parse_csv(text, "rows.csv");
}

TrainOptions options_for() {
  TrainOptions options;
  options.target = "y";
  options.hidden = {};
  options.dtype = DType::f64;
  options.validation = 0;
  options.epochs = 100;
  options.optimizer = *find_optimizer("lbfgs");
  options.optimizer->decay_biases = false;
  options.optimizer->rule = optim::Sgd{.weight_decay = 0.1};
  return options;
}

// scikit-learn's LogisticRegression(C=1 / (0.1 * 40)) on standardised columns.
TEST(LbfgsFit, FindsTheLogisticRegressionOfScikitLearn) {
  const auto result = fit(table(), options_for());
  const auto& weight = result.model.state.get("fc1.weight");
  EXPECT_NEAR(weight.at(0), 0.68086696, 1e-7);
  EXPECT_NEAR(weight.at(1), 1.03357166, 1e-7);
  EXPECT_NEAR(result.model.state.get("fc1.bias").at(0), 0.39411968, 1e-7);
  EXPECT_LT(result.epochs, 30);  // it ends where no step is better
}

// A weight of two counts as the row twice; nor does the number of threads matter.
TEST(LbfgsFit, TakesWeightsAndThreads) {
  std::string twice = "a,b,y\n", weighted = "a,b,w,y\n";
  for (int i = 0; i < 40; ++i) {
    const auto row = std::to_string(i % 8) + "," + std::to_string(i * 7 % 13);
    const std::string y = i % 8 + i * 7 % 13 + i % 5 > 10 ? ",1\n" : ",0\n";
    // Each value of a column as often in both, so that they are scaled alike.
    for (int copy = 0; copy < 2; ++copy) twice += row + y;
    weighted += row + ",2" + y;
  }
  auto options = options_for();
  options.hidden = {4};
  options.activation = "tanh";
  options.epochs = 5;
  const auto expected = fit(parse_csv(twice, "twice.csv"), options).model;
  options.sample_weight = "w";
  const auto once = fit(parse_csv(weighted, "weighted.csv"), options).model;
  options.threads = 2;
  const auto threaded = fit(parse_csv(weighted, "weighted.csv"), options).model;
  for (const auto& [name, tensor] : once.state.entries()) {
    EXPECT_TRUE(identical(tensor, threaded.state.get(name))) << name;
    for (std::int64_t i = 0; i < tensor.count(); ++i) EXPECT_NEAR(tensor.at(i), expected.state.get(name).at(i), 1e-8) << name;
  }
}

TEST(LbfgsFit, RefusesWhatIsAnotherLossInEachStep) {
  const std::pair<const char*, void (*)(TrainOptions&)> bad[] = {
      {"f64", [](TrainOptions& o) { o.dtype = DType::f32; }},
      {"dropout", [](TrainOptions& o) { o.hidden = {4}; o.dropout = 0.1; }},
      {"schedule", [](TrainOptions& o) { o.schedule = ScheduleSpec{.type = "cosine"}; }},
      {"clip", [](TrainOptions& o) { o.optimizer->clip_norm = 1; }},
      {"batch_norm", [](TrainOptions& o) {
         o.network = parse_network(R"({"layer": [{"type": "linear", "out": 2}, {"type": "batch_norm"}, {"type": "linear", "out": 1}],
                                       "loss": {"type": "bce_with_logits"}})", "normed");
       }}};
  for (const auto& [word, change] : bad) {
    auto options = options_for();
    change(options);
    try {
      fit(table(), options);
      ADD_FAILURE() << word;
    } catch (const ArgumentError& error) {
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace longhand
