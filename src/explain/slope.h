// The slope of a function of one entry, from its values alone.
#pragma once

#include "explain/perturbation.h"

namespace longhand {

/// A slope measured by central differences.
struct Slope {
  double value = 0;
  double error = 0;          ///< an estimate of how far `value` is off; not finite where nothing was found
  bool is_known = false;     ///< the error is small beside max(|value|, 1e-8)
  bool met_kink = false;     ///< differences that crossed a kink were thrown away
};

/// d(result)/d(entry) where the entry is `at`: central differences, each half as wide as the one
/// before, extrapolated to a width of 0 until the extrapolations agree to 1e-10 or rounding parts them.
/// The first width is that which moves no value on the way by more than a sixteenth of max(1, |value|),
/// so it is chosen anew for each entry; differences over a kink, or over values that are not finite,
/// are thrown away and narrower ones taken.
/// `rounding` is how far the result may be off at each place, where more is known of it than that it
/// has its own last digit. Source: Ridders, "Accurate computation of F'(x) and F'(x) F''(x)", 1982.
Slope measure_slope(Perturbation& perturbation, std::size_t entry, double at, double rounding = 0);

}  // namespace longhand
