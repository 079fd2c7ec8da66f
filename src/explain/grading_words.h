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
/// "article.toml", or with digits asked for "article.toml, to 4 significant digits".
std::string checked_against(const Worksheet& worksheet);

/// A claim as it was written: "z₂ = 3.18", "[1.3, 1.8]".
std::string written_claim(const Claim& claim);
std::string written_figures(const Claim& claim);

/// Significant digits to show beside a claim: enough to see where its figures differ.
int digits_beside(const Grading& grading, const JudgedClaim& judged);

/// Whether there is something to show of how the claim should have been worked out: not where it has no value.
bool has_working(const JudgedClaim& judged);
/// "By claims 2 and 6", or "By the rule" where it comes from no claim; "By claim 3, with ∂L/∂ŷ rounded to -1.04".
std::string sources_of(const Grading& grading, const JudgedClaim& judged);
/// "z₂ = W₂ a₁ + b₂ = [[0.7, 0.9]] · [1.3, 1.8] + [0.2] = 2.73".
std::string working_of(const Grading& grading, const JudgedClaim& judged);

/// The same for markups with mathematics, and the numbers that stand in it. `judged` has to outlive both.
Equation equation_of(const Grading& grading, const JudgedClaim& judged);
Numbers numbers_of(const Grading& grading, const JudgedClaim& judged);

/// What the verdict means for this claim, a sentence each.
std::vector<std::string> remarks_on(const Grading& grading, std::size_t claim);

/// Of a figure that has too few digits to tell, or fewer than are asked for; empty where none has.
std::string remark_on_digits(const Grading& grading, const JudgedClaim& judged);

/// "Claim 3, z₂ = 3.18, is wrong: the true value is 2.73.", and what the claims before it come to where that differs.
std::string correction_of(const Grading& grading, std::size_t claim);

/// "9 correct, 5 drifted by rounding, 4 from a slip, 2 wrong".
std::string counts_of(const Grading& grading);

/// "Not answered yet: z₁ (1 of its 2 entries), a₁ and L."; empty where all is.
std::string unanswered_words(const Grading& grading);

}  // namespace longhand
