#include "explain/precision.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace longhand {
namespace {

constexpr int kMostDigits = 17;

// But for what rounding in double precision may do.
bool are_equal(double a, double b) {
  constexpr double kNearly = 1e-12;
  return std::abs(a - b) <= kNearly * std::max(1.0, std::abs(b));
}

int digits_to_tell(double value, double other) {
  int digits = 1;
  while (digits < kMostDigits && stands_for(rounded_to(value, digits)).contains(other)) ++digits;
  return digits;
}

}  // namespace

int significant_digits(std::string_view figure) {
  int digits = 0;
  for (const char c : figure.substr(0, figure.find_first_of("eE"))) digits += (c > '0' && c <= '9') || (c == '0' && digits > 0);
  return digits;
}

Figure rounded_to(double value, int digits) {
  return parse_figure(fmt::format("{:.{}e}", value, digits - 1)).value_or(Figure{value, 0});
}

std::optional<CoarseEntry> coarse_entry(const Subjects& subjects, std::size_t subject, std::size_t entry, const Figure& figure, double value) {
  if (!std::isfinite(value)) return std::nullopt;
  std::vector<CoarseEntry> others{{.entry = entry, .before = {}, .number = 0}};
  for (const double limit : subjects[subject].limits) others.push_back({.entry = entry, .before = {}, .number = limit});
  constexpr std::string_view kAfter = "_new";
  if (const auto& id = subjects[subject].id; id.ends_with(kAfter)) {
    const auto before = id.substr(0, id.size() - kAfter.size());
    if (const auto found = subjects.find(before)) {
      others.push_back({.entry = entry, .before = before, .number = subjects[*found].value.at(static_cast<std::int64_t>(entry))});
    }
  }
  const auto numbers = stands_for(figure);
  std::optional<CoarseEntry> worst;
  for (auto& other : others) {
    if (are_equal(value, other.number) || are_equal(figure.value, value) || !numbers.contains(other.number)) continue;
    other.digits = digits_to_tell(value, other.number);
    if (!worst || other.digits > worst->digits) worst = other;
  }
  return worst;
}

bool has_digits(std::string_view text, const Figure& figure, double value, int digits) {
  if (significant_digits(text) >= digits || !std::isfinite(value)) return true;
  return value == 0 ? figure.value == 0 : stands_for({figure.value, rounded_to(value, digits).unit}).contains(value);
}

}  // namespace longhand
