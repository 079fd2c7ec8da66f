#include "explain/ascii.h"

#include <algorithm>

namespace longhand {
namespace {

struct Plain {
  std::string_view unicode, ascii;
};

// Of two that begin alike the longer stands first.
constexpr Plain kPlain[] = {
    {"∂", "d"},     {"ŷ", "y_hat"}, {"\u0302", "_hat"}, {"η", "eta"},   {"μ", "mu"},    {"σ", "sigma"}, {"θ", "theta"},
    {"β", "beta"},  {"γ", "gamma"},  {"ε", "epsilon"}, {"α", "alpha"},   {"λ", "lambda"}, {"δ", "delta"}, {"Δ", "delta "}, {"′", "'"},
    {"⁻", "_old"},  {"ᵀ", "^T"},    {"²", "^2"},        {"³", "^3"}, {"ᵗ", "^t"},    {"₀", "0"},     {"₁", "1"},     {"₂", "2"},
    {"₃", "3"},     {"₄", "4"},     {"₅", "5"},         {"₆", "6"},     {"₇", "7"},     {"₈", "8"},     {"₉", "9"},
    {"ᵢ", "_i"},    {"ⱼ", "_j"},    {"ₛ", "_s"},        {"Σ", "sum"},   {"√", "sqrt"},  {"∞", "inf"},   {"·", "."},
    {" × ", " * "}, {"×", "x"},     {"⊙", "*"},         {"≤", "<="},    {"≥", ">="},    {"≠", "!="},    {"≈", "~"},
    {"−", "-"},     {"–", "-"},     {"—", "-"},         {"→", "->"},    {"▶", ">"},     {"▼", "v"},     {"‖", "||"},
    {"…", "..."},   {"’", "'"},     {"‘", "'"},         {"“", "\""},    {"”", "\""},    {"─", "-"},     {"│", "|"},
    {"┐", "+"},     {"┘", "+"},     {"┤", "+"},         {"┴", "+"},     {"✓", "ok"},    {"\u00A0", " "},
};

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

}  // namespace

std::string ascii(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const auto found = std::ranges::find_if(kPlain, [&](const Plain& row) { return text.starts_with(row.unicode); });
    if (found != std::end(kPlain)) {
      plain += found->ascii;
      text.remove_prefix(found->unicode.size());
      continue;
    }
    plain += is_ascii(text.front()) ? text.front() : '?';
    text.remove_prefix(1);
    // The rest of a character of several bytes.
    while (!text.empty() && (static_cast<unsigned char>(text.front()) & 0xC0) == 0x80) text.remove_prefix(1);
  }
  return plain;
}

}  // namespace longhand
