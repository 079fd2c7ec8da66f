#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "longhand/data.h"

namespace longhand {
namespace {

const std::vector<std::string> kFruit = {"pear", "fig", "pear", ""};

Table fruit() {
  return Table("fruit", {Column::of_numbers("weight", {4.5, 1, 2, 4.5}, {{4.5, "4.50"}}),
                         Column::of_text("kind", kFruit)});
}

TEST(Column, HoldsNumbersOrText) {
  const Table table = fruit();
  EXPECT_EQ(table.rows(), 4);
  EXPECT_EQ(table.column("weight").cell(0), "4.50");
  EXPECT_EQ(table.column("weight").cell(1), "1");
  EXPECT_EQ(table.column("kind").cell(2), "pear");
  EXPECT_EQ(table.column("kind").cell(3), "");
  EXPECT_EQ(table.column("kind").texts().size(), 3U);
  EXPECT_EQ(table.column("weight").count_distinct(100), 3U);
  EXPECT_EQ(table.column("weight").count_distinct(2), 2U);
  EXPECT_EQ(table.column("kind").count_distinct(100), 3U);
  EXPECT_EQ(table.column("weight").share_of_numbers(), 1);
  EXPECT_EQ(table.column("kind").share_of_numbers(), 0);
  EXPECT_EQ(Column::of_text("x", std::vector<std::string>{"1", "a", "1", "nan"}).share_of_numbers(),
            0.5);
}

TEST(Column, IsTheSameWhateverItIsKeptAs) {
  const std::vector<double> values{3, 0, 255, 3, 7};
  const std::vector<std::int32_t> rows{4, 2, 2};
  const Column wide = Column::of_numbers("x", values);
  for (const Column& column : {wide, Column::of_compact("x", std::vector<float>{3, 0, 255, 3, 7}),
                               Column::of_compact("x", std::vector<std::uint8_t>{3, 0, 255, 3, 7})}) {
    EXPECT_TRUE(column.is_numbers());
    EXPECT_EQ(column.rows(), 5U);
    EXPECT_EQ(column.numbers().to_doubles(), values);
    EXPECT_TRUE(std::ranges::equal(column.numbers(), values));
    EXPECT_EQ(column.cell(2), "255");
    EXPECT_EQ(column.count_distinct(9), 4U);
    EXPECT_EQ(column.select_rows(rows).numbers().to_doubles(), (std::vector<double>{7, 255, 255}));
    EXPECT_EQ(Table("t", {column}).numbers("x"), values);
  }
  EXPECT_EQ(Column::of_compact("x", std::vector<float>{0.1F}).numbers()[0], static_cast<double>(0.1F));
}

TEST(Column, RefusesWhatItCannotHold) {
  EXPECT_THROW(Column::of_compact("x", std::vector<float>{1, std::numeric_limits<float>::infinity()}), ArgumentError);
  EXPECT_THROW(Column::of_numbers("x", {1, std::numeric_limits<double>::quiet_NaN()}),
               ArgumentError);
  EXPECT_THROW(Column::of_numbers("x", {-std::numeric_limits<double>::infinity()}), ArgumentError);
  EXPECT_NO_THROW(Column::of_numbers("x", {1e308, 1e308, -1e308}));
  TextList texts;
  texts.add("a");
  EXPECT_THROW(Column::of_codes("x", texts, {0, 1}), ArgumentError);
  EXPECT_THROW(Column::of_codes("x", texts, {-1}), ArgumentError);
}

TEST(Table, RefusesColumnsThatDoNotFit) {
  const Column one = Column::of_numbers("a", {1}), two = Column::of_numbers("b", {1, 2});
  EXPECT_THROW(Table("t", {one, two}), ArgumentError);
  EXPECT_THROW(Table("t", {one, one}), ArgumentError);
  EXPECT_EQ(Table("t", {}).rows(), 0);
  EXPECT_THROW(Table().column("a"), DataError);
}

TEST(Table, FindsEveryOfManyColumns) {
  std::vector<Column> columns;
  for (int i = 0; i < 300; ++i) columns.push_back(Column::of_numbers("c" + std::to_string(i), {1}));
  columns.push_back(Column::of_numbers("-2", {2}));
  const Table table("t", columns);
  for (std::size_t i = 0; i < columns.size(); ++i) EXPECT_EQ(table.find(columns[i].name()), i);
  EXPECT_EQ(table.find("-2"), 300U) << "a name goes before a place";
  EXPECT_EQ(table.find("-1"), 300U);
  EXPECT_EQ(table.find("c300"), std::nullopt);
  try {
    table.column("c300");
    FAIL();
  } catch (const DataError& error) {
    EXPECT_EQ(
        std::string(error.what()),
        "t: no column 'c300' among 'c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', … (301 in all)");
  }
}

TEST(Table, SelectsRowsAndRemembersWhereTheyWere) {
  const Table table = parse_csv("a,b\n1.0,x\n\n2,\"y\ny\"\n3,z\n", "t.csv");
  const std::vector<std::int32_t> rows = {2, 0, 2};
  const Table some = table.select_rows(rows);
  EXPECT_EQ(some.rows(), 3);
  EXPECT_EQ(some.column("a").cell(0), "3");
  EXPECT_EQ(some.column("a").cell(1), "1.0");
  EXPECT_EQ(some.column("b").cell(2), "z");
  EXPECT_EQ(some.where(0), "t.csv: row 3 (line 6)");
  const Table fewer = some.select_rows(std::vector<std::int32_t>{1});
  EXPECT_EQ(fewer.where(0, "a"), "t.csv: row 1 (line 2), column 'a'");
  EXPECT_THROW(table.select_rows(std::vector<std::int32_t>{3}), ArgumentError);
  EXPECT_THROW(table.select_rows(std::vector<std::int32_t>{-1}), ArgumentError);
  EXPECT_EQ(table.select_rows({}).rows(), 0);
}

TEST(Table, NamesRowsWithoutLinesWhereItIsNotFromAFile) {
  EXPECT_EQ(fruit().where(1), "fruit: row 2");
  EXPECT_EQ(fruit().line_of(1), std::nullopt);
}

TEST(FeatureMatrix, HasARowForEachRow) {
  std::vector<double> a(200), b(200);
  std::iota(a.begin(), a.end(), 0.1);
  std::iota(b.begin(), b.end(), -7);
  const Table table("t", {Column::of_numbers("a", a), Column::of_numbers("b", b)});
  const std::vector<std::string> names = {"b", "a", "b"};
  const Tensor wide = feature_matrix(table, names);
  EXPECT_EQ(wide.dtype(), DType::f64);
  EXPECT_EQ(wide.shape(), (Shape{200, 3}));
  const Tensor narrow = feature_matrix(table, names, DType::f32);
  for (std::int64_t row = 0; row < 200; ++row) {
    const auto i = static_cast<std::size_t>(row);
    EXPECT_EQ(wide.at(row * 3), b[i]);
    EXPECT_EQ(wide.at(row * 3 + 1), a[i]);
    EXPECT_EQ(wide.at(row * 3 + 2), b[i]);
    EXPECT_EQ(narrow.values<float>()[i * 3 + 1], static_cast<float>(a[i]));
  }
  EXPECT_EQ(feature_matrix(table, {}).shape(), (Shape{200, 0}));
  EXPECT_THROW(feature_matrix(table, names, DType::i32), ArgumentError);
}

TEST(FeatureMatrix, RefusesWhatSinglePrecisionCannotHold) {
  const Table table = parse_csv("a\n1\n-1e39\n", "t.csv");
  const std::vector<std::string> names = {"a"};
  EXPECT_EQ(feature_matrix(table, names).at(1), -1e39);
  try {
    feature_matrix(table, names, DType::f32);
    FAIL();
  } catch (const DataError& error) {
    EXPECT_EQ(
        std::string(error.what()),
        "t.csv: row 2 (line 3), column 'a': -1e+39 is not a finite number in single precision");
  }
}

TEST(FeatureMatrix, TakesNumbersThatWereKeptAsText) {
  const Table table = parse_csv("a\n01\n 2.5\n", "t.csv", {.text = {"a"}});
  const Tensor matrix = feature_matrix(table, std::vector<std::string>{"a"});
  EXPECT_EQ(matrix.to_doubles(), (std::vector{1., 2.5}));
}

}  // namespace
}  // namespace longhand
