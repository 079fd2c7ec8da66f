// The pages of whole networks, in every format: well formed, complete, with the numbers of the derivation.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "explain/numbers.h"
#include "explain/symbols.h"
#include "longhand/explain.h"
#include "parity/goldens.h"
#include "support/markdown.h"
#include "support/markup.h"
#include "temporary_directory.h"

namespace longhand::testing {
namespace {

Derivation explained(const Model& model) {
  const auto step = build_step(model, {.stable = false, .input_gradient = true, .loss_after = true});
  const auto& sample = *model.network.sample;
  return explain(step.graph, step_values(model, step, sample.input, sample.target), {.batch = sample.is_batch});
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// What a step's section of the page says, without its tags.
std::string section_of(const std::string& html, const std::string& id) {
  const auto begin = html.find("id=\"" + id + "\"");
  return text_of_markup(html.substr(begin, html.find("</section>", begin) - begin));
}

class ExplainPages : public ::testing::TestWithParam<GoldenCase> {
 protected:
  const Derivation derivation = explained(model_of(GetParam(), DType::f64));
};

TEST_P(ExplainPages, HtmlIsWellFormedAndItsLinksLeadSomewhere) {
  const auto html = write_html(derivation, {.title = "a <title> & more"});
  EXPECT_EQ(markup_error(html), "");
  std::set<std::string> ids;
  for (const auto& id : attributes(html, "id")) EXPECT_TRUE(ids.insert(id).second) << id << " twice";
  for (const auto& step : derivation.steps) EXPECT_TRUE(ids.contains(step.id)) << step.id;
  const auto links = attributes(html, "href");
  EXPECT_GE(links.size(), derivation.steps.size());
  for (const auto& link : links) EXPECT_TRUE(ids.contains(link.substr(1))) << link;
  EXPECT_EQ(markup_error(draw_svg(derivation)), "");
}

TEST_P(ExplainPages, EveryEntryOfAResultIsInItsSection) {
  const auto html = write_html(derivation, {.digits = 6});
  for (const auto& step : derivation.steps) {
    const auto section = section_of(html, step.id);
    for (const double value : step.value.to_doubles()) {
      const auto shown = display(std::abs(value), 6);
      EXPECT_NE(section.find(shown.substr(0, shown.find('e'))), std::string::npos) << step.id << ": " << value;
    }
  }
}

TEST_P(ExplainPages, LatexNestsAndHasEveryStep) {
  const auto latex = write_latex(derivation);
  EXPECT_EQ(latex_error(latex), "");
  for (const auto& step : derivation.steps) {
    EXPECT_NE(latex.find(latex_symbol(step.id) + " &= "), std::string::npos) << step.id;
  }
}

TEST_P(ExplainPages, MarkdownHasFormulasThatSurviveMarkdown) {
  const auto markdown = write_markdown(derivation);
  for (const auto& line : lines_of(markdown)) {
    for (const auto& formula : formulas_in(line)) {
      EXPECT_EQ(spoilt_by_markdown(formula), "") << line;
      EXPECT_TRUE(formula.find('|') == std::string::npos && !formula.ends_with('\\')) << line;  // in a table, and inside a line
    }
  }
  for (const auto& step : derivation.steps) EXPECT_NE(markdown.find("\n`" + step.id + "`"), std::string::npos) << step.id;
  const auto lines = lines_of(markdown);
  int formulas = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i] != "$$") continue;
    EXPECT_EQ(lines[i - 1], "");
    std::string formula;
    while (lines[++i] != "$$") {
      const auto& line = lines[i];
      formula += line;
      EXPECT_EQ(spoilt_by_markdown(line), "") << line;
      for (const char* start : {"- ", "+ ", "= ", "> ", "["}) EXPECT_FALSE(line.starts_with(start)) << line;
      ASSERT_LT(i + 1, lines.size()) << "a formula without end";
    }
    EXPECT_EQ(latex_error(formula), "");
    ++formulas;
  }
  EXPECT_GE(formulas, static_cast<int>(derivation.steps.size()));
  EXPECT_NE(markdown.find("```text\n"), std::string::npos);
  EXPECT_NE(write_markdown(derivation, {}, "a b.svg").find("](<a b.svg>)"), std::string::npos);
}

