// A figure as a person writes it: its value, and how finely it was written.
#pragma once

#include <optional>
#include <string_view>

#include "ir/interval.h"

namespace longhand {

struct Figure {
  double value = 0;
  double unit = 1;  ///< of the last digit: 3.18 has 0.01, 1e2 has 100, 100 has 1
};

/// Reads "3.18", ".0600", "-1.2e-3", "1_000" and the sign "−" too. Nothing where the text is no
/// finite number in decimal digits.
std::optional<Figure> parse_figure(std::string_view text);

/// The numbers for which the figure may stand: those that round to it, whichever way a half goes,
/// and, where the unit is below 1, those that are cut off to it. An end that belongs to them is
/// moved outward, one that does not inward, by max(1e-6 unit, 1e-12 |value|).
Interval stands_for(const Figure& figure);

}  // namespace longhand
