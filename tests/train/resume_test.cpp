// Training that was interrupted and goes on, against training without a break.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/same_result.h"
#include "temporary_directory.h"

namespace longhand {
namespace {

using testing::expect_same;

// Two columns, weights, and a target of numbers or of three classes.
Table rows(int count, bool classes = false) {
  std::string text = "a,b,weight,y\n";
  for (int i = 0; i < count; ++i) {
    const double a = i % 8, b = i * 7 % 13 * 0.5;
    const std::string kind = a + b + i % 3 > 6 ? "high" : i % 5 == 0 ? "middle" : "low";
    text += std::to_string(a) + "," + std::to_string(b) + "," + std::to_string(1 + i % 4) + "," +
            (classes ? kind : std::to_string(3 * a - 2 * b + i % 3)) + "\n";
  }
  return parse_csv(text, "rows.csv");
}

TrainOptions options_for(const std::string& optimizer = "adamw") {
  TrainOptions options;
  options.target = "y";
  options.hidden = {5};
  options.epochs = 7;
  options.batch_size = 16;
  options.optimizer = *find_optimizer(optimizer);
  options.optimizer->learning_rate = 0.01;
  return options;
}

// Through a file, as the command does it.
Checkpoint read_back(const Checkpoint& checkpoint) {
  const testing::TemporaryDirectory folder;
  save_checkpoint(checkpoint, folder / "at.safetensors");
  return load_checkpoint(folder / "at.safetensors");
}

// The checkpoint of a fit that is stopped when it tells of its progress for the `stop`th time;
// nothing where it is done before.
std::optional<Checkpoint> stopped(const Table& table, TrainOptions options, int stop) {
  Checkpoint last;
  options.checkpoint = [&](const Checkpoint& checkpoint) { last = checkpoint; };
  try {
    fit(table, options, [&](const TrainProgress&) { return --stop > 0; });
    return std::nullopt;
  } catch (const Interrupted&) {
    return read_back(last);  // what it shares with the training has not changed since
  }
}

struct Case {
  const char* name;
  int rows;
  void (*change)(TrainOptions&);
};

NetworkSpec normed() {
  return parse_network(R"({"layer": [{"type": "linear", "out": 5}, {"type": "batch_norm"}, {"type": "relu"},
      {"type": "linear", "out": 1}], "loss": {"type": "mse"}})", "normed");
}

void use_lbfgs(TrainOptions& options) {
  options.optimizer = *find_optimizer("lbfgs");
  options.dtype = DType::f64;
  options.epochs = 12;  // more than its memory holds
}

const std::vector<Case>& cases() {
  static const std::vector<Case> kCases{
      {"learns again from all rows", 90, [](TrainOptions& o) { o.patience = 2; o.optimizer->learning_rate = 0.05; }},
      {"keeps the best weights", 90, [](TrainOptions& o) { o.refit = false; o.patience = 2; o.optimizer->learning_rate = 0.3; }},
      {"never stops early", 90, [](TrainOptions& o) { o.patience = 0; }},
      {"has no held-out rows", 90, [](TrainOptions& o) { o.validation = 0; o.dtype = DType::f64; }},
      {"stops within epochs", 700, [](TrainOptions& o) { o.batch_size = 1; o.epochs = 2; }},
      {"dropout", 90, [](TrainOptions& o) { o.dropout = 0.3; }},
      {"weights", 90, [](TrainOptions& o) { o.balance_classes = true; o.sample_weight = "weight"; }},
      {"momentum", 90, [](TrainOptions& o) { o.optimizer->type = "sgd"; o.optimizer->rule = optim::Sgd{.momentum = 0.9}; }},
      {"rmsprop", 90, [](TrainOptions& o) { o.optimizer = *find_optimizer("rmsprop"); }},
      {"adagrad", 90, [](TrainOptions& o) { o.optimizer = *find_optimizer("adagrad"); }},
      {"lbfgs", 90, [](TrainOptions& o) { use_lbfgs(o); }},
      {"lbfgs that decays weights", 90, [](TrainOptions& o) { use_lbfgs(o); std::get<optim::Sgd>(o.optimizer->rule).weight_decay = 0.1; }},
      {"an ensemble", 90, [](TrainOptions& o) { o.members = 3; o.dropout = 0.2; }},
      {"batch_norm", 90, [](TrainOptions& o) { o.network = normed(); }},
      {"batch_norm with a last batch of one row", 90, [](TrainOptions& o) { o.network = normed(); o.batch_size = 71; }},
      {"cosine", 90, [](TrainOptions& o) { o.schedule = ScheduleSpec{.type = "cosine", .warmup = 1}; }},
      {"plateaus", 90, [](TrainOptions& o) { o.schedule = ScheduleSpec{.type = "plateau", .factor = 0.5, .patience = 0}; o.optimizer->learning_rate = 0.2; }},
      {"stops on a metric", 90, [](TrainOptions& o) { o.stop_on = "mae"; o.patience = 2; }},
      {"clipped values", 90, [](TrainOptions& o) { o.optimizer->clip_value = 0.01; }}};
  return kCases;
}

