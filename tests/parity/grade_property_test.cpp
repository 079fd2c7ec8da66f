// What must hold of verdicts for every network: figures that are right are never called wrong, and a
// slip is found where it was made and nowhere else.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "explain/digits.h"
#include "parity/longhand_person.h"

namespace longhand::testing {
namespace {

constexpr int kNetworks = 150;

Rounding random_rounding(std::mt19937& generator, int least_digits = 2) {
  return {static_cast<Rounding::Kind>(generator() % 3), least_digits + static_cast<int>(generator() % static_cast<unsigned>(7 - least_digits))};
}

std::vector<double> read(const std::vector<std::string>& figures) {
  std::vector<double> values;
  for (const auto& figure : figures) values.push_back(parse_figure(figure)->value);
  return values;
}

bool are_finite(const std::vector<double>& values) {
  return std::ranges::all_of(values, [](double value) { return std::isfinite(value) && std::abs(value) < 1e9; });
}

std::string described(const Grading& grading) {
  std::string text;
  for (const auto& judged : grading.claims) {
    text += judged.claim.quantity + " = ";
    for (const auto& figure : judged.claim.figures) text += figure + " ";
    text += std::string(name(judged.verdict)) + ", truly " + to_string(judged.true_value) + ", by the figures " +
            to_string(judged.from_claims) + "\n";
  }
  return text;
}

// Works the whole step out, rounding as it goes; `change` may alter a quantity's figures.
template <class Change>
std::optional<Worksheet> work_through(LonghandPerson& person, std::mt19937& generator, int least_digits, Change change) {
  Worksheet worksheet{.name = "sheet", .network = "network", .claims = {}};
  const auto rounding = random_rounding(generator, least_digits);
  for (const auto& quantity : person.quantities()) {
    const auto values = person.work_out(quantity);
    if (!are_finite(values)) return std::nullopt;  // divided by a figure that was rounded to 0
    auto figures = rounding.write(values);
    change(worksheet.claims.size(), figures);
    person.write(quantity, read(figures));
    worksheet.claims.push_back(person.claim(quantity, std::move(figures)));
  }
  return worksheet;
}

TEST(GradeProperties, ExactFiguresHoweverRoundedAreCorrect) {
  std::mt19937 generator(11);
  for (int i = 0; i < kNetworks; ++i) {
    LonghandPerson person(random_network(generator));
    Worksheet worksheet{.name = "sheet", .network = "network", .claims = {}};
    for (const auto& quantity : person.quantities()) {
      const auto values = person.work_out(quantity);
      person.write(quantity, values);
      if (are_finite(values)) worksheet.claims.push_back(person.claim(quantity, random_rounding(generator).write(values)));
    }
    const auto grading = grade(person.step().graph, person.values(), worksheet, person.batch());
    ASSERT_EQ(grading.count(Verdict::correct), std::ssize(grading.claims)) << described(grading);
  }
}

TEST(GradeProperties, AChainOfRoundedFiguresIsNeverWrong) {
  std::mt19937 generator(12);
  std::int64_t correct = 0, rounding = 0;
  for (int i = 0; i < kNetworks; ++i) {
    LonghandPerson person(random_network(generator));
    const auto worksheet = work_through(person, generator, 2, [](std::size_t, auto&) {});
    if (!worksheet) continue;
    const auto grading = grade(person.step().graph, person.values(), *worksheet, person.batch());
    correct += grading.count(Verdict::correct);
    rounding += grading.count(Verdict::rounding);
    ASSERT_EQ(grading.count(Verdict::correct) + grading.count(Verdict::rounding), std::ssize(grading.claims)) << described(grading);
  }
  EXPECT_GT(correct, 1000);
  EXPECT_GT(rounding, 100);
}

TEST(GradeProperties, OneSlipIsFoundWhereItWasMade) {
  std::mt19937 generator(13);
  std::int64_t slips = 0, followers = 0;
  for (int i = 0; i < 2 * kNetworks; ++i) {
    LonghandPerson person(random_network(generator));
    const auto planted = generator() % person.quantities().size();
    const auto worksheet = work_through(person, generator, 4, [&](std::size_t number, std::vector<std::string>& figures) {
      if (number != planted) return;
      auto& figure = figures[generator() % figures.size()];
      const auto [value, unit] = *parse_figure(figure);
      figure = Rounding{.digits = 6}.write({1.25 * value + (value < 0 ? -0.3 : 0.3)})[0];
    });
    if (!worksheet) continue;
    const auto grading = grade(person.step().graph, person.values(), *worksheet, person.batch());
    ++slips;
    followers += grading.count(Verdict::follows);
    for (std::size_t k = 0; k < grading.claims.size(); ++k) {
      const auto verdict = grading.claims[k].verdict;
      if (k < planted) ASSERT_LE(verdict, Verdict::rounding) << k << "\n" << described(grading);
      else ASSERT_EQ(verdict == Verdict::wrong, k == planted) << k << " of " << planted << "\n" << described(grading);
    }
  }
  EXPECT_GT(slips, kNetworks);
  EXPECT_GT(followers, 1000);
}

}  // namespace
}  // namespace longhand::testing
