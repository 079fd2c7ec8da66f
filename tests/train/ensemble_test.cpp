// Members of an ensemble: each as if it learned alone; predictions are their mean.
#include <gtest/gtest.h>

#include "longhand/train.h"
#include "temporary_directory.h"

namespace longhand {
namespace {

Table table_of(const std::string& task) {
  std::string text = "a,b,y\n";
  for (int i = 0; i < 90; ++i) {
    const double a = i % 8, b = i * 7 % 13 * 0.5;
    const auto y = task == "regression" ? std::to_string(2 * a - b + i % 3) : a + b > 9 ? "high" : a > b || task == "binary" ? "low" : "middle";
    text += std::to_string(a) + "," + std::to_string(b) + "," + y + "\n";
  }
  return parse_csv(text, "rows.csv");
}

TrainOptions options_for(std::int64_t members) {
  TrainOptions options;
  options.target = "y";
  options.hidden = {6, 4};
  options.activation = "tanh";
  options.epochs = 4;
  options.batch_size = 16;
  options.members = members;
  options.optimizer = *find_optimizer("adam");
  options.optimizer->clip_norm = 0.5;  // of each by itself
  options.refit = false;
  options.patience = 0;
  return options;
}

std::vector<double> predictions_of(const Model& model, const Table& table) { return predict(model, table).to_doubles(); }

TEST(Ensemble, PredictsTheMeanOfItsMembers) {
  for (const char* task : {"regression", "binary", "multiclass"}) {
    const auto table = table_of(task);
    const auto result = fit(table, options_for(3));
    EXPECT_EQ(result.parameters, 3 * fit(table, options_for(1)).parameters);
    const auto whole = predictions_of(result.model, table);
    std::vector<double> sum(whole.size());
    double apart = 0;
    for (int member = 0; member < 3; ++member) {
      const auto alone = predictions_of(member_of(result.model, member), table);
      for (std::size_t i = 0; i < sum.size(); ++i) {
        sum[i] += alone[i];
        apart = std::max(apart, std::abs(alone[i] - whole[i]));
      }
    }
    for (std::size_t i = 0; i < sum.size(); ++i) EXPECT_NEAR(whole[i], sum[i] / 3, 1e-5 * std::max(1.0, std::abs(whole[i]))) << task;
    EXPECT_GT(apart, 1e-3) << task;
  }
  EXPECT_THROW(member_of(fit(table_of("binary"), options_for(2)).model, 2), ArgumentError);
}

// A member that goes on alone from where it began comes to the same weights.
TEST(Ensemble, MembersLearnAsIfAlone) {
  const auto table = table_of("regression");
  auto options = options_for(3);
  options.dtype = DType::f64;
  auto begin = options;
  begin.epochs = 1;
  begin.optimizer->learning_rate = 1e-300;  // leaves the weights as they were drawn
  const auto drawn = fit(table, begin).model;
  const auto together = fit(table, options).model;
  for (int member = 0; member < 3; ++member) {
    const auto from = member_of(drawn, member);
    auto alone = options;
    alone.members = 1;
    alone.from = &from;
    const auto expected = fit(table, alone).model;
    const auto found = member_of(together, member);
    ASSERT_EQ(found.state.size(), expected.state.size());
    for (const auto& [name, tensor] : expected.state.entries()) {
      for (std::int64_t i = 0; i < tensor.count(); ++i) {
        EXPECT_NEAR(found.state.get(name).at(i), tensor.at(i), 1e-9) << member << " " << name << " " << i;
      }
    }
  }
}

TEST(Ensemble, IsOneFileAndTheSameWithAnyNumberOfThreads) {
  const testing::TemporaryDirectory folder;
  const auto table = table_of("multiclass");
  auto options = options_for(4);
  auto model = fit(table, options).model;
  options.threads = 2;
  const auto other = fit(table, options).model;
  for (const auto& [name, tensor] : model.state.entries()) EXPECT_TRUE(identical(tensor, other.state.get(name))) << name;
  save_model(model, folder / "model.safetensors");
  const auto loaded = load_model(folder / "model.safetensors");
  EXPECT_EQ(loaded.network.members, 4);
  EXPECT_TRUE(loaded.state.contains("members.3.fc1.weight"));
  EXPECT_EQ(predictions_of(loaded, table), predictions_of(model, table));
}

}  // namespace
}  // namespace longhand
