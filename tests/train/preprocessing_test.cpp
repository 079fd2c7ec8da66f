// What the rows of a table become, beside pandas' and NumPy's figures.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <tuple>

#include "longhand/train.h"

namespace longhand {
namespace {

std::string source_file(const std::string& name) { return std::string(LONGHAND_SOURCE_DIR) + "/" + name; }

TrainOptions one_epoch(const std::string& target) {
  TrainOptions options;
  options.target = target;
  options.epochs = 1;
  options.validation = 0;
  options.hidden = {4};
  return options;
}

TEST(Preprocessing, OfTitanicIsPandas) {
  std::ifstream file(source_file("tests/goldens/preprocessing.json"));
  const auto goldens = nlohmann::json::parse(file);
  const auto table = read_csv(source_file("examples/data/titanic.csv"), {.drop = {"alive"}});
  ASSERT_EQ(goldens["cases"].size(), 5);
  for (const auto& golden : goldens["cases"]) {
    SCOPED_TRACE(golden["scaling"].dump());
    auto options = one_epoch("survived");
    for (const auto scaling : {NumberScaling::standard, NumberScaling::robust, NumberScaling::quantile_normal, NumberScaling::quantile_uniform}) {
      if (golden["scaling"] == name(scaling)) options.number_scaling = scaling;
    }
    options.number_steps = golden["steps"];
    const auto model = fit(table, options).model;
    EXPECT_EQ(feature_names(model), golden["features"].get<std::vector<std::string>>());
    const auto rows = golden["rows"].get<std::vector<std::int32_t>>();
    const auto x = preprocess(model, raw_rows(model, table.select_rows(rows)));
    const auto width = model.network.inputs;
    ASSERT_EQ(static_cast<std::size_t>(width), golden["features"].size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::int64_t j = 0; j < width; ++j) {
        const auto expected = golden["x"][i][static_cast<std::size_t>(j)].get<double>();
        EXPECT_NEAR(x.at(static_cast<std::int64_t>(i) * width + j), expected, 1e-12)
            << "row " << rows[i] << ", " << feature_names(model)[static_cast<std::size_t>(j)];
      }
    }
  }
}

// 40 rows with a gap, a category of many rows and rare ones, a date and what tells nothing.
Table mixed() {
  std::string text = "id,number,few,many,day,same,y\n";
  for (int i = 0; i < 40; ++i) {
    text += std::to_string(i) + "," + (i == 7 ? "" : std::to_string(i * 0.5)) + "," + (i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "") + "," +
            (i < 30 ? "k" + std::to_string(i / 2) : "once" + std::to_string(i)) + ",2020-" + (i % 12 < 9 ? "0" : "") +
            std::to_string(i % 12 + 1) + "-0" + std::to_string(i % 9 + 1) + ",s," + (i % 2 == 0 ? "no" : "yes") + "\n";
  }
  return parse_csv(text, "mixed.csv");
}

TEST(Preprocessing, LeavesOutWhatTellsNothingAndSaysSoOnce) {
  const auto result = fit(mixed(), one_epoch("y"));
  std::vector<std::string> names;
  for (const auto& column : result.model.inputs) names.push_back(column.name);
  EXPECT_EQ(names, (std::vector<std::string>{"number", "few", "many", "day"}));
  EXPECT_EQ(result.warnings, (std::vector<std::string>{"mixed.csv: left out 1 column: 'same' (constant: 's' in all rows)",
                                                       "mixed.csv: left out 1 column: 'id' (identifier: whole numbers that count the rows)"}));
  ASSERT_EQ(result.columns.size(), 7);
  EXPECT_EQ(result.columns[1].missing, 1);
}

TEST(Preprocessing, OneWarningNamesTheFirstOfManyColumns) {
  std::string header = "y,a", one = "no,1", two = "yes,2";
  for (int i = 0; i < 300; ++i) {
    header += ",c" + std::to_string(i);
    one += ",5";
    two += ",5";
  }
  const auto table = parse_csv(header + "\n" + one + "\n" + two + "\n", "t.csv");
  EXPECT_EQ(fit(table, one_epoch("y")).warnings,
            std::vector<std::string>{"t.csv: left out 300 columns that have one value in all rows: 'c0', 'c1', 'c2', 'c3', 'c4', …"});
}

TEST(Preprocessing, CategoriesOfOneRowAreUnknownWhereThereAreMany) {
  const auto model = fit(mixed(), one_epoch("y")).model;
  EXPECT_EQ(model.inputs[2].categories.size(), 15);
  EXPECT_EQ(model.inputs[1].categories, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(model.inputs[1].has_missing);
  EXPECT_FALSE(model.inputs[2].has_missing);
}

TEST(Preprocessing, SpellingsOfANumberAreOneCategoryWhereRareTextsAreLeftOut) {
  std::string text = "c,y\n";
  for (int i = 0; i < 88; ++i) text += (i % 22 == 0 ? "1.0" : std::to_string(i % 22)) + (i % 2 == 0 ? ",no\n" : ",yes\n");
  auto options = one_epoch("y");
  options.columns.categorical = {"c"};
  const auto model = fit(parse_csv(text + "x,no\n", "t.csv"), options).model;
  EXPECT_EQ(model.inputs[0].categories.size(), 21);
  EXPECT_EQ(raw_row(model, {"1.0"}).at(0), raw_row(model, {"1"}).at(0));
}

TEST(Preprocessing, ANetworkThatSaysItsInputsKeepsConstantColumns) {
  const auto table = parse_csv("a,b,y\n1,5,no\n2,5,yes\n3,5,no\n4,5,yes\n", "t.csv");
  auto options = one_epoch("y");
  options.network = parse_network(R"({"network": {"inputs": 2}, "layer": [{"type": "linear", "out": 1}],
                                      "loss": {"type": "bce_with_logits"}})", "n");
  const auto result = fit(table, options);
  EXPECT_EQ(result.model.inputs.size(), 2);
  EXPECT_EQ(result.warnings.size(), 0);
}

TEST(Preprocessing, UnknownAndMissingCellsAreCounted) {
  const auto model = fit(mixed(), one_epoch("y")).model;
  const auto table = parse_csv("many,number,day,few\nk1,1,2020-01-01,a\nnew,2,,c\n,,2020-01-02,\nnew2,3,NA,c\n", "new.csv");
  std::vector<CellNote> notes;
  const auto raw = raw_rows(model, table, &notes);
  ASSERT_EQ(notes.size(), 4);
  using Kind = CellNote::Kind;
  const auto is = [&](std::size_t i, const char* column, Kind kind, std::int64_t cells, const char* first, const char* example) {
    EXPECT_EQ(notes[i].column, column);
    EXPECT_EQ(notes[i].kind, kind);
    EXPECT_EQ(notes[i].cells, cells);
    EXPECT_EQ(notes[i].first, first);
    EXPECT_EQ(notes[i].example, example);
  };
  is(0, "few", Kind::unknown, 2, "new.csv: row 2 (line 3)", "c");
  is(1, "many", Kind::unknown, 2, "new.csv: row 2 (line 3)", "new");
  is(2, "many", Kind::missing, 1, "new.csv: row 3 (line 4)", "");
  is(3, "day", Kind::missing, 2, "new.csv: row 2 (line 3)", "");
  EXPECT_EQ(raw.at(1 * 4 + 2), 15);                        // unknown
  EXPECT_EQ(raw.at(2 * 4 + 2), 15);                        // missing where none was: as unknown
  EXPECT_EQ(raw.at(1 * 4 + 3), model.inputs[3].fill);      // the median day
  EXPECT_TRUE(std::isnan(raw.at(2 * 4 + 0)));              // the graph puts the median in its place
  EXPECT_TRUE(std::isnan(raw.at(2 * 4 + 1)));
}

TEST(Preprocessing, APredictionOfARowIsThatOfTheRowAlone) {
  const auto table = mixed();
  const auto model = fit(table, one_epoch("y")).model;
  const auto all = predict(model, table, 2);
  for (std::int32_t row = 0; row < 40; ++row) {
    EXPECT_EQ(predict(model, table.select_rows(std::vector{row})).at(0), all.at(row)) << row;
  }
}

TEST(Preprocessing, ARowOfCellsIsThatRowOfTheTable) {
  const auto table = mixed();
  const auto model = fit(table, one_epoch("y")).model;
  const auto raw = raw_rows(model, table);
  for (const std::int64_t row : {0, 7, 2, 35}) {
    std::vector<std::string> cells;
    for (const auto& input : model.inputs) cells.push_back(table.column(input.name).cell(static_cast<std::size_t>(row)));
    const auto alone = raw_row(model, cells);
    for (std::int64_t j = 0; j < 4; ++j) {
      const double expected = raw.at(row * 4 + j);
      if (std::isnan(expected)) EXPECT_TRUE(std::isnan(alone.at(j)));
      else EXPECT_EQ(alone.at(j), expected);
    }
  }
  EXPECT_THROW(raw_row(model, {"1"}), ArgumentError);
}

// 60 rows of 12 people, one row a day, not in order.
Table visits() {
  std::string text = "person,day,value,y\n";
  for (int i = 0; i < 60; ++i) {
    const int day = i * 37 % 60;
    text += "p" + std::to_string(day % 12) + ",2020-0" + std::to_string(day / 28 + 1) + (day % 28 < 9 ? "-0" : "-") +
            std::to_string(day % 28 + 1) + "," + std::to_string(day * 0.25) + "," + (i % 2 == 0 ? "no" : "yes") + "\n";
  }
  return parse_csv(text, "visits.csv");
}

TEST(Preprocessing, PeopleAreHeldOutWhole) {
  auto options = one_epoch("y");
  options.validation = 0.25;
  options.split_by = "person";
  const auto table = visits();
  const auto result = fit(table, options);
  EXPECT_EQ(result.split.held_out.size(), 15);
  std::vector<bool> learned(12), held_out(12);
  const auto person = [&](std::int32_t row) { return static_cast<std::size_t>(std::stoi(table.columns()[0].cell(static_cast<std::size_t>(row)).substr(1))); };
  for (const auto row : result.split.train) learned[person(row)] = true;
  for (const auto row : result.split.held_out) held_out[person(row)] = true;
  for (std::size_t i = 0; i < 12; ++i) EXPECT_NE(learned[i], held_out[i]) << i;
  for (const auto& column : result.model.inputs) EXPECT_NE(column.name, "person");
}

TEST(Preprocessing, TheLatestRowsAreHeldOut) {
  auto options = one_epoch("y");
  options.validation = 0.25;
  options.split_time = "day";
  const auto table = visits();
  const auto result = fit(table, options);
  const auto day = [&](std::int32_t row) { return table.columns()[1].cell(static_cast<std::size_t>(row)); };
  std::string latest, earliest = "9";
  for (const auto row : result.split.train) latest = std::max(latest, day(row));
  for (const auto row : result.split.held_out) earliest = std::min(earliest, day(row));
  EXPECT_LT(latest, earliest);
  EXPECT_NEAR(static_cast<double>(result.split.held_out.size()), 15, 2);
}

TEST(Preprocessing, ColumnsToSplitByThatCannotBe) {
  const auto error_of = [](const TrainOptions& options) {
    try {
      fit(visits(), options);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  auto options = one_epoch("y");
  options.validation = 0.25;
  options.split_by = "y";
  EXPECT_NE(error_of(options).find("'y' is the target"), std::string::npos);
  options.split_by = "nosuch";
  EXPECT_NE(error_of(options).find("no column 'nosuch'"), std::string::npos);
  options.split_by = "person";
  options.split_time = "day";
  EXPECT_NE(error_of(options).find("not both"), std::string::npos);
  options.split_by = "";
  options.split_time = "person";
  EXPECT_EQ(error_of(options), "visits.csv: row 1 (line 2), column 'person': 'p0' is neither a number nor a date, and rows are to be held out by it");
}

// The weekday of a month's first day says nothing.
TEST(Preprocessing, MonthsHaveNoWeekday) {
  const auto periods_of = [](const std::string& day) {
    std::string text = "when,y\n";
    for (int i = 0; i < 48; ++i) text += std::to_string(2020 + i / 12) + "-" + (i % 12 < 9 ? "0" : "") + std::to_string(i % 12 + 1) + day + (i % 3 == 0 ? ",no\n" : ",yes\n");
    return fit(parse_csv(text, "t.csv"), one_epoch("y")).model.inputs[0].periods.size();
  };
  EXPECT_EQ(periods_of(""), 1U);  // the year
  EXPECT_EQ(periods_of("-01"), 1U);
  EXPECT_EQ(periods_of("-02"), 2U);
}

// Numbers with leading zeros are codes, and yet a time.
TEST(Preprocessing, RowsAreHeldOutByTimesWrittenAsCodes) {
  std::string text = "hour,a,y\n";
  for (int i = 0; i < 40; ++i) text += std::string(i < 10 ? "000" : "00") + std::to_string(i) + "," + std::to_string(i * 7 % 11) + (i % 3 == 0 ? ",no\n" : ",yes\n");
  auto options = one_epoch("y");
  options.validation = 0.25;
  options.split_time = "hour";
  const auto held_out = fit(parse_csv(text, "t.csv"), options).split.held_out;
  ASSERT_EQ(held_out.size(), 10U);
  EXPECT_EQ(held_out.front(), 30);
}

// 1e12 and a spread of 1,000: single precision has steps of 65,536 there.
TEST(Preprocessing, ATargetFarFromZeroIsPredictedInDouble) {
  std::string text = "x,y\n";
  for (int i = 0; i < 200; ++i) text += std::to_string(i % 40 * 0.1) + "," + std::to_string(1e12 + i % 40 * 50) + "\n";
  TrainOptions options;
  options.target = "y";
  options.hidden = {16};
  options.epochs = 200;
  for (const char* stop_on : {"loss", "rmse"}) {
    options.stop_on = stop_on;
    const auto result = fit(parse_csv(text, "t.csv"), options);
    EXPECT_TRUE(result.warnings.empty());
    EXPECT_GT(result.validation->value("r2"), 0.99) << stop_on;
    EXPECT_LT(result.validation->value("rmse"), 60) << stop_on;
  }
}

}  // namespace
}  // namespace longhand
