// A figure that the earlier figures do not give as they are, but rounded.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "explain/line.h"

namespace longhand {

struct RoundedWorking {
  std::map<std::size_t, std::vector<double>> operands;  ///< those that are rounded, by subject
  std::vector<double> result;
};

/// How few of the operands have to be rounded, each to so many significant digits, for the formula to give
/// every entry that was judged to follow or to have drifted. Nothing where it gives them as it is, or where
/// no rounding does it.
std::optional<RoundedWorking> find_rounded_working(const Subjects& subjects, Line& line, const JudgedFigures& read);

}  // namespace longhand
