#include "data/missing_cells.h"

#include <algorithm>

#include "data/parse_number.h"
#include "data/words.h"

namespace longhand {

const std::vector<std::string>& usual_missing_words() {
  static const std::vector<std::string> words{"na",      "n/a",     "#n/a",    "<na>",   "nan",   "nat",    "null",   "(null)", "none",
                                              "?",       "-",       "--",      ".",      "\\N",   "#div/0!", "#value!", "#ref!",  "#name?",
                                              "#num!",   "#null!",  "1.#qnan", "1.#ind", "-1.#ind"};
  return words;
}

namespace data {

MissingCells::MissingCells(std::span<const std::string> words) {
  for (const auto& word : words) {
    words_.push_back(in_small_letters(trimmed(word)));
    if (const auto number = parse_number(word); number.is_finite()) numbers_.push_back(number.value);
  }
}

bool MissingCells::is_missing(std::string_view cell) const {
  cell = trimmed(cell);
  if (cell.empty()) return true;
  constexpr std::size_t kLongestWord = 64;
  if (cell.size() <= kLongestWord && std::ranges::find(words_, in_small_letters(cell)) != words_.end()) return true;
  if (numbers_.empty()) return false;
  const auto number = parse_number(cell);
  return number.is_finite() && is_missing(number.value);
}

bool MissingCells::is_missing(double value) const {
  return std::ranges::find(numbers_, value) != numbers_.end();
}

std::vector<bool> missing_texts(const Column& column, const MissingCells& missing) {
  std::vector<bool> result(column.texts().size());
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = missing.is_missing(column.texts()[i]);
  return result;
}

}  // namespace data
}  // namespace longhand
