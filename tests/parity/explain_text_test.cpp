// What explain writes: the article's page, lines that fit, kinks and infinities told, JSON complete.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "longhand/explain.h"
#include "parity/goldens.h"

namespace longhand::testing {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> result;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) result.push_back(line);
  return result;
}

// Letters on the screen: combining marks (U+0300 to U+036F) sit on the letter before.
int columns(const std::string& line) {
  int count = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto byte = static_cast<unsigned char>(line[i]);
    const auto next = i + 1 < line.size() ? static_cast<unsigned char>(line[i + 1]) : 0;
    const bool combining = byte == 0xCC || (byte == 0xCD && next < 0xB0);
    count += (byte & 0xC0) != 0x80 && !combining;
  }
  return count;
}

class ExplainText : public ::testing::TestWithParam<GoldenCase> {};

TEST_P(ExplainText, FitsTheScreenInEveryPrecision) {
  const auto derivation = explained(GetParam());
  for (const int digits : {1, 4, 17}) {
    for (const int width : {60, 80, 120}) {
      std::string before;
      for (const auto& line : lines(write_text(derivation, {.digits = digits, .width = width}))) {
        EXPECT_LE(columns(line), width) << line;
        EXPECT_TRUE(line.find("= ") == std::string::npos || line != before) << line;
        before = line;
        EXPECT_FALSE(line.ends_with(" ")) << line;
        EXPECT_EQ(line.find('\t'), std::string::npos) << line;
      }
    }
  }
}

TEST_P(ExplainText, HasEveryQuantityAndGiven) {
  const auto derivation = explained(GetParam());
  const auto text = write_text(derivation);
  for (const auto& step : derivation.steps) {
    // A long formula goes on in the next line.
    const auto head = step.formula.substr(0, step.formula.find(' ')) + " = ";
    EXPECT_NE(text.find("\n    " + head), std::string::npos) << step.id << ": " << head;
  }
  for (const auto& given : derivation.givens) EXPECT_FALSE(given.meaning.empty()) << given.id;
  for (const char* part : {"\nNotation\n", "\nEvery parameter\n", "\nWhat the step did\n"}) EXPECT_NE(text.find(part), std::string::npos) << part;
}

