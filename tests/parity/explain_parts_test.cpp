// What a derivation has beside its steps: short forms, each row's share, the outcome, a focus.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "longhand/explain.h"
#include "parity/goldens.h"

namespace longhand::testing {
namespace {

// The rows are numbered from `first_row`, by which dropout draws.
Derivation explained(const Model& model, const ExplainOptions& options = {}, std::int64_t first_row = 0) {
  const auto step = build_step(model, {.stable = false, .input_gradient = true, .loss_after = true});
  const auto& sample = *model.network.sample;
  auto with_batch = options;
  with_batch.batch = sample.is_batch;
  auto values = step_values(model, step, sample.input, sample.target);
  if (const auto row = values.find("row"); row != values.end()) {
    for (std::int64_t i = 0; i < row->second.count(); ++i) row->second.set(i, static_cast<double>(first_row + i));
  }
  return explain(step.graph, values, with_batch);
}

const DerivationStep* find(const Derivation& derivation, const std::string& id) {
  for (const auto& step : derivation.steps) {
    if (step.id == id) return &step;
  }
  return nullptr;
}

std::map<std::string, Tensor> values_of(const Derivation& derivation) {
  std::map<std::string, Tensor> values;
  for (const auto& given : derivation.givens) values[given.id] = given.value;
  for (const auto& step : derivation.steps) values[step.id] = step.value;
  return values;
}

void expect_near(double actual, double expected, const std::string& where) {
  EXPECT_NEAR(actual, expected, 1e-12 * std::max(1.0, std::abs(expected))) << where;
}

class ExplainParts : public ::testing::TestWithParam<GoldenCase> {
 protected:
  Model model() const { return model_of(GetParam(), DType::f64); }
};

TEST_P(ExplainParts, AShortFormComesToTheSame) {
  const auto derivation = explained(model());
  const auto& last = derivation.layers.back();
  const auto loss = model().network.loss.type;
  const auto& head = last.functions.empty() ? std::string() : last.functions.back();
  const bool has_one = loss == "cross_entropy" ? head == "softmax" : loss.starts_with("bce") && head == "sigmoid";
  const DerivationStep* step = nullptr;
  for (const auto& each : derivation.steps) {
    if (!each.short_form) continue;
    EXPECT_EQ(step, nullptr) << "a second short form";
    step = &each;
  }
  ASSERT_EQ(step != nullptr, has_one);
  if (!has_one) return;
  EXPECT_NE(find(derivation, "dy_hat/" + step->id.substr(3)), nullptr) << step->id << " is not what the head is given";
  EXPECT_LT(step->short_form->difference, 1e-12);
  EXPECT_NE(step->short_form->formula.find("ŷ - y"), std::string::npos) << step->short_form->formula;
  EXPECT_EQ(step->short_form->value.shape(), step->value.shape());
  EXPECT_FALSE(step->short_form->why.empty());
}

// The loss is a mean over rows, so a row's share is its own gradient over their number.
TEST_P(ExplainParts, ARowsShareIsItsOwnGradientOverTheNumberOfRows) {
  auto whole = model();
  if (!whole.network.sample->is_batch) return;
  const auto rows = whole.network.sample->input.shape()[0];
  const auto derivation = explained(whole);
  int compared = 0;
  for (std::int64_t row = 0; row < rows; ++row) {
    auto alone = model();
    auto& sample = *alone.network.sample;
    const auto one = [&](const Tensor& tensor) {
      const auto width = tensor.count() / rows;
      Tensor result({1, width}, DType::f64);
      for (std::int64_t i = 0; i < width; ++i) result.set(i, tensor.at(row * width + i));
      return result;
    };
    sample = {one(sample.input), one(sample.target), false};
    const auto of_row = values_of(explained(alone, {}, row));
    for (const auto& step : derivation.steps) {
      if (!step.shares) continue;
      const auto& expected = of_row.at(step.id);
      for (std::int64_t i = 0; i < expected.count(); ++i, ++compared) {
        expect_near(step.shares->at(row * expected.count() + i), expected.at(i) / static_cast<double>(rows), step.id);
      }
    }
  }
  EXPECT_GT(compared, 0);
}

TEST_P(ExplainParts, TheForetoldChangeIsTheGradientTimesTheStep) {
  const auto derivation = explained(model());
  const auto values = values_of(derivation);
  double change = 0, squares = 0;
  for (const auto& layer : derivation.layers) {
    for (const auto& parameter : {layer.weight, layer.bias}) {
      const auto &before = values.at(parameter), &after = values.at(parameter + "_new"), &g = values.at("dL/d" + parameter);
      for (std::int64_t i = 0; i < g.count(); ++i) {
        change += g.at(i) * (after.at(i) - before.at(i));
        squares += g.at(i) * g.at(i);
      }
    }
  }
  expect_near(derivation.outcome.foretold_change, change, "foretold change");
  expect_near(derivation.outcome.squared_gradient_norm, squares, "squared norm");
  const auto optimizer = model().network.optimizer;
  const auto* sgd = std::get_if<optim::Sgd>(&optimizer.rule);
  EXPECT_EQ(derivation.outcome.is_plain_sgd,
            sgd != nullptr && sgd->momentum == 0 && sgd->weight_decay == 0 && !optimizer.clip_norm);
  if (derivation.outcome.is_plain_sgd) expect_near(change, -values.at("learning_rate").item() * squares, "plain SGD");
}

// Every entry that a focus shows is that of the whole derivation, and everything it uses is there.
TEST_P(ExplainParts, AFocusShowsTheWholesEntries) {
  if (model().network.sample->is_batch) return;
  const auto whole = explained(model());
  const auto values = values_of(whole);
  for (std::size_t k = 0; k < whole.layers.size(); ++k) {
    const auto& layer = whole.layers[k];
    const auto unit = layer.units - 1;
    const auto inputs = values.at(layer.weight).shape()[1];
    const auto entry = unit * inputs;  // of its first weight
    const auto name = layer.name + "[" + std::to_string(unit + 1);
    for (const auto& focus : {name + "]", name + ",1]"}) {
      const auto part = explained(model(), {.focus = focus});
      EXPECT_EQ(part.focus, focus);
      std::set<std::string> known;
      for (const auto& given : part.givens) known.insert(given.id);
      std::map<std::string, const DerivationStep*> by_base;
      for (const auto& step : part.steps) {
        for (const auto& use : step.uses) EXPECT_TRUE(known.contains(use)) << focus << ": " << step.id << " uses " << use;
        EXPECT_EQ(step.check.has_value(), step.id.starts_with("dL/d")) << step.id;
        known.insert(step.id);
        by_base.try_emplace(step.id.substr(0, step.id.find('[')), &step);
      }
      const bool is_weight = focus.find(',') != std::string::npos;
      const auto first_of = [&](const std::string& base, std::int64_t at) {
        ASSERT_TRUE(by_base.contains(base)) << focus << ": " << base;
        EXPECT_DOUBLE_EQ(by_base[base]->value.at(0), values.at(base).at(at)) << focus << ": " << base;
      };
      first_of(layer.z, unit);
      first_of("dL/d" + layer.z, unit);
      first_of("dL/d" + layer.weight, entry);
      first_of(layer.weight + "_new", entry);
      EXPECT_EQ(by_base[layer.weight + "_new"]->value.count(), is_weight ? 1 : inputs);
      EXPECT_EQ(by_base.contains(layer.bias + "_new"), !is_weight);
      EXPECT_TRUE(by_base.contains("L") && by_base.contains("L_new"));
      for (std::size_t other = 0; other < whole.layers.size(); ++other) {
        if (other == k) continue;
        EXPECT_FALSE(by_base.contains("dL/d" + whole.layers[other].weight)) << focus;
        EXPECT_FALSE(by_base.contains(whole.layers[other].weight + "_new")) << focus;
      }
    }
  }
}

TEST_P(ExplainParts, ContributionsAddUp) {
  if (model().network.sample->is_batch) return;
  const auto layers = explained(model()).layers;
  for (const auto& layer : layers) {
    for (const auto& step : explained(model(), {.focus = layer.name + "[1]"}).steps) {
      for (const auto& sum : step.contributions) {
        double total = sum.bias + sum.rest;
        for (const auto& term : sum.largest) {
          EXPECT_DOUBLE_EQ(term.product, term.weight * term.input);
          total += term.product;
        }
        expect_near(total, sum.value, sum.sum);
      }
    }
  }
}

TEST(ExplainFocus, NamesWhatIsNotThere) {
  const auto article = Model::from_network(read_network(std::string(LONGHAND_SOURCE_DIR) + "/examples/article.toml"), 0, DType::f64);
  for (const auto& [focus, said] : {std::pair("fc3[1]", "no linear layer 'fc3' (there are fc1, fc2)"), {"fc1[3]", "fc1 has 2 units"},
                                    {"fc1[1,3]", "fc1 has 2 inputs"}, {"fc1", "is not like"}, {"fc1[0]", "is not like"},
                                    {"fc1[1", "is not like"}, {"[1]", "is not like"}, {"fc1[1,]", "is not like"},
                                    {"fc1[1,2,3]", "is not like"}, {"fc1[x]", "is not like"}}) {
    try {
      explained(article, {.focus = focus});
      ADD_FAILURE() << focus;
    } catch (const ArgumentError& error) {
      EXPECT_NE(std::string(error.what()).find(said), std::string::npos) << error.what();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, ExplainParts, ::testing::ValuesIn(read_goldens("explain.json")),
                         [](const auto& test) { return test_name(test.param.name, test.index); });

}  // namespace
}  // namespace longhand::testing
