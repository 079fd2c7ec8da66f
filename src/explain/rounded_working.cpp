#include "explain/rounded_working.h"

#include <algorithm>
#include <cmath>

#include "explain/precision.h"

namespace longhand {
namespace {

constexpr int kMostDigits = 6;
constexpr std::size_t kMostOperands = 3;

bool gives(const std::vector<double>& result, const JudgedFigures& read) {
  for (std::size_t i = 0; i < read.figures.size(); ++i) {
    if (read.verdicts[i] != Verdict::rounding && read.verdicts[i] != Verdict::follows) continue;
    if (!stands_for(*read.figures[i]).contains(result[i])) return false;
  }
  return true;
}

std::vector<double> rounded(const std::vector<double>& values, int digits) {
  std::vector<double> result;
  for (const double value : values) result.push_back(rounded_to(value, digits).value);
  return result;
}

}  // namespace

std::optional<RoundedWorking> find_rounded_working(const Subjects& subjects, Line& line, const JudgedFigures& read) {
  if (gives(line.from_figures(read.subject), read)) return std::nullopt;
  const auto& operands = subjects[read.subject].operands;
  if (operands.empty() || operands.size() > kMostOperands) return std::nullopt;
  std::vector<std::vector<double>> written;
  for (const auto operand : operands) {
    written.push_back(line.written(operand));
    if (!std::ranges::all_of(written.back(), [](double value) { return std::isfinite(value); })) return std::nullopt;
  }
  // The digits of each operand, 0 for one that is not rounded.
  std::vector<int> digits(operands.size(), 0);
  const auto next = [&] {
    for (auto& place : digits) {
      if (++place <= kMostDigits) return true;
      place = 0;
    }
    return false;
  };
  std::optional<RoundedWorking> best;
  while (next()) {
    RoundedWorking working;
    for (std::size_t i = 0; i < operands.size(); ++i) {
      if (digits[i] > 0) working.operands[operands[i]] = rounded(written[i], digits[i]);
    }
    if (best && best->operands.size() <= working.operands.size()) continue;
    working.result = line.from_figures(read.subject, working.operands);
    if (gives(working.result, read)) best = std::move(working);
  }
  return best;
}

}  // namespace longhand
