// How an id is written. It is read once; the printings differ.
#pragma once

#include <string>
#include <vector>

namespace longhand {

/// An id taken apart: "m_hat_W1" is the letter m with a hat and the symbol W1 below it.
struct Symbol {
  std::string letter;         ///< "W"; a Greek one by its name, "eta"; or a whole word
  bool is_word = false;       ///< set upright: "prediction"
  bool hat = false;
  bool norm = false;          ///< between double bars
  std::string mark;           ///< "'" for after the step, "-" for before it
  std::string index;          ///< "1", "1,2", "i"
  std::string entry;          ///< "3,7" of "W1[3,7]"
  std::vector<Symbol> below;  ///< what it belongs to, or none
  std::vector<Symbol> by;     ///< a derivative's denominator, or none
};

Symbol symbol_of(const std::string& id);

/// "∂L/∂W₂", "ŷ", "W₁′", "η".
std::string unicode_symbol(const std::string& id);
/// "\frac{\partial L}{\partial W_{2}}", "\hat{y}", "W_{1}'", "\eta".
std::string latex_symbol(const std::string& id);
/// "<msub><mi>W</mi><mn>1</mn></msub>".
std::string mathml_symbol(const std::string& id);

}  // namespace longhand
