// Exercises on random networks: the answers grade as correct, the sheet shows none of what is asked for.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <set>

#include "explain/numbers.h"
#include "longhand/explain.h"
#include "model/friendly_network.h"
#include "model/write_toml.h"
#include "parity/goldens.h"
#include "temporary_directory.h"

namespace longhand::testing {
namespace {

const std::vector<std::vector<std::int64_t>>& all_sizes() {
  static const std::vector<std::vector<std::int64_t>> kSizes{{3, 2, 1}, {2, 1}, {1, 1, 1}, {4, 3, 2, 1}, {2, 3, 3}, {5, 4, 4, 4}, {8, 8, 1}};
  return kSizes;
}

struct Worked {
  StepGraph step;
  std::map<std::string, Tensor> values;
  Derivation derivation;
};

Worked worked(const Model& model) {
  Worked result{.step = build_step(model, {.stable = false, .input_gradient = true, .loss_after = true}), .values = {}, .derivation = {}};
  const auto& sample = *model.network.sample;
  result.values = step_values(model, result.step, sample.input, class_numbers(model, sample.target));
  result.derivation = explain(result.step.graph, result.values, {.batch = sample.is_batch});
  return result;
}

TEST(FriendlyNetwork, HasFewDigitsUnitsOnAndOffAndAnOpenOutput) {
  std::int64_t pairs_with_one_off = 0;
  for (const auto& sizes : all_sizes()) {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      const auto model = friendly_network(sizes, seed);
      for (const auto& [name, tensor] : model.state.entries()) {
        for (const double value : tensor.to_doubles()) EXPECT_DOUBLE_EQ(value, std::round(value * 10) / 10) << name;
      }
      for (const auto& step : worked(model).derivation.steps) {
        if (step.id.starts_with("a")) {
          const auto outputs = step.value.to_doubles();
          const auto off = std::ranges::count(outputs, 0.0), units = std::ssize(outputs);
          EXPECT_LT(off, units) << step.id;
          EXPECT_TRUE(units <= 2 || off > 0) << step.id;
          if (units == 2) pairs_with_one_off += off;
          for (const double a : outputs) EXPECT_TRUE(a == 0 || a > 0.01) << step.id;
        }
        if (step.id.starts_with("z") && step.id != "z" + std::to_string(sizes.size() - 1)) {
          for (const double z : step.value.to_doubles()) EXPECT_GT(std::abs(z), 0.04) << step.id;
        }
        if (step.id != "y_hat") continue;
        for (const double p : step.value.to_doubles()) EXPECT_TRUE(p > 0.04 && p < 0.96) << p;
      }
    }
  }
  EXPECT_GT(pairs_with_one_off, 0);
}

TEST(FriendlyNetwork, OfAnyActivationAndLossCanBeAnExercise) {
  const std::tuple<const char*, const char*, std::vector<std::int64_t>> rows[] = {
      {"tanh", "mse", {2, 3, 1}}, {"sigmoid", "bce", {2, 2, 2}}, {"gelu", "bce_with_logits", {2, 3, 1}}, {"silu", "huber", {3, 2, 2}},
      {"leaky_relu", "mae", {2, 4, 1}}, {"elu", "poisson", {2, 3, 1}}, {"softplus", "cross_entropy", {2, 3, 3}}, {"identity", "mse", {2, 2, 1}}};
  for (const auto& [activation, loss, sizes] : rows) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      const auto model = friendly_network(sizes, seed, {.activation = activation, .loss = loss});
      EXPECT_EQ(model.network.loss.type, loss);
      EXPECT_EQ(model.network.has(activation), std::string(activation) != "identity");
      const auto all = worked(model);
      const auto exercise = make_exercise(all.derivation, 3, seed);
      const auto claims = write_claims(exercise.answers, exercise.asked, "network.toml");
      const auto grading = grade(all.step.graph, all.values, parse_worksheet(claims, "claims"));
      EXPECT_EQ(grading.count(Verdict::correct), std::ssize(exercise.asked)) << claims;
      for (const auto& step : all.derivation.steps) {
        if (step.id != "y_hat" || target_kind(model.network.loss) != TargetKind::number) continue;
        EXPECT_GT(std::abs(step.value.at(0) - model.network.sample->target.at(0)), 0.04);
      }
    }
  }
  EXPECT_THROW(friendly_network(std::vector<std::int64_t>{2, 1}, 1, {.loss = "cross_entropy"}), ArgumentError);
}

