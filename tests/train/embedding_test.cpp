// Columns of many categories as learnt rows: which are learnt, and what stands for the others.
#include <gtest/gtest.h>

#include <cmath>

#include "longhand/train.h"
#include "temporary_directory.h"
#include "train/defaults.h"

namespace longhand {
namespace {

// A target that depends on the category alone: its number squared, but for noise.
Table table_of(int rows, int categories, bool gaps, const std::string& last = "") {
  std::string text = "town,b,y\n";
  for (int i = 0; i < rows; ++i) {
    const int town = i * 7 % categories;
    const bool is_gap = gaps && i % 11 == 0;
    text += (is_gap ? std::string() : "t" + std::to_string(town)) + "," + std::to_string(i % 5) + "," +
            std::to_string((is_gap ? 3 : town * town) + 0.01 * (i % 3)) + "\n";
  }
  return parse_csv(text + last, "rows.csv");
}

TrainOptions options_for(std::int64_t size) {
  TrainOptions options;
  options.target = "y";
  options.hidden = {8};
  options.epochs = 30;
  options.batch_size = 16;
  options.embedding = size;
  options.optimizer = *find_optimizer("adam");
  options.optimizer->learning_rate = 0.02;
  return options;
}

std::vector<double> row_of(const Tensor& weight, std::int64_t row) {
  std::vector<double> entries;
  for (std::int64_t j = 0; j < weight.shape()[1]; ++j) entries.push_back(weight.at(row * weight.shape()[1] + j));
  return entries;
}

TEST(Embedding, LearnsARowForEachCategory) {
  const auto result = fit(table_of(200, 10, false), options_for(3));
  EXPECT_GT(result.train.value("r2"), 0.95);
  const auto& weight = result.model.state.get("embedding.town.weight");
  EXPECT_EQ(weight.shape(), (Shape{11, 3}));
  EXPECT_EQ(result.model.network.inputs, 2);
  EXPECT_EQ(result.parameters, 33 + 8 * 4 + 8 + 8 + 1);
  // By an independent sum: what is not known is the mean of what is.
  for (std::int64_t j = 0; j < 3; ++j) {
    double mean = 0;
    for (std::int64_t row = 0; row < 10; ++row) mean += weight.at(row * 3 + j) / 10;
    EXPECT_NEAR(weight.at(30 + j), mean, 1e-6);
  }
}

TEST(Embedding, AMissingCellHasARowThatLearns) {
  auto options = options_for(4);
  options.epochs = 200;
  const auto result = fit(table_of(300, 10, true), options);
  const auto& weight = result.model.state.get("embedding.town.weight");
  ASSERT_EQ(weight.shape(), (Shape{12, 4}));
  EXPECT_NE(row_of(weight, 10), row_of(weight, 11));
  const auto predicted = predict(result.model, parse_csv("town,b\n,1\nt5,1\n", "new.csv"));
  EXPECT_NEAR(predicted.at(0), 3, 10);
  EXPECT_NEAR(predicted.at(1), 25, 10);
}

TEST(Embedding, ACategoryNeverMetIsPredictedAsOneLikeTheRest) {
  const auto result = fit(table_of(200, 10, false), options_for(3));
  std::vector<CellNote> notes;
  const auto predicted = predict(result.model, parse_csv("town,b\nelsewhere,1\n,1\n", "new.csv"), 1, &notes);
  ASSERT_EQ(notes.size(), 2);
  for (const std::int64_t row : {0, 1}) {
    EXPECT_GT(predicted.at(row), 0);
    EXPECT_LT(predicted.at(row), 81);
  }
}

// Where categories of one row are left to the unknown, its row learns from them and stays as it is.
TEST(Embedding, RareCategoriesTeachTheUnknown) {
  std::string rare;
  for (int i = 0; i < 40; ++i) rare += "rare" + std::to_string(i) + ",1,500\n";
  const auto result = fit(table_of(300, 25, false, rare), options_for(2));
  ASSERT_EQ(result.model.inputs[0].categories.size(), 25);
  const auto predicted = predict(result.model, parse_csv("town,b\nelsewhere,1\n", "new.csv"));
  EXPECT_NEAR(predicted.at(0), 500, 60);
}

TEST(Embedding, IsTheSameForAnyNumberOfThreadsAndAcrossABreak) {
  const auto table = table_of(300, 30, true);
  for (const char* optimizer : {"sgd", "adamw"}) {
    for (const std::int64_t members : {1, 3}) {
      auto options = options_for(4);
      options.members = members;
      options.epochs = 5;
      options.optimizer = *find_optimizer(optimizer);
      const auto once = fit(table, options);
      auto threaded = options;
      threaded.threads = 3;
      const auto again = fit(table, threaded);
      const testing::TemporaryDirectory folder;
      auto broken = options;
      broken.checkpoint = [&](const Checkpoint& at) { save_checkpoint(at, folder / "at.safetensors"); };
      int calls = 3;
      EXPECT_THROW(fit(table, broken, [&](const TrainProgress&) { return --calls > 0; }), Interrupted);
      const auto checkpoint = load_checkpoint(folder / "at.safetensors");
      auto resumed = options;
      resumed.resume = &checkpoint;
      const auto whole = fit(table, resumed);
      for (const auto& [name, tensor] : once.model.state.entries()) {
        EXPECT_TRUE(identical(tensor, again.model.state.get(name))) << optimizer << members << name;
        EXPECT_TRUE(identical(tensor, whole.model.state.get(name))) << optimizer << members << name;
      }
    }
  }
}

TEST(Embedding, GoesThroughTheFileAndIsGoneOnFrom) {
  const auto table = table_of(200, 12, true);
  auto options = options_for(3);
  options.members = 2;
  auto result = fit(table, options);
  const testing::TemporaryDirectory folder;
  save_model(result.model, folder / "model.safetensors");
  const auto model = load_model(folder / "model.safetensors");
  EXPECT_TRUE(identical(predict(model, table), predict(result.model, table)));
  EXPECT_TRUE(model.state.contains("members.1.embedding.town.weight"));
  options.from = &model;
  options.members = 1;
  options.epochs = 1;
  options.validation = 0;
  options.optimizer->learning_rate = 1e-30;  // changes no bit
  const auto same = fit(table, options).model;
  for (const auto& [name, tensor] : model.state.entries()) EXPECT_TRUE(identical(tensor, same.state.get(name))) << name;
}

TEST(Embedding, IsChosenByTheNumberOfCategories) {
  const auto embedding = [](int categories, std::optional<std::int64_t> asked) {
    TrainOptions options;
    options.embedding = asked;
    return train::embedding_for(options, static_cast<std::size_t>(categories));
  };
  EXPECT_EQ(embedding(200, {}), 0);
  EXPECT_EQ(embedding(1000, {}), 0);
  EXPECT_EQ(embedding(2, 5), 0);
  EXPECT_EQ(embedding(3, 5), 5);
  EXPECT_EQ(embedding(1000, 0), 0);
}

TEST(Embedding, TablesHaveNamesThatModulesMayHave) {
  std::vector<InputColumn> columns(3);
  columns[0].name = "a.b c";
  columns[1].name = "n";
  columns[2].name = "a_b.c";
  for (const std::size_t i : {0U, 2U}) {
    columns[i].kind = ColumnKind::category;
    columns[i].categories = {"x", "y", "z"};
    columns[i].embedding = 2;
    columns[i].has_missing = i == 2;
  }
  const auto tables = embedding_tables(columns);
  ASSERT_EQ(tables.size(), 2);
  EXPECT_EQ(tables[0].name, "a_b_c");
  EXPECT_EQ(tables[1].name, "a_b_c_2");
  EXPECT_EQ(tables[1].input, 2);
  EXPECT_EQ(tables[0].rows, 4);
  EXPECT_EQ(tables[1].rows, 5);
}

TEST(Embedding, IsRefusedInANetworkForATable) {
  auto options = options_for(3);
  options.network = parse_network(R"({"network": {"inputs": 2}, "layer": [{"type": "embedding", "tables": [
      {"name": "a", "input": 1, "rows": 3, "size": 2}]}, {"type": "linear", "out": 1}], "loss": {"type": "mse"}})", "net");
  EXPECT_THROW(fit(table_of(100, 10, false), options), ModelError);
}

}  // namespace
}  // namespace longhand
