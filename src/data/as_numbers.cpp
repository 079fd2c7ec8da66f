#include "data/as_numbers.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "base/text.h"
#include "data/parse_number.h"

namespace longhand::data {
namespace {

// What people write for a value that they do not have.
constexpr std::string_view kMissing[] = {"NA",   "N/A",  "na", "n/a", "#N/A", "null",
                                         "NULL", "None", "?",  "-",   "."};

std::string what_is_wrong(std::string_view cell, NumberState state, const Column& column,
                          std::string_view about_text) {
  constexpr std::string_view kNoMissing = "missing values are not supported yet";
  const std::string shown = '\'' + printable(cell, 60) + '\'';
  if (state == NumberState::empty) return "the cell is empty; " + std::string(kNoMissing);
  if (state == NumberState::not_finite) return shown + " is not a finite number";
  const std::string message = shown + " is not a number";
  if (std::ranges::find(kMissing, trimmed(cell)) != std::end(kMissing)) {
    return message + "; " + std::string(kNoMissing);
  }
  return column.share_of_numbers() < 0.5 ? message + std::string(about_text) : message;
}

}  // namespace

std::vector<double> text_as_numbers(const Table& table, const Column& column,
                                    std::string_view about_text) {
  std::vector<ParsedNumber> parsed;
  parsed.reserve(column.texts().size());
  for (std::size_t i = 0; i < column.texts().size(); ++i) {
    parsed.push_back(parse_number(column.texts()[i]));
  }
  std::vector<double> values;
  values.reserve(column.rows());
  for (const std::int32_t code : column.codes()) {
    const auto i = static_cast<std::size_t>(code);
    if (!parsed[i].is_finite()) {
      throw DataError(table.where(static_cast<std::int64_t>(values.size()), column.name()) + ": " +
                      what_is_wrong(column.texts()[i], parsed[i].state, column, about_text));
    }
    values.push_back(parsed[i].value);
  }
  return values;
}

}  // namespace longhand::data
