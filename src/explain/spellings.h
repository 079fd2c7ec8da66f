// Quantities as people spell them.
#pragma once

#include <string>

namespace longhand {

/// A spelling without what spellings differ in: an id and how it is usually written come to the same,
/// "dL/dW2", "∂L/∂W₂" and "\frac{\partial L}{\partial W_2}"; "y_hat" and "ŷ"; "W1_new" and "W1'";
/// "learning_rate", "η" and "eta".
std::string plain_spelling(const std::string& text);

}  // namespace longhand
