// Tables made at random and written in one of the ways in which a table can be: they read back.
#ifdef LONGHAND_HAVE_RAPIDCHECK
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "data/parse_number.h"
#include "data/table_text.h"
#include "longhand/data.h"

namespace longhand {
namespace {

using Cells = std::vector<std::vector<std::string>>;

// How one table may be written: each choice must read back the same.
struct Writing {
  char delimiter;
  std::string row_end;
  bool quotes_all;
  bool ends_last_row;
  bool has_mark;
};

std::string write(const Cells& rows, const Writing& how) {
  std::string file = how.has_mark ? "\xEF\xBB\xBF" : "";
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t i = 0; i < rows[row].size(); ++i) {
      const std::string& cell = rows[row][i];
      const bool needs_quotes =
          cell.find_first_of(std::string("\"\r\n") + how.delimiter) != std::string::npos;
      if (i > 0) file += how.delimiter;
      if (!needs_quotes && !how.quotes_all) {
        file += cell;
        continue;
      }
      file += '"';
      for (const char letter : cell) file += letter == '"' ? "\"\"" : std::string{letter};
      file += '"';
    }
    if (row + 1 < rows.size() || how.ends_last_row) file += how.row_end;
  }
  return file;
}

rc::Gen<Writing> any_writing() {
  return rc::gen::apply(
      [](char delimiter, const std::string& row_end, bool quotes, bool ends, bool mark) {
        return Writing{delimiter, row_end, quotes, ends, mark};
      },
      rc::gen::element(',', ';', '\t', '|'), rc::gen::element<std::string>("\n", "\r\n", "\r"),
      rc::gen::arbitrary<bool>(), rc::gen::arbitrary<bool>(), rc::gen::arbitrary<bool>());
}

// Cells of letters that mean something to the reader, and of some that do not.
rc::Gen<std::string> any_cell() {
  return rc::gen::oneOf(
      rc::gen::container<std::string>(rc::gen::element(',', ';', '\t', '|', '"', '\n', '\r', ' ',
                                                       'a', '1', '.', '-', '\xC3', '\xA4')),
      rc::gen::element<std::string>("", "1", "-2.50", "nan", "1e400", "007", "x"),
      rc::gen::map(rc::gen::arbitrary<int>(),
                   [](int i) { return data::shortest_decimal(i / 8.); }));
}

RC_GTEST_PROP(CsvProperty, ReadsBackWhatWasWritten, ()) {
  const auto width = *rc::gen::inRange<std::size_t>(2, 6);
  const auto height = *rc::gen::inRange<std::size_t>(1, 20);
  Cells rows = *rc::gen::container<Cells>(
      height, rc::gen::container<std::vector<std::string>>(width, any_cell()));
  const Writing how = *any_writing();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < width; ++i) names.push_back("c" + std::to_string(i));
  rows.insert(rows.begin(), names);
  CsvOptions options;
  options.delimiter = how.delimiter;
  options.text = names;
  const Table table = parse_csv(write(rows, how), "t.csv", options);
  RC_ASSERT(table.rows() == static_cast<std::int64_t>(height));
  for (std::size_t row = 0; row < height; ++row) {
    for (std::size_t i = 0; i < width; ++i)
      RC_ASSERT(table.columns()[i].cell(row) == data::trimmed(rows[row + 1][i]));
  }
}

RC_GTEST_PROP(CsvProperty, TakesAColumnForNumbersWhereEveryCellIsOne, ()) {
  const auto height = *rc::gen::inRange<std::size_t>(1, 40);
  Cells rows = *rc::gen::container<Cells>(
      height, rc::gen::container<std::vector<std::string>>(3, any_cell()));
  rows.insert(rows.begin(), {"a", "b", "c"});
  const Writing how = *any_writing();
  const Table table = parse_csv(write(rows, how), "t.csv", {.delimiter = how.delimiter});
  for (std::size_t i = 0; i < 3; ++i) {
    const Column& column = table.columns()[i];
    const bool expected = std::all_of(rows.begin() + 1, rows.end(), [&](const auto& row) {
      return data::parse_number(row[i]).is_finite() && !data::is_code(data::trimmed(row[i]));
    });
    RC_ASSERT(column.is_numbers() == expected);
    for (std::size_t row = 0; row < height; ++row) {
      const std::string& cell = rows[row + 1][i];
      if (expected)
        RC_ASSERT(column.numbers()[row] == data::parse_number(cell).value);
      else
        RC_ASSERT(column.cell(row) == data::trimmed(cell));
    }
  }
}

RC_GTEST_PROP(CsvProperty, ReadsTheSameHoweverItIsWritten, ()) {
  Cells rows =
      *rc::gen::container<Cells>(rc::gen::container<std::vector<std::string>>(4, any_cell()));
  rows.insert(rows.begin(), {"x", "x", "x", "x"});
  rows.insert(rows.begin(), {"a", "b", "c", "d"});
  const Writing one = *any_writing(), other = *any_writing();
  RC_ASSERT(
      data::table_text(parse_csv(write(rows, one), "t.csv", {.delimiter = one.delimiter})) ==
      data::table_text(parse_csv(write(rows, other), "t.csv", {.delimiter = other.delimiter})));
}

}  // namespace
}  // namespace longhand
#endif
