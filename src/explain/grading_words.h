// What is said about each claim of a grading, to the one who wrote it. The writers set it out, with the
// formulas in their own markup.
#pragma once

#include <string>
#include <vector>

#include "explain/equation.h"
#include "longhand/explain.h"

namespace longhand {

/// The worksheet's file without its folder.
std::string title_of(const Worksheet& worksheet);

/// A claim as it was written: "z₂ = 3.18", "[1.3, 1.8]".
std::string written_claim(const Claim& claim);
std::string written_figures(const Claim& claim);

/// Significant digits to show beside a claim: enough to see where its figures differ.
int digits_beside(const Grading& grading, const JudgedClaim& judged);

/// Whether there is something to say of how the claim should have been worked out.
bool has_working(const JudgedClaim& judged);
/// "By figures 2 and 6", or "By the rule" where it comes from no figure.
std::string sources_of(const JudgedClaim& judged);
/// "z₂ = W₂ a₁ + b₂ = [[0.7, 0.9]] · [1.3, 1.8] + [0.2] = 2.73".
std::string working_of(const Grading& grading, const JudgedClaim& judged);

/// The same for markups with mathematics, and the numbers that stand in it. `judged` has to outlive both.
Equation equation_of(const Grading& grading, const JudgedClaim& judged);
Numbers numbers_of(const Grading& grading, const JudgedClaim& judged);

/// What the verdict means for this claim, a sentence each.
std::vector<std::string> remarks_on(const Grading& grading, std::size_t claim);

/// "Figure 3, z₂ = 3.18, should have been 2.73."
std::string correction_of(const Grading& grading, std::size_t claim);

/// "9 correct, 5 drifted by rounding, 4 from a slip, 2 wrong".
std::string counts_of(const Grading& grading);

/// "Not answered yet: z₁ (1 of its 2 figures), a₁ and L."; empty where all is.
std::string unanswered_words(const Grading& grading);

}  // namespace longhand
