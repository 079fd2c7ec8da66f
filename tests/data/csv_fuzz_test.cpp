// Bytes that mean nothing, and tables damaged in one place: read or refused, never worse. Most
// worth under the address sanitizer.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "longhand/data.h"

namespace longhand {
namespace {

constexpr int kRounds = 20'000;

// True where it was read.
bool read_anything(const std::string& bytes, const CsvOptions& options) {
  // A copy of exactly that size, so that one byte too many is seen.
  const std::vector<char> copy(bytes.begin(), bytes.end());
  try {
    const Table table = parse_csv({copy.data(), copy.size()}, "t.csv", options);
    EXPECT_GT(table.rows(), 0);
    for (const Column& column : table.columns()) {
      EXPECT_EQ(column.rows(), static_cast<std::size_t>(table.rows()));
      EXPECT_TRUE(std::ranges::all_of(column.numbers(), [](double x) { return std::isfinite(x); }));
    }
    EXPECT_GE(table.line_of(table.rows() - 1).value(), table.rows());
    return true;
  } catch (const DataError& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
    return false;
  }
}

TEST(CsvFuzz, RandomBytes) {
  std::mt19937_64 random(1);
  for (int i = 0; i < kRounds; ++i) {
    std::string bytes(random() % 64, ' ');
    for (char& byte : bytes) byte = static_cast<char>(random());
    read_anything(bytes, {.header = i % 2 == 0});
  }
}

TEST(CsvFuzz, RandomPiecesOfTables) {
  const std::string pieces[] = {",",
                                ",",
                                ";",
                                "\n",
                                "\n",
                                "\r\n",
                                "\r",
                                "\"",
                                "\"\"",
                                "1",
                                "-2.5",
                                "1e9",
                                "abc",
                                " ",
                                "\t",
                                "-",
                                ".",
                                "7.",
                                ".5",
                                "99999999999999999999",
                                "nan",
                                "1e999",
                                std::string(1, '\0'),
                                "\xEF\xBB\xBF"};
  std::mt19937_64 random(2);
  int read = 0;
  for (int i = 0; i < kRounds; ++i) {
    std::string bytes;
    for (auto left = random() % 30; left > 0; --left) bytes += pieces[random() % std::size(pieces)];
    read += read_anything(bytes, {.header = i % 2 == 0});
  }
  EXPECT_GT(read, kRounds / 50);
  EXPECT_LT(read, kRounds);
}

TEST(CsvFuzz, DamagedTables) {
  std::string good = "a,b,c\n";
  for (int i = 0; i < 8; ++i) good += "1.25,-3,x\n0,\"4\",\"y\"\"z\"\n5,6e1,\"\r\n\"\r\n";
  std::mt19937_64 random(3);
  int read = 0;
  for (int i = 0; i < kRounds; ++i) {
    std::string bytes = good;
    const std::size_t place = random() % bytes.size();
    if (i % 4 == 0)
      bytes.resize(place);
    else if (i % 4 == 1)
      bytes.erase(place, 1 + random() % 4);
    else if (i % 4 == 2)
      bytes.insert(place, 1, "\",\n\r\0 1x"[random() % 8]);
    else
      bytes[place] = static_cast<char>(random());
    read += read_anything(bytes, {});
  }
  EXPECT_GT(read, kRounds / 10);
}

}  // namespace
}  // namespace longhand
