// Every case of two published collections, against the JSON that came with it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "data/parse_number.h"
#include "longhand/data.h"

namespace longhand {
namespace {

using nlohmann::json;

struct Case {
  const char* name;
  // What stands in the error of a file that is refused; null where it is read.
  const char* error = nullptr;
};

void PrintTo(const Case& which, std::ostream* out) { *out << which.name; }

constexpr const char* kFolder = LONGHAND_SOURCE_DIR "/tests/data/csv/";

const Case kCases[] = {
    {"csv-spectrum/csvs/comma_in_quotes"},
    {"csv-spectrum/csvs/empty"},
    {"csv-spectrum/csvs/empty_crlf"},
    {"csv-spectrum/csvs/escaped_quotes"},
    {"csv-spectrum/csvs/json"},
    {"csv-spectrum/csvs/location_coordinates"},
    {"csv-spectrum/csvs/newlines"},
    {"csv-spectrum/csvs/newlines_crlf"},
    {"csv-spectrum/csvs/quotes_and_newlines"},
    {"csv-spectrum/csvs/simple"},
    {"csv-spectrum/csvs/simple_crlf"},
    {"csv-spectrum/csvs/utf8"},
    {"csv-test-data/csv/all-empty"},
    {"csv-test-data/csv/bad-header-less-fields", ": row 1 (line 2): found 2 cells, expected 3"},
    {"csv-test-data/csv/bad-header-more-fields", ": row 1 (line 2): found 4 cells, expected 3"},
    {"csv-test-data/csv/bad-header-no-header", ": the file is empty"},
    // The header is wrong in the eyes of somebody who knows what it should be. Without rows nothing
    // can be learnt, whatever it says.
    {"csv-test-data/csv/bad-header-wrong-header", ": the file has a header but no rows"},
    {"csv-test-data/csv/bad-missing-quote",
     ": row 1 (line 2), column 'bar': the quote opened on line 2 is never closed"},
    {"csv-test-data/csv/bad-quotes-with-unescaped-quote",
     ": row 1 (line 2), column 'bar': text after the closing quote"},
    // RFC 4180 does not allow it, but it can mean one thing only, and inches are written so.
    {"csv-test-data/csv/bad-unescaped-quote"},
    {"csv-test-data/csv/empty-field"},
    {"csv-test-data/csv/empty-one-column"},
    // Its JSON is an empty list: read rightly, but there is nothing to learn from.
    {"csv-test-data/csv/header-no-rows", ": the file has a header but no rows"},
    {"csv-test-data/csv/header-simple"},
    {"csv-test-data/csv/leading-space"},
    {"csv-test-data/csv/one-column"},
    {"csv-test-data/csv/quotes-empty"},
    {"csv-test-data/csv/quotes-with-comma"},
    {"csv-test-data/csv/quotes-with-escaped-quote"},
    {"csv-test-data/csv/quotes-with-newline"},
    {"csv-test-data/csv/quotes-with-space"},
    {"csv-test-data/csv/simple-crlf"},
    {"csv-test-data/csv/simple-lf"},
    {"csv-test-data/csv/trailing-newline"},
    {"csv-test-data/csv/trailing-newline-one-field"},
    {"csv-test-data/csv/trailing-space"},
    {"csv-test-data/csv/utf8"},
};

std::string csv_path(const std::string& name) { return kFolder + name + ".csv"; }

// What should be read: lists of cells, or objects where the file has a header.
json expected(const std::string& name) {
  if (name.ends_with("bad-unescaped-quote")) {  // published without JSON
    return json::parse(R"([["foo", "bar", "baz"], ["1", "This \"quotes\" must be escaped", "3"]])");
  }
  const std::string folder = name.substr(0, name.find('/')) + "/json";
  std::ifstream file(kFolder + folder + name.substr(name.rfind('/')) + ".json");
  json value = json::parse(file);
  if (name.ends_with("location_coordinates")) {
    // It is one object rather than a list, and has another telephone number than its CSV file.
    EXPECT_TRUE(value.is_object());
    EXPECT_EQ(value["Contact Phone Number"], "1234567890");
    value["Contact Phone Number"] = "2095257564";
    value = json::array({value});
  }
  return value;
}

class CsvCorpus : public testing::TestWithParam<Case> {};

TEST_P(CsvCorpus, IsReadAsPublished) {
  const std::string name = GetParam().name;
  const std::string path = csv_path(name);
  if (GetParam().error != nullptr) {
    try {
      read_csv(path);
      FAIL() << "was read";
    } catch (const DataError& error) {
      EXPECT_EQ(std::string(error.what()).rfind(path + GetParam().error, 0), 0U) << error.what();
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    }
    return;
  }
  const json rows = expected(name);
  CsvOptions options;
  options.header = rows.at(0).is_object();
  const Table table = read_csv(path, options);
  ASSERT_EQ(table.rows(), static_cast<std::int64_t>(rows.size()));
  // As numbers where they are, and with every column kept as text: the cells come out as written, but for spaces around them.
  for (const Column& column : table.columns()) options.text.push_back(column.name());
  const Table text = read_csv(path, options);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    ASSERT_EQ(table.columns().size(), rows[row].size());
    for (std::size_t i = 0; i < table.columns().size(); ++i) {
      const Column& column = table.columns()[i];
      const json& cell = options.header ? rows[row].at(column.name()) : rows[row].at(i);
      const auto written = cell.get<std::string>();
      EXPECT_EQ(column.cell(row), data::trimmed(written));
      EXPECT_EQ(text.columns()[i].cell(row), data::trimmed(written));
      EXPECT_FALSE(text.columns()[i].is_numbers());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, CsvCorpus, testing::ValuesIn(kCases), [](const auto& test) {
  std::string name = test.param.name;
  std::ranges::replace_if(
      name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
});

TEST(CsvCorpusFolder, HasNoCaseBesides) {
  std::vector<std::string> found, listed;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kFolder)) {
    if (entry.path().extension() == ".csv") found.push_back(entry.path());
  }
  for (const Case& which : kCases) listed.push_back(csv_path(which.name));
  std::ranges::sort(found);
  std::ranges::sort(listed);
  EXPECT_EQ(found, listed);
  EXPECT_EQ(found.size(), 37U);
}

}  // namespace
}  // namespace longhand
