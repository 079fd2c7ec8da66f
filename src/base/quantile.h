// Quantiles of values and of the normal distribution.
#pragma once

#include <span>

namespace longhand {

/// The value below which a share of ascending values (at least one) lies, linear between neighbours; of
/// equal neighbours exactly their value.
double quantile(std::span<const double> ascending, double share);

/// z with P(Z < z) = p of a standard normal Z, for 0 < p < 1, to about 1e-12.
double normal_quantile(double p);

}  // namespace longhand