// Else its loss, or a gradient of it, is hardly to be told from 0, or has more digits than a person works with.
TEST(FriendlyNetwork, IsNotNearItsTarget) {
  const std::vector<std::int64_t> sizes{2, 3, 2};
  for (const char* loss : {"mse", "mae", "huber", "poisson"}) {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      const auto model = friendly_network(sizes, seed, {.loss = loss});
      const auto derivation = worked(model).derivation;
      const auto output = std::ranges::find(derivation.steps, "y_hat", &DerivationStep::id)->value.to_doubles();
      for (std::size_t i = 0; i < output.size(); ++i) {
        const double y = model.network.sample->target.at(static_cast<std::int64_t>(i)), rate = loss == std::string("poisson") ? std::exp(output[i]) : output[i];
        EXPECT_GT(std::abs(rate - y), 0.04) << loss << seed;
        EXPECT_LT(loss == std::string("poisson") ? std::abs(output[i]) : 0, 3.01) << seed;
      }
    }
  }
}

// A ReLU's 0 and its slope's 1 stand in many places, and give nothing away.
TEST(Exercise, NoughtsAndOnesAreAskedForWhereTheyStand) {
  int one_alone = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const auto exercise = make_exercise(worked(friendly_network(all_sizes()[5], 2)).derivation, 1, seed);
    const auto asks = [&](const char* id) { return std::ranges::find(exercise.asked, id) != exercise.asked.end(); };
    one_alone += asks("a1") != asks("a2") ? 1 : 0;
    for (const auto& step : exercise.sheet.steps) EXPECT_TRUE(step.pass == "forward" || !asks(step.id.c_str())) << step.id;
  }
  EXPECT_GT(one_alone, 0);
}

TEST(NetworkToml, IsReadBackAsItWas) {
  const TemporaryDirectory folder;
  const auto expect_same = [&](const Model& model) {
    const auto path = folder / "network.toml", toml = network_toml(model);
    std::ofstream(path) << toml;
    const auto read = load_model(path);
    EXPECT_EQ(network_toml(read), toml);
    for (const auto& [name, tensor] : model.state.entries()) EXPECT_EQ(read.state.get(name).to_doubles(), tensor.to_doubles()) << name;
  };
  for (const auto& sizes : all_sizes()) expect_same(friendly_network(sizes, 3));
  for (const auto& golden : read_goldens("explain.json")) expect_same(model_of(golden, DType::f64));
}

TEST(Exercise, TheAnswersGradeAsCorrectWhateverTheirDigits) {
  std::vector<Model> models;
  for (const auto& sizes : all_sizes()) {
    for (std::uint64_t seed = 0; seed < 4; ++seed) models.push_back(friendly_network(sizes, seed));
  }
  for (const auto& golden : read_goldens("explain.json")) models.push_back(model_of(golden, DType::f64));
  for (const auto& model : models) {
    const auto all = worked(model);
    std::int64_t before = 0;
    for (int level = 1; level <= 3; ++level) {
      const auto exercise = make_exercise(all.derivation, level, 7);
      EXPECT_GT(exercise.left_out, before);
      before = exercise.left_out;
      for (const int digits : {2, 4, 9}) {
        const auto claims = write_claims(exercise.answers, exercise.asked, "network.toml", digits);
        const auto grading = grade(all.step.graph, all.values, parse_worksheet(claims, "claims"), model.network.sample->is_batch);
        EXPECT_EQ(grading.claims.size(), exercise.asked.size());
        EXPECT_EQ(grading.digits, digits);
        EXPECT_EQ(grading.too_short(), 0) << claims;
        EXPECT_EQ(grading.count(Verdict::correct), static_cast<std::int64_t>(grading.claims.size())) << claims;
      }
      const auto sheet = write_claims(exercise.sheet, exercise.asked, "network.toml");
      EXPECT_THROW(parse_worksheet(sheet, "claims"), DataError);
      // Some claim has to be filled in for the sheet to be read.
      const auto begun = parse_worksheet(sheet + "[[claim]]\nquantity = \"L\"\nvalue = 1\n", "claims");
      std::int64_t missing = 0;
      for (const auto& claim : begun.claims) missing += claim.missing();
      EXPECT_EQ(missing, exercise.left_out);
    }
  }
}