// A column of which a part of the rows has fewer values, so that its encoding has fewer steps there.
TEST(Resume, GoesOnWhereLearningAgainHasMoreInputs) {
  std::string text = "a,y\n";
  for (int i = 0; i < 130; ++i) text += std::to_string(i % 17 == 0 ? i / 17 : 0) + "," + std::to_string(i * 7 % 13) + "\n";
  const auto table = parse_csv(text, "rows.csv");
  auto options = options_for();
  options.number_steps = 40;
  options.epochs = 2;
  const auto whole = fit(table, options);
  ASSERT_NE(whole.before_refit->network.inputs, whole.model.network.inputs);
  int breaks = 0;
  for (int stop = 1; auto checkpoint = stopped(table, options, stop); ++stop, ++breaks) {
    options.resume = &*checkpoint;
    expect_same(fit(table, options), whole, "stop " + std::to_string(stop));
    options.resume = nullptr;
  }
  EXPECT_GT(breaks, 2);
}

TEST(Resume, GoesOnAsWithoutABreakWhereverItStopped) {
  for (const auto& [name, count, change] : cases()) {
    auto options = options_for();
    change(options);
    const auto table = rows(count, options.balance_classes);
    const auto whole = fit(table, options);
    int breaks = 0;
    for (int stop = 1; auto checkpoint = stopped(table, options, stop); ++stop) {
      options.resume = &*checkpoint;
      options.threads = 1 + stop % 2;
      expect_same(fit(table, options), whole, std::string(name) + " after " + std::to_string(stop));
      options.resume = nullptr;
      ++breaks;
    }
    EXPECT_GE(breaks, options.epochs > 2 ? 4 : 6) << name;
  }
}

TEST(Resume, GoesOnAfterManyBreaks) {
  auto options = options_for();
  options.patience = 3;
  const auto table = rows(90);
  const auto whole = fit(table, options);
  std::optional<Checkpoint> checkpoint;
  int breaks = 0;
  while (auto next = stopped(table, options, 1)) {
    checkpoint = std::move(next);
    options.resume = &*checkpoint;
    ++breaks;
  }
  EXPECT_EQ(breaks, whole.epochs_run);
  expect_same(fit(table, options), whole, "one epoch at a time");
}

TEST(Checkpoint, HasTheMemoryAndTheStepsOfEveryEpoch) {
  auto options = options_for("adam");
  options.validation = 0;
  std::vector<std::int64_t> steps;
  options.checkpoint = [&](const Checkpoint& checkpoint) {
    const auto at = read_back(checkpoint);
    steps.push_back(at.model.steps);
    EXPECT_EQ(at.model.state.get("optimizer.m.fc1.weight").shape(), (Shape{5, 3}));
    EXPECT_TRUE(at.model.state.contains("optimizer.v.fc2.bias"));
  };
  fit(rows(17), options);
  EXPECT_EQ(steps, (std::vector<std::int64_t>{2, 4, 6, 8, 10, 12, 14}));
}

TEST(Resume, CountsTheRowsOfItsOwnRun) {
  auto options = options_for();
  options.validation = 0;
  const auto checkpoint = stopped(rows(90), options, 2);
  options.resume = &*checkpoint;
  const auto result = fit(rows(90), options);
  EXPECT_NEAR(result.samples_per_second * result.seconds, 5 * 90, 1e-6);
}

// The message of the refusal of a fit that goes on from a checkpoint; nothing where it is not refused.
std::string refusal(const Table& table, TrainOptions options, const Checkpoint& checkpoint) {
  options.resume = &checkpoint;
  try {
    fit(table, options);
    return {};
  } catch (const ModelError& error) {
    return error.what();
  }
}

// Stopped where it had begun to learn again from all rows.
Checkpoint stopped_in_the_refit(const Table& table, const TrainOptions& options) {
  int first_part = 0;
  fit(table, options, [&](const TrainProgress& progress) {
    if (!progress.refit) ++first_part;
    return true;
  });
  return *stopped(table, options, first_part + 2);
}

TEST(Resume, RefusesACheckpointOfAnotherRun) {
  const auto table = rows(90);
  const auto begun = *stopped(table, options_for(), 2);
  const auto refit = stopped_in_the_refit(table, options_for());
  const std::vector<std::pair<const char*, void (*)(TrainOptions&)>> changes{
      {"another network.layer.0.out: ", [](TrainOptions& o) { o.hidden = {6}; }},
      {"another network.optimizer.learning_rate: 0.01, not 0.02", [](TrainOptions& o) { o.optimizer->learning_rate = 0.02; }},
      {"another target", [](TrainOptions& o) { o.target = "b"; }},
      {"another batch_size", [](TrainOptions& o) { o.batch_size = 8; }},
      {"another patience", [](TrainOptions& o) { o.patience = 3; }},
      {"another epochs", [](TrainOptions& o) { o.epochs = 8; }},
      {"another seed", [](TrainOptions& o) { o.seed = 1; }},
      {"another dtype", [](TrainOptions& o) { o.dtype = DType::f64; }}};
  for (const auto* checkpoint : {&begun, &refit}) {
    for (const auto& [message, change] : changes) {
      auto options = options_for();
      change(options);
      EXPECT_NE(refusal(table, options, *checkpoint).find(message), std::string::npos) << message;
    }
    EXPECT_NE(refusal(rows(91), options_for(), *checkpoint).find("other rows"), std::string::npos);
  }
  const std::vector<void (*)(TrainOptions&)> without_refit{[](TrainOptions& o) { o.refit = false; },
                                                           [](TrainOptions& o) { o.patience = 0; },
                                                           [](TrainOptions& o) { o.validation = 0; }};
  for (const auto& change : without_refit) {
    auto options = options_for();
    change(options);
    EXPECT_NE(refusal(table, options, refit).find("learning again from all rows"), std::string::npos);
  }
}

