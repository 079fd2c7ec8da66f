// Numbers as a person reads them. Rounded for display; never read back.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "longhand/base.h"

namespace longhand {

/// A figure that is left out, to be filled in: a NaN of a payload of its own, as R's NA is.
double blank();
bool is_blank(double value);

/// At most `digits` significant digits, no trailing zeros: "0.9388", "-1.065", "3.2e-07".
std::string display(double value, int digits);

/// The indices of an axis that are shown; -1 stands for the gap in a long one.
std::vector<std::int64_t> shown_indices(std::int64_t extent);
inline constexpr auto kAnyCount = std::numeric_limits<std::int64_t>::max();
/// Whether an axis, or some axis of a tensor or all of it, has more entries than a person reads.
bool is_long(std::int64_t extent);
bool is_long(const Tensor& tensor, std::int64_t most_entries = kAnyCount);
/// "128×784".
std::string extents(const Tensor& tensor);

/// What belongs to one index, from 0, of the first axis.
Tensor row_of(const Tensor& tensor, std::int64_t row);

/// |value|, for sorting: what is no number is the largest, as nothing is larger or smaller than it.
double sort_size(double value);

struct Entry {
  std::vector<std::int64_t> index;  ///< from 1, one for each axis
  double value = 0;
};
/// The entries of largest size, the largest first; of equal ones the first.
std::vector<Entry> largest_entries(const Tensor& tensor, std::size_t most);

/// Nested brackets; of a long axis the first and last entries with "…" between.
std::string display(const Tensor& tensor, int digits);

/// The same for TeX: "3.2 \\cdot 10^{-7}", a matrix; a vector is a column; more
/// axes are a list of matrices. Of a long tensor its extents.
std::string display_latex(double value, int digits);
std::string display_latex(const Tensor& tensor, int digits, std::int64_t most_entries = kAnyCount);
/// And as elements of MathML.
std::string display_mathml(double value, int digits);
std::string display_mathml(const Tensor& tensor, int digits, std::int64_t most_entries = kAnyCount);

}  // namespace longhand
