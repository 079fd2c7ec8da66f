#include "explain/symbols.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace longhand {
namespace {

bool take_end(std::string& text, std::string_view end) {
  if (!text.ends_with(end)) return false;
  text.resize(text.size() - end.size());
  return true;
}

const std::map<std::string, std::string>& greek() {
  static const std::map<std::string, std::string> kLetters{{"beta", "β"}, {"eta", "η"}, {"gamma", "γ"}, {"mu", "μ"}, {"sigma", "σ"}, {"theta", "θ"}};
  return kLetters;
}

// "W12" and "h1_2": letters and an index. A name of several letters is a word.
Symbol plain(const std::string& id) {
  static const std::map<std::string, Symbol> kNames{{"y_hat", {.letter = "y", .hat = true}},
                                                    {"learning_rate", {.letter = "eta"}},
                                                    {"mean", {.letter = "mu"}},
                                                    {"scale", {.letter = "sigma"}},
                                                    {"L_rows", {.letter = "L", .index = "i"}},
                                                    {"y_scaled", {.letter = "y", .index = "s"}},
                                                    {"y_smooth", {.letter = "y", .index = "s"}},
                                                    {"g_norm", {.letter = "g", .norm = true}},
                                                    {"clip", {.letter = "c"}},
                                                    {"theta", {.letter = "theta", .index = "j"}}};
  if (const auto found = kNames.find(id); found != kNames.end()) return found->second;
  if (id == "y_hat_mean") return {.letter = "y", .hat = true, .index = "m"};
  if (id == "prediction_mean" || id == "prediction_p") return {.letter = "prediction", .is_word = true, .index = id.substr(11, 1)};
  if (id.starts_with("y_hat_")) return {.letter = "y", .hat = true, .index = id.substr(6)};
  const auto digits = std::min(id.find_first_of("0123456789"), id.size());
  Symbol symbol{.letter = id.substr(0, digits), .is_word = digits > 1, .index = id.substr(digits)};
  std::ranges::replace(symbol.letter, '_', ' ');
  std::ranges::replace(symbol.index, '_', ',');
  return symbol;
}

std::string subscript(const std::string& index) {
  static const std::map<char, std::string> kSmall{{'0', "₀"}, {'1', "₁"}, {'2', "₂"}, {'3', "₃"}, {'4', "₄"}, {'5', "₅"},
                                                  {'6', "₆"}, {'7', "₇"}, {'8', "₈"}, {'9', "₉"}, {'i', "ᵢ"}, {'j', "ⱼ"}, {'m', "ₘ"}, {'p', "ₚ"}, {'s', "ₛ"}};
  std::string text;
  for (const char c : index) {
    const auto found = kSmall.find(c);
    text += found == kSmall.end() ? std::string(1, c) : found->second;
  }
  return text;
}

std::string unicode(const Symbol& symbol) {
  if (!symbol.by.empty()) {
    auto above = symbol;
    above.by.clear();
    return "∂" + unicode(above) + "/∂" + unicode(symbol.by[0]);
  }
  const auto found = greek().find(symbol.letter);
  auto text = found == greek().end() ? symbol.letter : found->second;
  if (symbol.hat) text = text == "y" ? "ŷ" : text + "\u0302";
  text += subscript(symbol.index);
  if (symbol.norm) text = "‖" + text + "‖";
  if (!symbol.below.empty()) text += "(" + unicode(symbol.below[0]) + ")";
  if (!symbol.mark.empty()) text += symbol.mark == "'" ? "′" : "⁻";
  return symbol.entry.empty() ? text : text + "[" + symbol.entry + "]";
}

std::string latex(const Symbol& symbol) {
  if (!symbol.by.empty()) {
    auto above = symbol;
    above.by.clear();
    return "\\frac{\\partial " + latex(above) + "}{\\partial " + latex(symbol.by[0]) + "}";
  }
  auto text = symbol.is_word ? "\\text{" + symbol.letter + "}" : symbol.letter;
  if (greek().contains(symbol.letter)) text = "\\" + symbol.letter;
  if (symbol.hat) text = "\\hat{" + text + "}";
  if (!symbol.below.empty()) text += "_{" + latex(symbol.below[0]) + "}";
  else if (!symbol.index.empty()) text += "_{" + symbol.index + "}";
  if (symbol.norm) text = "\\lVert " + text + " \\rVert";
  if (!symbol.mark.empty()) text += symbol.mark == "'" ? "'" : "^{-}";
  return symbol.entry.empty() ? text : text + "[" + symbol.entry + "]";
}

std::string mathml_index(const std::string& index) {
  std::string cells;
  int count = 0;
  for (std::size_t begin = 0; begin <= index.size(); ++count) {
    const auto end = std::min(index.find(',', begin), index.size());
    const auto part = index.substr(begin, end - begin);
    const char* tag = part.find_first_not_of("0123456789") == std::string::npos ? "mn" : "mi";
    cells += (count > 0 ? "<mo>,</mo><" : "<") + std::string(tag) + ">" + part + "</" + tag + ">";
    begin = end + 1;
  }
  return count == 1 ? cells : "<mrow>" + cells + "</mrow>";
}

std::string mathml(const Symbol& symbol) {
  if (!symbol.by.empty()) {
    auto above = symbol;
    above.by.clear();
    return "<mfrac><mrow><mi>∂</mi>" + mathml(above) + "</mrow><mrow><mi>∂</mi>" + mathml(symbol.by[0]) + "</mrow></mfrac>";
  }
  const auto found = greek().find(symbol.letter);
  const auto letter = found == greek().end() ? symbol.letter : found->second;
  auto text = symbol.is_word ? "<mtext>" + letter + "</mtext>" : "<mi>" + letter + "</mi>";
  if (symbol.hat) text = "<mover accent=\"true\">" + text + "<mo stretchy=\"false\">^</mo></mover>";
  if (symbol.norm) text = "<mrow><mo>‖</mo>" + text + "<mo>‖</mo></mrow>";
  std::string below = symbol.below.empty() ? "" : mathml(symbol.below[0]);
  if (below.empty() && !symbol.index.empty()) below = mathml_index(symbol.index);
  const std::string mark = symbol.mark.empty() ? "" : symbol.mark == "'" ? "<mo>′</mo>" : "<mo>−</mo>";
  if (!below.empty() && !mark.empty()) text = "<msubsup>" + text + below + mark + "</msubsup>";
  else if (!below.empty()) text = "<msub>" + text + below + "</msub>";
  else if (!mark.empty()) text = "<msup>" + text + mark + "</msup>";
  if (symbol.entry.empty()) return text;
  return "<mrow>" + text + "<mo stretchy=\"false\">[</mo>" + mathml_index(symbol.entry) + "<mo stretchy=\"false\">]</mo></mrow>";
}

}  // namespace

