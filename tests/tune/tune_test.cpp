// The search: against learning with the options as they are, and with breaks against without.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "longhand/tune.h"
#include "tune/brackets.h"

namespace longhand {
namespace {

Table rows(double shift = 0) {
  std::string text = "a,b,c,y\n";
  for (int i = 0; i < 150; ++i) {
    const double a = i % 17, b = i * 5 % 23 * 0.25;
    const std::string c = i % 4 == 0 ? "x" : i % 3 == 0 ? "y" : "z";
    text += std::to_string(a) + "," + std::to_string(b) + "," + c + "," + std::to_string(a * b + (i % 4 == 0 ? 3 : 0) + i * 7 % 5 + shift) + "\n";
  }
  return parse_csv(text, "rows.csv");
}

TuneOptions options_for(std::int64_t trials) {
  TuneOptions options;
  options.training.target = "y";
  options.training.hidden = {12};
  options.training.epochs = 60;
  options.training.patience = 5;
  options.training.optimizer = TrainOptions::default_optimizer(150);
  options.trials = trials;
  return options;
}

EpochLoss best_of(const std::vector<EpochLoss>& history) {
  return *std::ranges::min_element(history, {}, [](const EpochLoss& epoch) { return *epoch.validation_loss; });
}

bool is_same(const TrialSettings& a, const TrialSettings& b) {
  return a.learning_rate == b.learning_rate && a.weight_decay == b.weight_decay && a.dropout == b.dropout && a.hidden == b.hidden &&
         a.number_steps == b.number_steps && a.batch_size == b.batch_size;
}

std::string bytes_of(Model model) { return serialize_model(model); }

void expect_same(const TuneResult& a, const TuneResult& b, const std::string& what) {
  ASSERT_EQ(a.trials.size(), b.trials.size()) << what;
  EXPECT_EQ(a.ranking, b.ranking) << what;
  ASSERT_EQ(a.finalists.size(), b.finalists.size()) << what;
  for (std::size_t i = 0; i < a.finalists.size(); ++i) EXPECT_EQ(a.finalists[i].gain, b.finalists[i].gain) << what;
  for (std::size_t i = 0; i < a.trials.size(); ++i) {
    EXPECT_TRUE(is_same(a.trials[i].settings, b.trials[i].settings)) << what << ": trial " << i + 1;
    EXPECT_EQ(a.trials[i].end, b.trials[i].end) << what << ": trial " << i + 1;
    ASSERT_EQ(a.trials[i].rungs.size(), b.trials[i].rungs.size()) << what << ": trial " << i + 1;
    for (std::size_t j = 0; j < a.trials[i].rungs.size(); ++j) {
      EXPECT_EQ(a.trials[i].rungs[j].epochs, b.trials[i].rungs[j].epochs);
      EXPECT_EQ(a.trials[i].rungs[j].best, b.trials[i].rungs[j].best);
    }
    ASSERT_EQ(a.trials[i].validation.has_value(), b.trials[i].validation.has_value());
    if (a.trials[i].validation) {
      EXPECT_EQ(a.trials[i].validation->values, b.trials[i].validation->values);
    }
  }
  EXPECT_TRUE(bytes_of(a.result.model) == bytes_of(b.result.model)) << what;
}

TEST(Tune, IsNeverWorseThanTheOptionsAsTheyAre) {
  for (const std::string metric : {"loss", "mae"}) {
    auto options = options_for(20);
    options.training.stop_on = metric;
    const auto plain = fit(rows(), options.training);
    const auto found = tune(rows(), options);
    ASSERT_EQ(found.trials.size(), 20U);
    const auto& first = found.trials.front();
    EXPECT_EQ(first.end, TrialEnd::finished);
    EXPECT_EQ(first.validation->values, plain.validation->values);
    EXPECT_EQ(first.settings.hidden, options.training.hidden);
    const auto& best = found.trials[found.ranking.front()];
    EXPECT_EQ(found.result.validation->values, best.validation->values) << "learned again as the trial was";
    if (metric == "loss") {
      EXPECT_EQ(first.rungs.back().best, best_of(plain.history));
      EXPECT_EQ(best.rungs.back().best, best_of(found.result.history));
    }
    const auto worth = [&](const Trial& trial) { return metric == "loss" ? *trial.rungs.back().best.validation_loss : *trial.rungs.back().best.metric; };
    EXPECT_LT(worth(best), worth(first)) << "of 20 trials one was better, here and by folds";
    EXPECT_LE(metric == "loss" ? 0 : found.result.validation->value("mae"), plain.validation->value("mae"));
    for (std::size_t i = 2; i < found.ranking.size(); ++i) {
      EXPECT_LE(worth(found.trials[found.ranking[i - 1]]), worth(found.trials[found.ranking[i]]));
    }
  }
}

TrainOptions with(TrainOptions options, const TrialSettings& settings) {
  options.optimizer->learning_rate = *settings.learning_rate;
  std::get<optim::AdamW>(options.optimizer->rule).weight_decay = *settings.weight_decay;
  options.hidden = *settings.hidden;
  options.dropout = settings.dropout;
  options.number_steps = settings.number_steps;
  options.batch_size = *settings.batch_size;
  return options;
}

TEST(Tune, OnFewRowsTheBestAreComparedByFolds) {
  for (const std::string metric : {"loss", "r2"}) {
    auto options = options_for(20);
    options.training.stop_on = metric;
    std::int64_t of_folds = 0;
    const auto found = tune(rows(), options, [&](const TuneProgress& now) {
      EXPECT_FALSE(now.by_folds && now.trial > 0);
      of_folds += now.by_folds ? 1 : 0;
      return true;
    });
    EXPECT_GT(of_folds, 0);
    ASSERT_EQ(found.finalists.size(), 4U);
    EXPECT_EQ(found.compared_by, metric == "loss" ? "rmse" : "r2");
    EXPECT_EQ(found.finalists[0].trial, 0U);
    EXPECT_EQ(found.finalists[0].gain, 0);
    const auto first = cross_validate(rows(), options.training, 5);
    for (std::size_t i = 1; i < 4; ++i) {
      const auto other = cross_validate(rows(), with(options.training, found.trials[found.finalists[i].trial].settings), 5);
      std::vector<double> gains;
      for (std::size_t fold = 0; fold < 5; ++fold) {
        const double gain = other.folds[fold].metrics.value(found.compared_by) - first.folds[fold].metrics.value(found.compared_by);
        gains.push_back(metric == "loss" ? -gain : gain);
      }
      const double mean = (gains[0] + gains[1] + gains[2] + gains[3] + gains[4]) / 5;
      double squares = 0;
      for (const double gain : gains) squares += (gain - mean) * (gain - mean);
      EXPECT_NEAR(found.finalists[i].gain, mean, 1e-12);
      EXPECT_NEAR(found.finalists[i].error, std::sqrt(squares / 20), 1e-12);
    }
  }
}

// Nearly a straight line, and noise that nothing explains.
Table noisy_rows() {
  std::string text = "a,b,y\n";
  for (int i = 0; i < 120; ++i) {
    const int a = i % 17, b = i * 5 % 23, noise = i * i * 31 % 97;
    text += std::to_string(a) + "," + std::to_string(b) + "," + std::to_string(a - b + 0.5 * noise) + "\n";
  }
  return parse_csv(text, "noisy.csv");
}

TEST(Tune, AGainWithinItsErrorLeavesTrial1) {
  bool stayed = false, left = false;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    for (const auto& table : {rows(), noisy_rows()}) {
      auto options = options_for(9);
      options.training.seed = seed;
      const auto found = tune(table, options);
      if (found.finalists.empty()) continue;  // nothing was better on the held-out rows
      const auto best = std::ranges::max_element(found.finalists, {}, &Finalist::gain);
      const bool is_beyond = best->gain > best->error;
      EXPECT_EQ(found.ranking.front(), is_beyond ? best->trial : 0);
      (is_beyond ? left : stayed) = true;
    }
  }
  EXPECT_TRUE(left);
  EXPECT_TRUE(stayed);
}

TEST(Tune, WhereNothingIsBetterThanTrial1NothingIsCompared) {
  const auto found = tune(rows(), options_for(1), [](const TuneProgress& now) {
    EXPECT_FALSE(now.by_folds);
    return true;
  });
  EXPECT_TRUE(found.finalists.empty());
  EXPECT_EQ(found.compared_by, "");
}

TEST(Tune, WithoutFoldsTheHeldOutRowsDecide) {
  auto options = options_for(9);
  const auto held_out = rows(0.5);
  options.training.validation_table = &held_out;
  EXPECT_TRUE(tune(rows(), options).finalists.empty());
  options = options_for(9);
  options.training.split_by = "c";
  EXPECT_TRUE(tune(rows(), options).finalists.empty()) << "3 groups, 5 folds";
  std::string text = "a,y\n";
  for (int i = 0; i < 2000; ++i) text += std::to_string(i % 17) + "," + std::to_string(i % 17 * (i % 5)) + "\n";
  options = options_for(4);
  options.training.epochs = 3;
  EXPECT_TRUE(tune(parse_csv(text, "many.csv"), options).finalists.empty());
}

TEST(Tune, HalvesEachBracket) {
  const auto found = tune(rows(), options_for(18));
  const auto rungs = [&](std::size_t begin, std::size_t end) {
    std::vector<std::size_t> counts;
    for (std::size_t i = begin; i < end; ++i) counts.push_back(found.trials[i].rungs.size());
    std::ranges::sort(counts);
    return counts;
  };
  // 60 epochs: rungs after 6 and 18, then to the end, unless a trial ends before.
  const auto first = rungs(1, 10);
  EXPECT_EQ(first[0], 1U);
  EXPECT_GE(std::ranges::count(first, 1U), 6);
  for (std::size_t i = 1; i < 10; ++i) EXPECT_LE(found.trials[i].rungs.front().epochs, 6);
  EXPECT_EQ(std::ranges::count_if(found.trials.begin() + 1, found.trials.begin() + 10, [](const Trial& trial) { return trial.end == TrialEnd::finished && trial.rungs.back().epochs > 18; }), 1);
  for (std::size_t i = 15; i < 18; ++i) {
    EXPECT_EQ(found.trials[i].end, TrialEnd::finished);
    EXPECT_EQ(found.trials[i].rungs.size(), 1U);
  }
}

TEST(Tune, TheSameWithAnyNumberOfThreads) {
  auto options = options_for(14);
  const auto once = tune(rows(), options);
  for (const int threads : {2, 5}) {
    options.training.threads = threads;
    expect_same(tune(rows(), options), once, std::to_string(threads) + " threads");
  }
  options.training.seed = 4;
  EXPECT_FALSE(is_same(tune(rows(), options).trials[1].settings, once.trials[1].settings));
}

TEST(Tune, GoesOnToTheSameBits) {
  auto options = options_for(16);
  std::vector<std::string> kept;
  options.save = [&](const std::string& trials) { kept.push_back(trials); };
  const auto whole = tune(rows(), options);
  options.save = {};
  ASSERT_GT(kept.size(), 20U);
  for (std::size_t i = 0; i < kept.size(); i += 3) {
    options.resume = kept[i];
    options.training.threads = 1 + static_cast<int>(i % 2);
    expect_same(tune(rows(), options), whole, "after save " + std::to_string(i));
  }
  options.resume = kept.back();
  int learned = 0;
  tune(rows(), options, [&](const TuneProgress& progress) { return learned += progress.trial > 0, true; });
  EXPECT_EQ(learned, 0) << "all trials were kept";
}

TEST(Tune, WhereItWasStoppedItGoesOn) {
  auto options = options_for(12);
  const auto whole = tune(rows(), options);
  for (const int stop : {1, 40, 100, 190}) {
    std::string last;
    options.resume.clear();
    options.save = [&](const std::string& trials) { last = trials; };
    int calls = 0;
    EXPECT_THROW(tune(rows(), options, [&](const TuneProgress&) { return ++calls < stop; }), Interrupted) << stop;
    ASSERT_FALSE(last.empty());
    options.resume = last;
    expect_same(tune(rows(), options), whole, std::to_string(stop));
  }
}

TEST(Tune, StopsWhenItIsTold) {
  for (const int threads : {1, 3}) {
    auto options = options_for(9);
    options.training.threads = threads;
    int calls = 0;
    EXPECT_THROW(tune(rows(), options, [&](const TuneProgress&) { return ++calls < 70; }), Interrupted);
    EXPECT_EQ(calls, 70);
  }
}

TEST(Tune, TheTimeBeforeABreakCounts) {
  auto options = options_for(0);
  options.seconds = 1e6;
  std::string kept;
  options.save = [&](const std::string& trials) {
    if (kept.empty()) kept = trials;
  };
  int calls = 0;
  const auto slowly = [&](const TuneProgress& now) {
    if (++calls <= 4) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    return now.trial == 1;
  };
  EXPECT_THROW(tune(rows(), options, slowly), Interrupted);
  options.resume = kept;
  options.seconds = 0.4;
  EXPECT_EQ(tune(rows(), options).trials.size(), 1U) << "as long had passed before";
}

TEST(Tune, ABudgetOfTimeIsKeptAcrossABreak) {
  auto options = options_for(0);
  options.seconds = 1e-9;
  std::string kept;
  options.save = [&](const std::string& trials) { kept = trials; };
  const auto found = tune(rows(), options);
  ASSERT_EQ(found.trials.size(), 1U);
  EXPECT_EQ(found.trials[0].end, TrialEnd::finished) << "in any case";
  auto model = found.result.model;
  EXPECT_EQ(model.training.back(), (std::pair<std::string, std::string>("tuned", R"({"trial":1,"trials":1})")));
  model.training.pop_back();
  EXPECT_TRUE(bytes_of(model) == bytes_of(fit(rows(), options.training).model));
  options.resume = kept;
  EXPECT_EQ(tune(rows(), options).trials.size(), 1U) << "the time was over";
  options.seconds = 1e6;
  options.trials = 4;
  EXPECT_EQ(tune(rows(), options).trials.size(), 4U);
}

TEST(Tune, ATrialThatDivergesIsABadOne) {
  auto options = options_for(10);
  options.training.optimizer = *find_optimizer("sgd");
  options.training.optimizer->learning_rate = 3;
  EXPECT_THROW(fit(rows(), options.training), DivergenceError);
  const auto found = tune(rows(), options);
  EXPECT_EQ(found.trials.front().end, TrialEnd::diverged);
  EXPECT_TRUE(found.trials.front().rungs.empty() || found.ranking.front() != 0);
  EXPECT_NE(found.trials[found.ranking.front()].end, TrialEnd::diverged);
  EXPECT_EQ(found.trials[found.ranking.back()].end, TrialEnd::diverged);
  options.training.optimizer->learning_rate = 1e12;
  EXPECT_THROW(tune(rows(), options), DivergenceError);
}

TEST(Tune, WhatIsNotSearchedStays) {
  auto options = options_for(8);
  options.learning_rate = options.hidden = options.number_steps = false;
  for (const auto& trial : tune(rows(), options).trials) {
    EXPECT_EQ(trial.settings.learning_rate, 1e-3);
    EXPECT_EQ(*trial.settings.hidden, std::vector<std::int64_t>{12});
    EXPECT_EQ(trial.settings.number_steps, 0);
  }
  auto described = options_for(6);
  described.training.network = parse_network(R"({"layer": [{"type": "linear", "out": 5}, {"type": "tanh"}, {"type": "linear", "out": 1}], "loss": {"type": "mse"}})", "net");
  for (const auto& trial : tune(rows(), described).trials) EXPECT_FALSE(trial.settings.hidden || trial.settings.dropout);
  auto lbfgs = options_for(6);
  lbfgs.training.optimizer = *find_optimizer("lbfgs");
  lbfgs.training.dtype = DType::f64;
  for (const auto& trial : tune(rows(), lbfgs).trials) EXPECT_FALSE(trial.settings.learning_rate || trial.settings.dropout || trial.settings.batch_size);
}

TEST(Tune, WhatCannotBeIsRefused) {
  EXPECT_THROW(tune(rows(), options_for(0)), ArgumentError);
  auto options = options_for(3);
  options.training.validation = 0;
  EXPECT_THROW(tune(rows(), options), ArgumentError);
  options = options_for(3);
  options.training.patience = 0;
  EXPECT_THROW(tune(rows(), options), ArgumentError);
  std::string kept;
  options = options_for(2);
  options.save = [&](const std::string& trials) { kept = trials; };
  tune(rows(), options);
  options.resume = kept;
  options.resume_name = "kept";
  const auto error_of = [&](const Table& table) -> std::string {
    try {
      tune(table, options);
    } catch (const ModelError& error) {
      return error.what();
    }
    return "none";
  };
  EXPECT_EQ(error_of(rows()), "none");
  EXPECT_EQ(error_of(rows(1)), "kept: the checkpoint is of training on other rows");
  options.training.seed = 9;
  EXPECT_EQ(error_of(rows()), "kept: the checkpoint is of training with another seed: 0, not 9");
  for (const std::string text : {"nothing", "{}", "[1]", R"({"schema": "longhand.search/1", "conditions": {}, "seconds": 1, "trials": [{}]})"}) {
    options.resume = text;
    EXPECT_EQ(error_of(rows()), "kept: not the trials of a search, as tune keeps them") << text;
  }
}

TEST(Brackets, AreThreeInTurn) {
  EXPECT_EQ(tuning::bracket(0, 1000).trials, 9);
  EXPECT_EQ(tuning::bracket(0, 1000).rungs, (std::vector<std::int64_t>{10, 30}));
  EXPECT_EQ(tuning::bracket(4, 1000).trials, 5);
  EXPECT_EQ(tuning::bracket(4, 1000).rungs, std::vector<std::int64_t>{30});
  EXPECT_TRUE(tuning::bracket(2, 1000).rungs.empty());
  EXPECT_EQ(tuning::bracket(0, 18).rungs, (std::vector<std::int64_t>{2, 6}));
  EXPECT_EQ(tuning::bracket(0, 1).rungs, (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ(tuning::better_third(9), 3);
  EXPECT_EQ(tuning::better_third(4), 2);
  EXPECT_EQ(tuning::better_third(1), 1);
}

}  // namespace
}  // namespace longhand
