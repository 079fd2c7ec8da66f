// The drawing of a network: what is written in a box stays in it, and no label covers another.
#include "explain/drawing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "explain/numbers.h"
#include "explain/page.h"
#include "explain/text_lines.h"
#include "model/friendly_network.h"
#include "model/step_values.h"

namespace longhand {
namespace {

// What browsers give a character of the page's font, at least.
constexpr double kSmall = 6, kBold = 7.4;

Derivation worked(const Model& model, const std::string& focus = "") {
  const auto step = build_step(model, {.stable = false, .input_gradient = true, .loss_after = true});
  return explain(step.graph, step_values(model, step.graph, *model.network.sample), {.batch = model.network.sample->is_batch, .focus = focus});
}

// Of weights with as many digits as trained ones have.
Model with_long_weights(std::vector<std::int64_t> sizes) {
  auto model = friendly_network(sizes, 1);
  for (const auto& [name, tensor] : model.state.entries()) {
    auto& values = model.state.get(name);
    for (std::int64_t i = 0; i < values.count(); ++i) values.set(i, values.at(i) * 0.012345 - 0.00345678);
  }
  return model;
}

Drawing drawn(const Derivation& derivation) {
  const auto values = values_by_id(derivation);
  const auto find = [&](const std::string& id) {
    const auto found = values.find(id);
    return found == values.end() ? nullptr : &found->second;
  };
  return draw(derivation, {.find = find});
}

TEST(Drawing, LabelsStayInTheirBoxesAndDoNotCoverEachOther) {
  for (const auto& sizes : std::vector<std::vector<std::int64_t>>{{2, 2, 1}, {4, 5, 3}, {3, 5, 4, 2}}) {
    const auto drawing = drawn(worked(with_long_weights(sizes)));
    std::int64_t edges = 0, labelled = 0;
    for (std::size_t k = 1; k < sizes.size(); ++k) edges += sizes[k - 1] * sizes[k];
    std::vector<const Drawing::Label*> on_lines;
    for (const auto& label : drawing.labels) {
      if (label.is_on_line) on_lines.push_back(&label);
      labelled += label.is_on_line && !label.text.starts_with("b");
      for (const auto& box : drawing.boxes) {
        const bool is_inside = label.x > box.x && label.x < box.x + box.width && label.y > box.y && label.y < box.y + box.height;
        EXPECT_TRUE(!is_inside || (label.is_bold ? kBold : kSmall) * columns(label.text) <= box.width) << label.text;
      }
    }
    for (const auto* a : on_lines) {
      for (const auto* b : on_lines) {
        if (a == b) break;
        const double width = kSmall * (columns(a->text) + columns(b->text)) / 2;
        EXPECT_FALSE(std::abs(a->x - b->x) < width && std::abs(a->y - b->y) < 11) << a->text << " and " << b->text;
      }
    }
    EXPECT_GE(labelled, edges * 3 / 4);
  }
}

// The loss of the batch is not what the values of one row come to.
TEST(Drawing, OfABatchIsItsFirstRowWithTheLossOfThatRow) {
  auto model = friendly_network(std::vector<std::int64_t>{2, 3, 1}, 1);
  model.network.sample = SampleSpec{.input = Tensor{{1.0, 2.0}, {-3.0, 0.5}}.cast(DType::f64), .target = Tensor{{1.0}, {0.0}}.cast(DType::f64), .is_batch = true};
  const auto derivation = worked(model);
  const auto values = values_by_id(derivation);
  const double own = values.at("L_rows").at(0), mean = values.at("L").item();
  ASSERT_GT(std::abs(own - mean), 1e-3);
  const auto drawing = drawn(derivation);
  const auto has = [&](const std::string& text) { return std::ranges::any_of(drawing.labels, [&](const auto& label) { return label.text == text; }); };
  EXPECT_TRUE(has("L₁ = " + display(own, 4)));
  EXPECT_FALSE(has("L = " + display(mean, 4)));
  EXPECT_NE(drawing.caption.find("L is the mean of all"), std::string::npos);
}

TEST(Drawing, OfAFocusSaysTheSizesAndTheNeuron) {
  auto text = svg_of(drawn(worked(friendly_network(std::vector<std::int64_t>{4, 8, 3}, 1), "fc1[5]")), true);
  EXPECT_NE(text.find("W₁ [8×4], b₁ [8]"), std::string::npos) << text;
  EXPECT_NE(text.find("4 units, x"), std::string::npos);
  EXPECT_NE(text.find("a₁[5] = "), std::string::npos);
  text = svg_of(drawn(worked(friendly_network(std::vector<std::int64_t>{4, 8, 3}, 1), "fc1[5,2]")), true);
  EXPECT_NE(text.find("W₁ [8×4], b₁ [8]"), std::string::npos);
  EXPECT_NE(text.find("4 units, x"), std::string::npos);
}

}  // namespace
}  // namespace longhand
