#include "explain/spellings.h"

#include <string_view>
#include <utility>

#include "explain/ascii.h"

namespace longhand {
namespace {

// One after the other, in text without Unicode.
constexpr std::pair<std::string_view, std::string_view> kParts[] = {
    {"\\frac", ""}, {"}{", "/"}, {"\\partial", "d"}, {"\\hat{y}", "yhat"}, {"\\hat y", "yhat"}, {"\\hat", "hat"}, {"y^", "yhat"}, {"'", "new"},
};

constexpr std::pair<std::string_view, std::string_view> kWhole[] = {
    {"eta", "learningrate"}, {"lr", "learningrate"}, {"loss", "L"}, {"input", "x"}, {"target", "y"}};

}  // namespace

std::string plain_spelling(const std::string& text) {
  auto plain = ascii(text);
  for (const auto& [from, to] : kParts) {
    for (auto at = plain.find(from); at != std::string::npos; at = plain.find(from, at + to.size())) plain.replace(at, from.size(), to);
  }
  constexpr std::string_view kSet = " \t_{}()$\\";
  std::erase_if(plain, [&](char c) { return kSet.find(c) != std::string_view::npos; });
  for (const auto& [whole, id] : kWhole) {
    if (plain == whole) return std::string(id);
  }
  return plain;
}

}  // namespace longhand