TEST_P(ExplainPages, AsciiIsPlainAndFits) {
  const auto text = write_text(derivation, {.ascii = true});
  for (const auto& line : lines_of(text)) {
    EXPECT_LE(line.size(), 80u) << line;
    for (const char c : line) EXPECT_TRUE(c >= ' ' && c <= '~') << line;
  }
  EXPECT_EQ(text.find('?'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Cases, ExplainPages, ::testing::ValuesIn(read_goldens("explain.json")),
                         [](const auto& test) { return test_name(test.param.name, test.index); });

NetworkSpec article() { return read_network(std::string(LONGHAND_SOURCE_DIR) + "/examples/article.toml"); }

Derivation explained(NetworkSpec network) { return explained(Model::from_network(std::move(network), 0, DType::f64)); }

// All derivations in one document a run of pdflatex each is too slow for, so some.
TEST(ExplainLatex, Compiles) {
  if (std::system("command -v pdflatex >/dev/null 2>&1") != 0) GTEST_SKIP() << "pdflatex is missing";
  TemporaryDirectory directory;
  const auto goldens = read_goldens("explain.json");
  for (const std::size_t index : {std::size_t{2}, goldens.size() - 2}) {
    const auto name = "page" + std::to_string(index);
    std::ofstream(directory.path() / (name + ".tex")) << write_latex(explained(model_of(goldens[index], DType::f64)), {.title = "50 % of $x_1$ & <é>"});
    const auto command = "cd " + directory.path().string() + " && pdflatex -interaction=nonstopmode -halt-on-error " + name + ".tex >/dev/null 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << goldens[index].name;
    std::ifstream log(directory.path() / (name + ".log"));
    for (std::string line; std::getline(log, line);) EXPECT_FALSE(line.starts_with("Overfull \\hbox")) << line;
  }
}

TEST(ExplainPage, OfALargeNetworkIsSmall) {
  auto network = parse_network(R"({"network": {"inputs": 784}, "layer": [{"type": "linear", "name": "fc1", "out": 128}, {"type": "relu"},
      {"type": "linear", "name": "fc2", "out": 10}, {"type": "softmax"}], "loss": {"type": "cross_entropy"}})", "digits");
  Tensor x({1, 784}, DType::f64);
  for (std::int64_t i = 0; i < 784; ++i) x.set(i, static_cast<double>(i % 28) / 28);
  network.sample = SampleSpec{x, Tensor::from(std::vector{3.0}, {1, 1}, DType::f64)};
  const auto derivation = explained(std::move(network));
  constexpr std::size_t kMost = 200'000;
  EXPECT_LT(write_text(derivation).size(), kMost);
  EXPECT_LT(write_markdown(derivation).size(), kMost);
  EXPECT_LT(write_latex(derivation).size(), kMost);
  EXPECT_LT(write_html(derivation).size(), kMost);
  EXPECT_LT(draw_svg(derivation).size(), kMost);
  // In formulas stand extents, in results the largest entries.
  const auto html = write_html(derivation);
  EXPECT_NE(section_of(html, "z1").find("[128×784]"), std::string::npos);
  const auto text = write_text(derivation);
  EXPECT_NE(text.find("[128×784] · [784] + [128]"), std::string::npos);
  EXPECT_NE(text.find("      = [10×10]\n      largest: "), std::string::npos);  // softmax's slope
  EXPECT_NE(section_of(html, "dy_hat/dz2").find("[10×10]"), std::string::npos);
  EXPECT_EQ(write_text(derivation, {.most_entries = 100}).find("= [10×10]\n"), std::string::npos);
  for (const auto& step : derivation.steps) {
    if (step.id != "dL/dW1") continue;
    const auto largest = largest_entries(step.value, 1)[0];
    const auto shown = "[" + std::to_string(largest.index[0]) + "," + std::to_string(largest.index[1]) + "]\u00A0" + display(largest.value, 4);
    EXPECT_NE(text.find(shown), std::string::npos) << shown;
  }
}

TEST(ExplainPage, NumbersOfAFormulaHaveTheDigitsToo) {
  auto network = article();
  network.layers[1].type = "gelu";
  const auto derivation = explained(std::move(network));
  for (const int digits : {2, 4, 15}) {
    const WriteOptions options{.digits = digits};
    for (const auto& page : {write_text(derivation, options), write_markdown(derivation, options), write_latex(derivation, options), write_html(derivation, options)}) {
      EXPECT_NE(page.find(display(1 / std::sqrt(2), digits)), std::string::npos) << digits;
      EXPECT_EQ(page.find("0.7071067812"), std::string::npos) << digits;
    }
  }
}

TEST(ExplainPage, NamesAreTextWhateverTheyHold) {
  for (const std::string name : {"<b>", "a_b", "$x$", "50%", "\\input{x}", "a|b", "*a*", "`c`", "слой", "a&b", "#1", "\"q\"", "~^"}) {
    auto network = article();
    network.layers[0].name = name;
    const auto derivation = explained(std::move(network));
    const auto html = write_html(derivation);
    EXPECT_EQ(markup_error(html), "") << name;
    EXPECT_NE(text_of_markup(html).find(name), std::string::npos) << name;
    EXPECT_EQ(latex_error(write_latex(derivation)), "") << name;
    EXPECT_EQ(write_latex(derivation).find("\\input"), std::string::npos);
    const auto markdown = write_markdown(derivation, {}, "drawing.svg");
    for (const auto& line : lines_of(markdown)) {
      EXPECT_NO_THROW(formulas_in(line)) << line;
      EXPECT_FALSE(line.starts_with("### ") && line.find("<b>") != std::string::npos) << line;
    }
  }
}

}  // namespace
}  // namespace longhand::testing
