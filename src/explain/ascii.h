// Text without Unicode.
#pragma once

#include <string>
#include <string_view>

namespace longhand {

/// "∂L/∂W₂ ≤ ŷ · a₁ᵀ" as "dL/dW2 <= y_hat . a1^T". What has no plain writing becomes "?".
std::string ascii(std::string_view text);

}  // namespace longhand