TEST_P(ExplainText, InJsonEveryStepHasItsKeys) {
  const auto steps = Json::parse(write_json(explained(GetParam())));
  const std::vector<std::string> keys{"id", "pass", "layer", "title", "formula", "latex", "substituted", "shape", "value", "uses", "check"};
  const std::vector<std::string> passes{"input", "forward", "loss", "backward", "update", "after"};
  std::size_t pass = 0;
  for (const auto& step : steps) {
    std::vector<std::string> found;
    for (const auto& [key, value] : step.items()) found.push_back(key);
    EXPECT_EQ(found, keys);
    const auto at = std::ranges::find(passes, step["pass"].get<std::string>()) - passes.begin();
    ASSERT_LT(at, static_cast<std::ptrdiff_t>(passes.size())) << step["pass"];
    EXPECT_GE(static_cast<std::size_t>(at), pass) << step["id"] << " comes too late";
    pass = static_cast<std::size_t>(at);
    // The shape is that of the nested value.
    const Json* value = &step["value"];
    for (const auto& extent : step["shape"]) {
      ASSERT_TRUE(value->is_array()) << step["id"];
      ASSERT_EQ(value->size(), extent.get<std::size_t>()) << step["id"];
      value = &(*value)[0];
    }
    EXPECT_TRUE(value->is_number()) << step["id"];
    if (step["check"].is_null()) continue;
    EXPECT_EQ(step["check"]["method"], "central difference");
    EXPECT_TRUE(step["check"]["entries"].is_number_integer() && step["check"]["left_out"].is_number_integer());
    EXPECT_TRUE(step["check"]["kink"].is_boolean());
    EXPECT_TRUE(step["check"]["relative_error"].is_number()) << step["id"];
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, ExplainText, ::testing::ValuesIn(read_goldens("explain.json")),
                         [](const auto& test) { return test_name(test.param.name, test.index); });

NetworkSpec article() { return read_network(std::string(LONGHAND_SOURCE_DIR) + "/examples/article.toml"); }

Derivation explained(NetworkSpec network) {
  return testing::explained(Model::from_network(std::move(network), 0, DType::f64));
}

TEST(ExplainArticle, IsWorkedOutAsInTheArticle) {
  const auto text = "\n" + write_text(explained(article()), {.digits = 7});
  for (const char* line :
       {"  x   input          2       [1, 2]", "  W₂  weight of fc2  1×2     [[0.7, 0.9]]", "  η   learning rate  number  0.1",
        "    z₁ = W₁ x + b₁", "      = [[0.2, 0.4], [0.1, 0.6]] · [1, 2] + [0.3, 0.5]", "      = [1.3, 1.8]",
        "    a₁ = max(0, z₁)", "    z₂ = W₂ a₁ + b₂", "      = 2.73", "    ŷ = 1 / (1 + e^(-z₂))", "      = 0.9387738",
        "    L = -(y log(ŷ) + (1 - y) log(1 - ŷ))", "      = 0.06318068", "    ∂L/∂ŷ = -y / ŷ + (1 - y) / (1 - ŷ)",
        "      = -1.065219", "    ∂ŷ/∂z₂ = ŷ (1 - ŷ)", "      = 0.05747752", "    ∂L/∂z₂ = ∂L/∂ŷ ∂ŷ/∂z₂",
        "      = -0.06122616", "    ∂L/∂W₂ = ∂L/∂z₂ a₁ᵀ", "      = [[-0.07959401, -0.1102071]]", "    ∂L/∂b₂ = ∂L/∂z₂",
        "    ∂L/∂a₁ = W₂ᵀ ∂L/∂z₂", "      = [-0.04285831, -0.05510355]", "    ∂a₁/∂z₁ = 1 if z₁ > 0, else 0",
        "    ∂L/∂z₁ = ∂L/∂a₁ ⊙ ∂a₁/∂z₁", "    ∂L/∂W₁ = ∂L/∂z₁ xᵀ",
        "      = [[-0.04285831, -0.08571663], [-0.05510355, -0.1102071]]", "    ∂L/∂b₁ = ∂L/∂z₁",
        "    W₁′ = W₁ - η ∂L/∂W₁", "    b₂′ = b₂ - η ∂L/∂b₂", "    L′ = L(W₁′, b₁′, W₂′, b₂′)",
        "      = 0.05819979", "      L was 0.06318."}) {
    EXPECT_NE(text.find("\n" + std::string(line) + "\n"), std::string::npos) << line;
  }
}

TEST(ExplainArticle, IsInTexToo) {
  std::map<std::string, std::string> latex;
  for (const auto& step : explained(article()).steps) latex[step.id] = step.latex;
  EXPECT_EQ(latex["z1"], "z_{1} = W_{1} x + b_{1}");
  EXPECT_EQ(latex["y_hat"], "\\hat{y} = \\frac{1}{1 + {e}^{-z_{2}}}");
  EXPECT_EQ(latex["L"], "L = -\\left(y \\, \\log\\left(\\hat{y}\\right) + \\left(1 - y\\right) \\, "
                        "\\log\\left(1 - \\hat{y}\\right)\\right)");
  EXPECT_EQ(latex["dL/dW2"], "\\frac{\\partial L}{\\partial W_{2}} = \\frac{\\partial L}{\\partial z_{2}} {a_{1}}^{\\top}");
  EXPECT_EQ(latex["W1_new"], "W_{1}' = W_{1} - \\eta \\, \\frac{\\partial L}{\\partial W_{1}}");
}

DerivationStep step_of(const Derivation& derivation, const std::string& id) {
  for (const auto& step : derivation.steps) {
    if (step.id == id) return step;
  }
  ADD_FAILURE() << "no step " << id;
  return {};
}

NetworkSpec with_biases(double first, double second) {
  auto network = article();
  network.layers[0].bias = Tensor::from(std::vector{first, second}, {2}, DType::f64);
  return network;
}

TEST(ExplainKink, AReluAtZeroIsToldAndNotChecked) {
  for (const double z : {0.0, 1e-9, -1e-9}) {  // there, or within the narrowest difference
    const auto derivation = explained(with_biases(z - 1, 0.5));
    const auto checked = [&](const char* id) { return *step_of(derivation, id).check; };
    EXPECT_NEAR(step_of(derivation, "z1").value.at(0), z, 1e-16);
    EXPECT_EQ(step_of(derivation, "da1/dz1").value.to_doubles(), (std::vector<double>{z > 0 ? 1.0 : 0.0, 1}));
    for (const auto& [id, entries] : {std::pair("dL/dz1", 1), {"dL/db1", 1}, {"dL/dW1", 2}, {"dL/dx", 0}}) {
      EXPECT_TRUE(checked(id).kink) << id;
      EXPECT_EQ(checked(id).entries, entries) << id;
      EXPECT_LT(checked(id).relative_error, 1e-6) << id;
    }
    for (const char* id : {"dL/dW2", "dL/db2", "dL/da1", "dL/dz2"}) EXPECT_FALSE(checked(id).kink) << id;
    const auto text = write_text(derivation, {.width = 200});
    EXPECT_NE(text.find("not checked: every entry is at a kink"), std::string::npos);
    EXPECT_NE(text.find("; others are at a kink"), std::string::npos);
  }
  EXPECT_FALSE(step_of(explained(with_biases(-0.9, 0.5)), "dL/dz1").check->kink);
}

TEST(ExplainKink, UnitsThatStopTheGradientAreToldOf) {
  const auto note = [](double first, double second) { return step_of(explained(with_biases(first, second)), "da1/dz1").note; };
  EXPECT_NE(note(0.3, 0.5).find("Every input is positive"), std::string::npos);
  EXPECT_NE(note(-10, 0.5).find("1 of 2 units"), std::string::npos);
  EXPECT_NE(note(-10, -10).find("stops the whole gradient"), std::string::npos);
  EXPECT_NE(note(-1, -10).find("stops the whole gradient"), std::string::npos);  // one at exactly 0
  const auto dead = explained(with_biases(-10, -10));
  EXPECT_EQ(step_of(dead, "dL/dW1").value.to_doubles(), std::vector<double>(4, 0));
  EXPECT_EQ(step_of(dead, "dL/dW1").check->relative_error, 0);
}

int count_of(const std::string& text, const std::string& part) {
  int count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

TEST(ExplainArticle, HasEachHeadingOnceAndTheStepInNumbers) {
  const auto text = write_text(explained(article()));
  for (const char* heading : {"\nForward\n", "\nBackward\n", "\nWhat the step did\n"}) EXPECT_EQ(count_of(text, heading), 1) << heading;
  EXPECT_NE(text.find("= -0.1 × 0.2269^2\n"), std::string::npos);  // the gradient's norm, which is no step here
  const auto model = Model::from_network(article(), 0, DType::f64);
  const auto step = build_step(model, {.stable = false, .input_gradient = true, .loss_after = true});
  const auto values = step_values(model, step, model.network.sample->input, model.network.sample->target);
  EXPECT_EQ(count_of(write_text(explain(step.graph, values, {.prediction_only = true})), "What the step did"), 0);
}

TEST(ExplainText, NamesTheLargestOfALongListButNoZeros) {
  auto network = article();
  network.layers[2].out = 12;
  network.layers[2].weight.reset();
  network.layers[2].bias.reset();
  network.layers.resize(3);
  network.loss.type = "mse";
  std::vector<double> target(12, 0);
  target[3] = 2;
  network.sample->target = Tensor::from(target, {1, 12}, DType::f64);
  EXPECT_NE(write_text(explained(std::move(network))).find("largest: [4]\u00A02\n"), std::string::npos);
}

TEST(ExplainText, SaysHowFarAGradientWasChecked) {
  struct Case {
    GradientCheck check;
    const char* words;
  };
  auto derivation = explained(article());
  const auto step = std::ranges::find(derivation.steps, "dL/dW1", &DerivationStep::id);
  for (const auto& [check, words] :
       {Case{{.entries = 4, .relative_error = 1e-10}, "checked: 4 entries by central differences, relative error 1.0e-10\n"},
        Case{{.entries = 3, .relative_error = 1e-10}, "checked: 3 of 4 entries by central"},
        Case{{.entries = 3, .relative_error = 1e-10, .left_out = 1}, "checked: 3 entries by central differences, relative error 1.0e-10; rounding hides 1 other"},
        Case{{.entries = 4, .relative_error = 0.01}, "not confirmed: 4 entries by central differences, relative error 1.0e-02"}}) {
    step->check = check;
    EXPECT_NE(write_text(derivation, {.width = 120}).find(words), std::string::npos) << words;
  }
}

TEST(ExplainInfinity, IsNullInJsonAndAWordInText) {
  auto network = article();
  network.layers[2].bias = Tensor::from(std::vector{40.0}, {1}, DType::f64);
  network.sample->target = Tensor({1, 1}, DType::f64);
  const auto derivation = explained(std::move(network));
  const auto json = write_json(derivation);
  std::map<std::string, Json> values;
  for (const auto& step : Json::parse(json)) values[step["id"]] = step["value"];
  EXPECT_TRUE(values["dL/dy_hat"].is_null());
  ASSERT_TRUE(values["L"].is_number());  // from the stable form
  EXPECT_NEAR(values["L"].get<double>(), step_of(derivation, "z2").value.item(), 1e-12);
  const auto text = write_text(derivation);
  EXPECT_NE(text.find("∞"), std::string::npos);
  for (const char* word : {"nan", "inf"}) EXPECT_EQ(text.find(word), std::string::npos) << word;
}

TEST(Explain, NamesAValueThatIsMissing) {
  const auto model = Model::from_network(article(), 0, DType::f64);
  const auto step = build_step(model, {.stable = false, .input_gradient = true, .loss_after = true});
  auto values = step_values(model, step, model.network.sample->input, model.network.sample->target);
  for (const char* name : {"x", "fc2.bias", "learning_rate"}) {
    auto without = values;
    without.erase(name);
    try {
      explain(step.graph, without);
      FAIL() << name;
    } catch (const ShapeError& error) {
      EXPECT_NE(std::string(error.what()).find("'" + std::string(name) + "'"), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace longhand::testing
