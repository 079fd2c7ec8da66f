#include "data/names.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "base/text.h"
#include "data/words.h"

namespace longhand::data {

std::optional<std::size_t> place_from_end(std::string_view text, std::size_t count) {
  if (text.size() < 2 || text[0] != '-') return std::nullopt;
  std::size_t back = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + 1, end, back);
  if (error != std::errc{} || stop != end || back == 0 || back > count) return std::nullopt;
  return count - back;
}

const std::string* alike_name(std::span<const std::string> names, std::string_view name) {
  const auto small = in_small_letters(name);
  const auto found = std::ranges::find_if(names, [&](const std::string& other) { return in_small_letters(other) == small; });
  return found == names.end() ? nullptr : &*found;
}

std::string list_names(std::span<const std::string> names) {
  constexpr std::size_t kShown = 8;
  std::string list;
  for (std::size_t i = 0; i < names.size() && i < kShown; ++i) {
    if (i > 0) list += ", ";
    list += '\'' + printable(names[i], 30) + '\'';
  }
  if (names.size() > kShown) list += ", … (" + std::to_string(names.size()) + " in all)";
  return list;
}

}  // namespace longhand::data
