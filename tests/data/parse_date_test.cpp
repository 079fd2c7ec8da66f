// Dates as days since 1970-01-01. The days are Python's, (datetime.date(y, m, d) - datetime.date(1970, 1, 1)).days.
#include "data/parse_date.h"

#include <gtest/gtest.h>

namespace longhand::data {
namespace {

struct Case {
  const char* text;
  DateOrder order;
  double days;
};

TEST(ParseDate, CountsDays) {
  constexpr auto kYear = DateOrder::year_month_day, kDay = DateOrder::day_month_year, kMonth = DateOrder::month_day_year,
                 kTime = DateOrder::time;
  const Case cases[] = {
      {"1970-01-01", kYear, 0},
      {"2026-11-25", kYear, 20782},
      {"2000-02-29", kYear, 11016},
      {"1900-03-01", kYear, -25508},
      {"0001-01-01", kYear, -719162},
      {"9999-12-31", kYear, 2932896},
      {" 2026/11/25 ", kYear, 20782},
      {"2026.11.25", kYear, 20782},
      {"2026-1-5", kYear, 20458},
      {"25.11.2026", kDay, 20782},
      {"5/1/2026", kDay, 20458},
      {"1/5/2026", kMonth, 20458},
      {"2026-11-25 12:00", kYear, 20782.5},
      {"2026-11-25T18:00:00Z", kYear, 20782.75},
      {"2026-11-25T18:00:00+06:00", kYear, 20782.5},
      {"2026-11-25T18:00:00 -0600", kYear, 20783},
      {"2026-11-25T18:00:00-06", kYear, 20783},
      {"2026-11-25T18:00+05:30", kYear, 20782 + 12.5 / 24},
      {"2026-11-25 00:00:00.5", kYear, 20782 + 0.5 / 86400},
      {"Nov 25 2026", kMonth, 20782},
      {"november 25, 2026", kMonth, 20782},
      {"25 Nov 2026", kDay, 20782},
      {"25-NOV-26", kDay, 20782},
      {"25 Sept 1999", kDay, 10859},
      {"25-Sep-99", kDay, 10859},
      {"1-Jan-69", kDay, -365},
      {"31-Dec-68", kDay, 36159},
      {"2026-Nov-25", kYear, 20782},
      {"2026-11", kYear, 20758},
      {"11/2026", kDay, 20758},
      {"Nov 2026", kDay, 20758},
      {"11/25/2026 6:00 PM", kMonth, 20782.75},
      {"2026-11-25 12:00am", kYear, 20782},
      {"Wednesday, November 25, 2026", kMonth, 20782},
      {"Wed 25/11/2026 12:00", kDay, 20782.5},
      {"wed, 25 Nov 2026", kDay, 20782},
      {"Wed 2026-11-25", kYear, 20782},
      {"12:30 PM", kTime, 12.5 / 24},
      {"06:00", kTime, 0.25},
      {"23:59:59", kTime, 86399.0 / 86400},
      {"23:59:60", kTime, 1},  // a leap second
  };
  for (const auto& [text, order, days] : cases) {
    const auto found = parse_date(text, order);
    ASSERT_TRUE(found.has_value()) << text;
    EXPECT_DOUBLE_EQ(*found, days) << text;
  }
}

TEST(ParseDate, RefusesWhatIsNoDate) {
  for (const char* text : {"", "2015", "2015-02-29", "2015-13-01", "2015-00-01", "2015-01-32", "15-01-02", "2015-01-02x",
                           "2015-01/02", "2015-01-", "2015-01-02 25:00", "2015-01-02 12:60", "2015-01-02 12", "2015-01-02 12:30:",
                           "2015-01-02 12:30:05.", "2015-01-02 12:30:61", "2015-01-02 12:30 +", "2015-01-02 12:30 +99:00", "2015-01-02 12:30 +01:60",
                           "2015-001-02", "2015-01-002", "26-Nov-25", "20150102", "12:30"}) {
    EXPECT_FALSE(parse_date(text, DateOrder::year_month_day).has_value()) << text;
  }
  EXPECT_FALSE(parse_date("2015-01-02", DateOrder::day_month_year).has_value());
  EXPECT_FALSE(parse_date("13/13/2015", DateOrder::day_month_year).has_value());
  EXPECT_FALSE(parse_date("2015-01-02", DateOrder::time).has_value());
  EXPECT_FALSE(parse_date("0:30 AM", DateOrder::time).has_value());
  EXPECT_FALSE(parse_date("Nov 25 26", DateOrder::month_day_year).has_value());
  for (const char* text : {"5 M\xC3\xA4rz 2024", "5 Ja 2024", "30 Feb 2024", "5 Jan", "5  2024", "01/13/24", "01/02/24", "25-Nov-6", "5 Jan 2024 13:00 PM", "5 01 2024", "Jan-24"}) {
    for (const auto order : {DateOrder::year_month_day, DateOrder::day_month_year, DateOrder::month_day_year}) {
      EXPECT_FALSE(parse_date(text, order).has_value()) << text;
    }
  }
}

TEST(ParseDate, KnowsYearsOfTwoDigitsWhenItSeesThem) {
  for (const char* text : {"01/13/24", "1-2-03", "24.01.05 12:30"}) EXPECT_TRUE(has_short_year(text)) << text;
  for (const char* text : {"01/13/2024", "1.2", "01-Jan-24", "1/2/3", "10:20:30", "a/b/24", "01/13/24x"}) EXPECT_FALSE(has_short_year(text)) << text;
}

TEST(ParseDate, IsWrittenBack) {
  for (const char* text : {"1970-01-01", "2026-11-25", "1899-12-31", "0099-01-02", "2026-11-25 18:30:59"}) {
    EXPECT_EQ(date_text(*parse_date(text, DateOrder::year_month_day), DateOrder::year_month_day), text);
  }
  EXPECT_EQ(date_text(20782 - 1e-9, DateOrder::year_month_day), "2026-11-25");
  EXPECT_EQ(date_text(*parse_date("7:05", DateOrder::time), DateOrder::time), "07:05:00");
  EXPECT_EQ(date_text(*parse_date("25.11.2026", DateOrder::day_month_year), DateOrder::day_month_year), "2026-11-25");
}

}  // namespace
}  // namespace longhand::data