TEST(Resume, NamesTheCheckpointInItsOwnErrorsOnly) {
  const auto table = rows(90);
  auto checkpoint = *stopped(table, options_for(), 2);
  auto options = options_for();
  options.seed = 1;
  EXPECT_NE(refusal(table, options, checkpoint).find("at.safetensors: the checkpoint is of"), std::string::npos);
  options = options_for();
  options.network = parse_network(R"({"layer": [{"type": "linear", "out": 2}], "loss": {"type": "mse"}})", "two");
  const auto message = refusal(table, options, checkpoint);
  EXPECT_NE(message.find("2 outputs"), std::string::npos) << message;
  EXPECT_EQ(message.find("checkpoint"), std::string::npos) << message;
  checkpoint.training = "{}";
  EXPECT_NE(refusal(table, options_for(), checkpoint).find("at.safetensors: "), std::string::npos);
}

TEST(Checkpoint, IsMadeAtTheEndsOfThePartsHoweverSeldom) {
  auto options = options_for();
  options.seconds_between_checkpoints = 1e9;
  std::vector<std::int64_t> steps;
  options.checkpoint = [&](const Checkpoint& checkpoint) { steps.push_back(checkpoint.model.steps); };
  const auto result = fit(rows(90), options);
  EXPECT_EQ(steps, (std::vector<std::int64_t>{7 * 5, result.epochs * 6}));  // of 16: 72 rows, then 90
  steps.clear();
  EXPECT_THROW(fit(rows(90), options, [](const TrainProgress& progress) { return progress.epoch < 3; }), Interrupted);
  EXPECT_EQ(steps, (std::vector<std::int64_t>{3 * 5}));
}

TEST(Resume, RefusesWhatIsNoCheckpointOfATraining) {
  const auto table = rows(90);
  const auto begun = *stopped(table, options_for(), 2);
  const auto refit = stopped_in_the_refit(table, options_for());
  auto damaged = begun;
  for (const char* training : {"", "{}", "[1]", R"({"settings": {}, "epoch": "two"})"}) {
    damaged.training = training;
    EXPECT_NE(refusal(table, options_for(), damaged), "") << training;
  }
  struct Damage {
    const Checkpoint& checkpoint;
    const char* key;
    nlohmann::json value;
  };
  const std::vector<Damage> damages{
      {begun, "/rows", -1}, {begun, "/rows", 72}, {begun, "/rows", 1e300}, {begun, "/rows", ~std::uint64_t{0}},
      {begun, "/epoch", -1}, {begun, "/epoch", 8}, {begun, "/epoch", std::int64_t{1} << 62}, {begun, "/best_epoch", -1},
      {begun, "/best_epoch", 3}, {begun, "/best_epoch", 0}, {begun, "/history/0/1", nullptr}, {begun, "/history/0/2", 0.5}, {refit, "/first/validation", nullptr},
      {refit, "/first/validation_loss", nullptr}, {refit, "/first/best_epoch", -1}, {refit, "/first/best_epoch", 99},
      {refit, "/first/epochs", -5}, {refit, "/first/epochs", 8},
      {refit, "/first/validation/task", 3}, {refit, "/first/validation/task", -1},
      {refit, "/first/validation/rows", -1}, {refit, "/first/validation/values/more", 1}};
  for (const auto& [checkpoint, key, value] : damages) {
    damaged = checkpoint;
    auto json = nlohmann::ordered_json::parse(checkpoint.training);
    json[nlohmann::ordered_json::json_pointer(key)] = value;
    damaged.training = json.dump();
    EXPECT_NE(refusal(table, options_for(), damaged), "") << key << " " << value;
  }
  damaged = begun;
  damaged.model.state.set("fc1.weight", Tensor({1, 3}, DType::f32));
  EXPECT_NE(refusal(table, options_for(), damaged), "");
  damaged = begun;
  damaged.model.state.set("optimizer.m.fc1.weight", Tensor({5, 3}, DType::f64));
  EXPECT_NE(refusal(table, options_for(), damaged), "");
  damaged = begun;
  damaged.best.set("fc1.weight", Tensor({1, 3}, DType::f32));
  EXPECT_NE(refusal(table, options_for(), damaged), "");
  damaged.best = State();
  EXPECT_NE(refusal(table, options_for(), damaged), "");
}

}  // namespace
}  // namespace longhand