Symbol symbol_of(const std::string& id) {
  if (const auto slash = id.find("/d"); slash != std::string::npos && id.starts_with("d")) {
    auto symbol = symbol_of(id.substr(1, slash - 1));
    symbol.by.push_back(symbol_of(id.substr(slash + 2)));
    return symbol;
  }
  auto rest = id;
  std::string entry, mark;
  if (const auto bracket = rest.find('['); bracket != std::string::npos && rest.ends_with("]")) {
    entry = rest.substr(bracket + 1, rest.size() - bracket - 2);
    rest.resize(bracket);
  }
  if (take_end(rest, "_old")) mark = "-";
  else if (take_end(rest, "_new")) mark = "'";
  // An optimiser's memory of a parameter: m_W1, v_hat_b2.
  const bool hat = rest.size() > 5 && rest[0] != 'y' && rest.compare(1, 5, "_hat_") == 0;
  Symbol symbol;
  if (hat || (rest.size() > 2 && rest[1] == '_' && (rest[2] == 'W' || rest[2] == 'b' || rest[2] == 'E' || rest.compare(2, 5, "gamma") == 0))) {
    symbol = {.letter = rest.substr(0, 1), .hat = hat, .below = {symbol_of(rest.substr(hat ? 6 : 2))}};
  } else {
    symbol = plain(rest);
  }
  symbol.entry = std::move(entry);
  symbol.mark = std::move(mark);
  return symbol;
}

std::string unicode_symbol(const std::string& id) { return unicode(symbol_of(id)); }

std::string latex_symbol(const std::string& id) { return latex(symbol_of(id)); }

std::string mathml_symbol(const std::string& id) { return mathml(symbol_of(id)); }

}  // namespace longhand
