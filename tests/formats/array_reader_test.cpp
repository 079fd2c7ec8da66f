// Arrays that NumPy wrote, IDX files by hand, and files made to do harm.
#include "formats/array_reader.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "longhand/base.h"
#include "support/npy.h"
#include "temporary_directory.h"

namespace longhand {
namespace {

using std::string_literals::operator""s;

std::string bytes_of(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return bytes;
}

ArrayReader reader_of(const std::string& bytes) { return ArrayReader(open_source(bytes, "a")); }

// All values, some rows at a time.
std::vector<double> values_of(ArrayReader& reader, std::size_t rows_at_a_time) {
  std::vector<double> piece(rows_at_a_time * static_cast<std::size_t>(reader.columns())), all;
  while (const auto rows = reader.read(piece)) all.insert(all.end(), piece.begin(), piece.begin() + rows * reader.columns());
  return all;
}

std::string error_of(const std::string& bytes) {
  try {
    auto reader = reader_of(bytes);
    values_of(reader, 2);
  } catch (const DataError& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    return error.what();
  }
  return "no error";
}

using testing::npy;

std::string npy_of(const std::string& descr, const std::string& shape, const std::string& data = "") {
  return npy("{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + ", }", data);
}

TEST(ArrayReader, ReadsWhatNumPyWrote) {
  std::ifstream file(LONGHAND_SOURCE_DIR "/tests/goldens/arrays.json");
  const auto cases = nlohmann::json::parse(file)["cases"];
  ASSERT_GT(cases.size(), 60U);
  for (const auto& entry : cases) {
    SCOPED_TRACE(entry["name"].get<std::string>());
    const auto bytes = bytes_of(entry["bytes"]);
    auto reader = reader_of(bytes);
    EXPECT_EQ(reader.rows(), entry["rows"]);
    EXPECT_EQ(reader.columns(), entry["columns"]);
    const auto expected = entry["values"].get<std::vector<double>>();
    for (const std::size_t rows : {1U, 2U, 100U}) {
      EXPECT_EQ(values_of(reader, rows), expected);
      reader.rewind();
    }
    EXPECT_NE(error_of(bytes.substr(0, bytes.size() - 1)), "no error");
    EXPECT_NE(error_of(bytes + 'x'), "no error");
  }
}

TEST(ArrayReader, PassesOnWhatIsNotFinite) {
  const auto bytes = npy_of("'<f2'", "(4,)", bytes_of("007e007c00fc0080"));
  auto reader = reader_of(bytes);
  const auto values = values_of(reader, 4);
  EXPECT_TRUE(std::isnan(values[0]));
  EXPECT_EQ(values[1], INFINITY);
  EXPECT_EQ(values[2], -INFINITY);
  EXPECT_TRUE(values[3] == 0 && std::signbit(values[3]));
}

TEST(ArrayReader, ReadsEveryTypeOfIdx) {
  const struct {
    const char* hex;
    std::vector<double> values;
  } cases[] = {
      {"00000801 00000003 00 7f ff", {0, 127, 255}},
      {"00000902 00000001 00000002 80 ff", {-128, -1}},
      {"00000b01 00000002 8000 0102", {-32768, 258}},
      {"00000c01 00000002 80000000 00010000", {-2147483648., 65536}},
      {"00000d01 00000001 bfc00000", {-1.5}},
      {"00000e01 00000001 3fd5555555555555", {1. / 3}},
      {"00000803 00000002 00000001 00000002 01 02 03 04", {1, 2, 3, 4}},
  };
  for (const auto& [hex, values] : cases) {
    SCOPED_TRACE(hex);
    std::string digits(hex);
    std::erase(digits, ' ');
    const auto bytes = bytes_of(digits);
    auto reader = reader_of(bytes);
    EXPECT_EQ(values_of(reader, 1), values);
    EXPECT_NE(error_of(bytes.substr(0, bytes.size() - 1)), "no error");
    EXPECT_NE(error_of(bytes + 'x'), "no error");
  }
}

TEST(ArrayReader, RefusesWholeNumbersThatNoDoubleHolds) {
  EXPECT_EQ(error_of(npy_of("'<i8'", "(2, 2)", std::string(24, '\0') + bytes_of("0100000000002000"))),
            "a: row 2, column '2': no double holds 9007199254740993");
  EXPECT_EQ(error_of(npy_of("'>u8'", "(1,)", bytes_of("ffffffffffffffff"))), "a: row 1, column '1': no double holds 18446744073709551615");
  EXPECT_EQ(error_of(npy_of("'>i8'", "(1,)", bytes_of("7fffffffffffffff"))), "a: row 1, column '1': no double holds 9223372036854775807");
  EXPECT_EQ(error_of(npy_of("'>i8'", "(1,)", bytes_of("8000000000000000"))), "no error");
}

TEST(ArrayReader, RefusesBrokenHeaders) {
  const std::string good = "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}";
  ASSERT_EQ(error_of(npy(good, "x")), "no error");
  ASSERT_EQ(error_of(npy("{\"shape\": (1, ) ,'fortran_order':False, 'descr':'|u1'} \n", "x")), "no error");
  const std::string types = "; booleans, whole numbers of 1 to 8 bytes and floats of 2, 4 or 8 are read";
  const struct {
    std::string bytes, expected;
  } cases[] = {
      {"", "neither NPY nor IDX, by how it begins"},
      {"\x93NUMPX\x01\0"s, "neither NPY nor IDX, by how it begins"},
      {"\x93NUMPY", "the file ends in its NPY header"},
      {"\x93NUMPY\x01\0\x05"s, "the file ends in its NPY header"},
      {"\x93NUMPY\x01\0\x05\0{"s, "the file ends in its NPY header"},
      {"\x93NUMPY\x04\0\x05\0"s, "NPY version 4.0, where 1.0, 2.0 and 3.0 are known"},
      {"\x93NUMPY\x01\x01\x05\0"s, "NPY version 1.1, where 1.0, 2.0 and 3.0 are known"},
      {"\x93NUMPY\x02\0\xff\xff\xff\xff"s, "an NPY header of 4,294,967,295 bytes, expected at most 1,048,576"},
      {npy(""), "byte 1 of the NPY header: expected '{', found its end"},
      {npy("{"), "byte 2 of the NPY header: expected a key, found its end"},
      {npy("{}"), "the NPY header has no 'descr'"},
      {npy("{'descr': '|u1', 'shape': (1,)}"), "the NPY header has no 'fortran_order'"},
      {npy("{'descr': '|u1', 'fortran_order': True}"), "the NPY header has no 'shape'"},
      {npy("{'descr': '|u1', 'descr': '|u1'}"), "the NPY header has 'descr' twice"},
      {npy("{'shape': (1,), 'shape': (1,)}"), "the NPY header has 'shape' twice"},
      {npy("{'magic': 1}"), "the NPY header has the unknown key 'magic'"},
      {npy("{'descr': '|u1"), "byte 11 of the NPY header: expected a closing quote, found ''|u1'"},
      {npy(good + "x"), "byte 56 of the NPY header: expected the end of the header, found 'x'"},
      {npy("{'fortran_order': 1}"), "byte 19 of the NPY header: expected True or False, found '1}'"},
      {npy("{'shape': __import__('os')}"), "byte 11 of the NPY header: expected '(', found '__import__('os')}'"},
      {npy("{'shape': (-1,)}"), "byte 12 of the NPY header: expected an extent, found '-1,)}'"},
      {npy("{'shape': (1.5,)}"), "byte 13 of the NPY header: expected ',', found '.5,)}'"},
      {npy("{'shape': (3)}"), "byte 13 of the NPY header: expected ',', found ')}'"},
      {npy("{'shape': (99999999999999999999,)}"), "byte 12 of the NPY header: expected an extent, found '99999999999999999999…'"},
      {npy_of("[('a', '<f8')]", "(1,)"), "the NPY header tells of records with fields, where plain numbers are needed"},
      {npy_of("'|O'", "(1,)"), "the NPY header tells of elements of type '|O'" + types},
      {npy_of("'<U3'", "(1,)"), "the NPY header tells of elements of type '<U3'" + types},
      {npy_of("'<c16'", "(1,)"), "the NPY header tells of elements of type '<c16'" + types},
      {npy_of("'<f16'", "(1,)"), "the NPY header tells of elements of type '<f16'" + types},
      {npy_of("'=f8'", "(1,)"), "the NPY header tells of elements of type '=f8'" + types},
      {npy_of("'|f8'", "(1,)"), "the NPY header tells of elements of type '|f8'" + types},
      {npy_of("''", "(1,)"), "the NPY header tells of elements of type ''" + types},
      {npy_of("'<f8'", "()", std::string(8, 'x')), "a single number, where rows are needed"},
      {npy_of("'<f8'", "(0,)"), "an array without rows"},
      {npy_of("'<f8'", "(3, 0)"), "an array without columns"},
      {npy_of("'<f8'", "(2147483648,)"), "too many rows, 2147483648"},
      {npy_of("'<f8'", "(18446744073709551615,)"), "too many rows, 18446744073709551615"},
      {npy_of("'<f8'", "(1, 1000001)"), "more than 1,000,000 columns"},
      {npy_of("'<f8'", "(1, 4294967296, 4294967296)"), "more than 1,000,000 columns"},
      {npy_of("'<f8'", "(2147483647, 1000000)"), "2,147,483,647 rows of 1,000,000 columns take 17,179,869,176,000,000 bytes, but the file has 0"},
      {npy_of("'<f8'", "(2, 2)", "12345678"), "2 rows of 2 columns take 32 bytes, but the file has 8"},
      {"\0\0\x08\0"s, "a single number, where rows are needed"},
      {"\0\0\x07\x01\0\0\0\x01x"s, "neither NPY nor IDX, by how it begins"},
      {"\0\0\x08\x01\0\0\0"s, "the file ends in its IDX header"},
      {"\0\0\x08\xff\0\0\0\x01"s, "the file ends in its IDX header"},
      {"\0\0\x08\x01\xff\xff\xff\xff"s, "too many rows, 4294967295"},
      {"\0\0\x0e\x03\x7f\xff\xff\xff\0\0\x03\xe8\0\0\x03\xe8"s, "2,147,483,647 rows of 1,000,000 columns take 17,179,869,176,000,000 bytes, but the file has 0"},
  };
  for (const auto& [bytes, expected] : cases) EXPECT_EQ(error_of(bytes), "a: " + expected);
}

// No byte of a header, changed to anything, does worse than an error.
TEST(ArrayReader, SurvivesEveryChangedByte) {
  for (const auto& bytes : {npy_of("'<f4'", "(2, 3)", std::string(24, '\1')), bytes_of("00000802000000020000000301020304050607")}) {
    for (std::size_t place = 0; place < std::min<std::size_t>(bytes.size(), 90); ++place) {
      for (int value = 0; value < 256; ++value) {
        auto changed = bytes;
        changed[place] = static_cast<char>(value);
        error_of(changed);
      }
    }
  }
}

TEST(ArrayReader, ReadsFilesInPiecesInEitherOrder) {
  const testing::TemporaryDirectory directory;
  const auto path = directory / "a.npy";
  std::ifstream file(LONGHAND_SOURCE_DIR "/tests/goldens/arrays.json");
  const auto goldens = nlohmann::json::parse(file);
  int in_fortran_order = 0;
  for (const auto& entry : goldens["cases"]) {
    SCOPED_TRACE(entry["name"].get<std::string>());
    const auto bytes = bytes_of(entry["bytes"]);
    in_fortran_order += bytes.find("'fortran_order': True") != std::string::npos;
    std::ofstream(path, std::ios::binary) << bytes;
    ArrayReader reader(open_source(FileReader(path)));
    EXPECT_FALSE(reader.needs_all());
    for (const std::size_t rows : {1U, 2U, 100U}) {
      EXPECT_EQ(values_of(reader, rows), entry["values"].get<std::vector<double>>());
      reader.rewind();
    }
  }
  EXPECT_GT(in_fortran_order, 2);
}

}  // namespace
}  // namespace longhand
