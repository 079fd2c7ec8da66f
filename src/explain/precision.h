// Whether a figure has the digits that it takes to tell something.
#pragma once

#include <optional>
#include <string_view>

#include "explain/digits.h"
#include "explain/subjects.h"

namespace longhand {

/// Digits from the first that is not 0: 0.0600 has 3, 0.00 none.
int significant_digits(std::string_view figure);

/// The value as it is written to so many significant digits.
Figure rounded_to(double value, int digits);

/// What an entry of the subject that truly is `value` may be too by its figure: 0, a limit that it
/// never reaches, and after a step what it was before. Where it is several of these, the one that takes
/// the most digits to tell apart.
std::optional<CoarseEntry> coarse_entry(const Subjects& subjects, std::size_t subject, std::size_t entry, const Figure& figure, double value);

/// Whether `figure`, read from `text`, is `value` to so many significant digits, be it that zeros at its end
/// are not written.
bool has_digits(std::string_view text, const Figure& figure, double value, int digits);

}  // namespace longhand
