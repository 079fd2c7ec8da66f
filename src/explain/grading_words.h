// What is said about each claim of a grading, to the one who wrote it. The writers set it out, with the
// formulas in their own markup.
#pragma once

#include <string>
#include <vector>

#include "longhand/explain.h"

namespace longhand {

/// A claim as it was written: "z₂ = 3.18", "[1.3, 1.8]".
std::string written_claim(const Claim& claim);
std::string written_figures(const Claim& claim);

/// Significant digits to show beside a claim: enough to see where its figures differ.
int digits_beside(const Grading& grading, const JudgedClaim& judged);

/// Whether there is something to say of how the claim should have been worked out.
bool has_working(const JudgedClaim& judged);
/// "figures 2 and 6", from which it is worked out; or empty.
std::string sources_of(const JudgedClaim& judged);

/// What the verdict means for this claim, a sentence each.
std::vector<std::string> remarks_on(const Grading& grading, std::size_t claim);

/// "9 correct, 5 drifted by rounding, 4 from a slip, 2 wrong".
std::string counts_of(const Grading& grading);

}  // namespace longhand