TEST(Exercise, TheSheetShowsNothingOfWhatIsLeftOut) {
  const auto all = worked(friendly_network(all_sizes()[3], 1));
  for (int level = 1; level <= 3; ++level) {
    const auto exercise = make_exercise(all.derivation, level, 1);
    std::int64_t blanks = 0;
    ASSERT_EQ(exercise.sheet.steps.size(), exercise.answers.steps.size());
    for (std::size_t i = 0; i < exercise.sheet.steps.size(); ++i) {
      const auto& step = exercise.sheet.steps[i];
      EXPECT_TRUE(step.substituted.empty() && step.note.empty() && !step.check && !step.short_form) << step.id;
      for (std::int64_t k = 0; k < step.value.count(); ++k) {
        const double value = step.value.at(k);
        blanks += is_blank(value);
        EXPECT_TRUE(is_blank(value) || value == exercise.answers.steps[i].value.at(k)) << step.id;
      }
    }
    EXPECT_EQ(blanks, exercise.left_out);
    // What a page shows blank is what the claims ask for, each once.
    const auto count_in = [](const std::string& page, std::string_view blank) {
      std::int64_t count = 0;
      for (auto at = page.find(blank); at != std::string::npos; at = page.find(blank, at + blank.size())) ++count;
      return count;
    };
    EXPECT_EQ(count_in(write_text(exercise.sheet), "____"), blanks);
    EXPECT_EQ(count_in(write_markdown(exercise.sheet), "\\underline"), blanks);
    EXPECT_EQ(count_in(write_latex(exercise.sheet), "\\underline"), blanks);
    EXPECT_EQ(count_in(write_html(exercise.sheet), "____"), blanks);
    EXPECT_NE(write_text(exercise.sheet, {.digits = 3}).find("to 3 significant digits"), std::string::npos);
    EXPECT_EQ(write_text(exercise.sheet).find("  .\n"), std::string::npos) << "a note of nothing";
    EXPECT_EQ(exercise.sheet.outcome.squared_gradient_norm, 0);
    EXPECT_EQ(write_text(exercise.answers).find("Fill in"), std::string::npos);
    // Nor does another step show the same number: a bias's gradient is that of its unit.
    std::set<double> asked;
    const auto for_each = [&](auto&& see) {
      for (std::size_t i = 0; i < exercise.sheet.steps.size(); ++i) {
        for (std::int64_t k = 0; k < exercise.sheet.steps[i].value.count(); ++k) {
          see(exercise.sheet.steps[i].value.at(k), exercise.answers.steps[i].value.at(k));
        }
      }
    };
    for_each([&](double entry, double answer) {
      if (is_blank(entry) && answer != 0 && answer != 1) asked.insert(answer);
    });
    for_each([&](double entry, double) { EXPECT_TRUE(is_blank(entry) || !asked.contains(entry)) << entry; });
    // The rules are written as mathematics, without the numbers.
    EXPECT_NE(write_html(exercise.sheet).find("<mi>W</mi>"), std::string::npos);
    // Level 2 ends where the last layer's gradients are known: from later ones they could be read.
    const std::map<int, std::string> last{{1, "L"}, {2, "dL/db3"}, {3, "L_new"}};
    EXPECT_EQ(exercise.sheet.steps.back().id, last.at(level));
    if (level == 3) {
      for (const auto& step : exercise.sheet.steps) EXPECT_TRUE(is_blank(step.value.at(0))) << step.id;
    }
  }
}

}  // namespace
}  // namespace longhand::testing
