// Files made to do harm, or by a program with a fault: each is refused with a line that says why.
#include <gtest/gtest.h>

#include <cstring>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/safetensors.h"

namespace longhand {
namespace {

std::string file_of(const std::string& header, std::size_t data_bytes, std::uint64_t length) {
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + std::string(data_bytes, '\0');
}

std::string file_of(const std::string& header, std::size_t data_bytes = 0) {
  return file_of(header, data_bytes, header.size());
}

// "no error" where the bytes are taken.
std::string error_of(const std::string& bytes) {
  try {
    parse_safetensors(std::as_bytes(std::span(bytes)), "m");
  } catch (const ModelError& error) {
    return error.what();
  }
  return "no error";
}

struct Case {
  std::string header;
  std::size_t data_bytes;
  std::string expected;  // after "m: "
};

void PrintTo(const Case& value, std::ostream* stream) { *stream << value.header.substr(0, 200); }

class HostileHeader : public ::testing::TestWithParam<Case> {};

TEST_P(HostileHeader, IsRefusedWithTheReason) {
  EXPECT_EQ(error_of(file_of(GetParam().header, GetParam().data_bytes)),
            "m: " + GetParam().expected);
}

const std::string kGood = R"("a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]})";

std::string tensor(const std::string& shape, const std::string& offsets,
                   const std::string& dtype = R"("F32")", const std::string& name = "a") {
  return '"' + name + R"(":{"dtype":)" + dtype + R"(,"shape":)" + shape + R"(,"data_offsets":)" +
         offsets + '}';
}

INSTANTIATE_TEST_SUITE_P(
    Json, HostileHeader,
    ::testing::Values(
        Case{"", 0, "the header does not start with '{'; is it a safetensors file?"},
        Case{" {}", 0, "the header does not start with '{'; is it a safetensors file?"},
        Case{"[]", 0, "the header does not start with '{'; is it a safetensors file?"},
        Case{"\xef\xbb\xbf{}", 0, "the header does not start with '{'; is it a safetensors file?"},
        Case{"{", 0, "the header is not valid JSON (byte 2)"},
        Case{"{}{}", 0, "the header is not valid JSON (byte 3)"},
        Case{"{} x", 0, "the header is not valid JSON (byte 4)"},
        Case{std::string("{}\0{}", 5), 0, "the header is not valid JSON (byte 3)"},
        Case{std::string("{}\0", 3), 0, "the header is not valid JSON (byte 3)"},
        Case{"{/**/}", 0, "the header is not valid JSON (byte 2)"},
        Case{R"({"a":1,})", 0, "tensor \"a\": found 1, expected an object"},
        Case{"{" + kGood + ",}", 8, "the header is not valid JSON (byte 55)"},
        Case{R"({"a\ud800":1})", 0, "the header is not valid JSON (byte 10)"},
        Case{"{\"a\n\":1}", 0, "the header is not valid JSON (byte 4)"},
        Case{"{\"a\xff\":1}", 0, "the header is not valid UTF-8 (byte 4)"},
        Case{"{\"\xed\xa0\x80\":1}", 0, "the header is not valid UTF-8 (byte 3)"}));

INSTANTIATE_TEST_SUITE_P(
    Metadata, HostileHeader,
    ::testing::Values(
        Case{R"({"__metadata__":null})", 0,
             "__metadata__: found null, expected an object of strings"},
        Case{R"({"__metadata__":"x"})", 0,
             "__metadata__: found a string, expected an object of strings"},
        Case{R"({"__metadata__":[]})", 0,
             "__metadata__: found an array, expected an object of strings"},
        Case{R"({"__metadata__":{"k":1}})", 0, "__metadata__ \"k\": found 1, expected a string"},
        Case{R"({"__metadata__":{"k":-1}})", 0, "__metadata__ \"k\": found -1, expected a string"},
        Case{R"({"__metadata__":{"k":1.5}})", 0,
             "__metadata__ \"k\": found 1.5, expected a string"},
        Case{R"({"__metadata__":{"k":true}})", 0,
             "__metadata__ \"k\": found true, expected a string"},
        Case{R"({"__metadata__":{"k":null}})", 0,
             "__metadata__ \"k\": found null, expected a string"},
        Case{R"({"__metadata__":{"k":{}}})", 0,
             "__metadata__ \"k\": found an object, expected a string"},
        Case{R"({"__metadata__":{"k":[]}})", 0,
             "__metadata__ \"k\": found an array, expected a string"},
        Case{R"({"__metadata__":{"k\u001b":[]}})", 0,
             "__metadata__ \"k\\x1b\": found an array, expected a string"},
        Case{R"({"__metadata__":{"k":"1","k":"2"}})", 0,
             "__metadata__: the key \"k\" is there twice"},
        Case{R"({"__metadata__":{},"__metadata__":{}})", 0, "the header has __metadata__ twice"},
        Case{R"({"__metadata__":{}})", 1, "the tensors take 0 bytes of data, but the file has 1"}));

INSTANTIATE_TEST_SUITE_P(
    Tensor, HostileHeader,
    ::testing::Values(
        Case{R"({"a":[]})", 0, "tensor \"a\": found an array, expected an object"},
        Case{R"({"a":{}})", 0, "tensor \"a\": no dtype"},
        Case{R"({"a":{"dtype":"F32"}})", 0, "tensor \"a\": no shape"},
        Case{R"({"a":{"dtype":"F32","shape":[]}})", 0, "tensor \"a\": no data_offsets"},
        Case{R"({"a":{"dtype":"F32","dtype":"F32"}})", 0,
             "tensor \"a\": the key \"dtype\" is there twice"},
        Case{R"({"a":{"shape":[],"shape":[]}})", 0,
             "tensor \"a\": the key \"shape\" is there twice"},
        Case{R"({"a":{"data_offsets":[0,0],"data_offsets":[0,0]}})", 0,
             "tensor \"a\": the key \"data_offsets\" is there twice"},
        Case{R"({"a":{"stride":[]}})", 0,
             "tensor \"a\": unknown key \"stride\"; expected dtype, shape and data_offsets"},
        Case{"{" + tensor("[]", "[0,2]", "\"BF16\"") + "}", 2,
             "tensor \"a\": found the dtype \"BF16\", expected F32, F64, I32, U8 or BOOL"},
        Case{"{" + tensor("[]", "[0,4]", "\"f32\"") + "}", 4,
             "tensor \"a\": found the dtype \"f32\", expected F32, F64, I32, U8 or BOOL"},
        Case{"{" + tensor("[]", "[0,4]", "32") + "}", 4,
             "tensor \"a\": dtype: found 32, expected a string"},
        Case{"{" + tensor("[]", "[0,4]", "[\"F32\"]") + "}", 4,
             "tensor \"a\": dtype: found an array, expected a string"},
        Case{"{" + tensor("2", "[0,8]") + "}", 8,
             "tensor \"a\": shape: found 2, expected a list of whole numbers"},
        Case{"{" + tensor("{}", "[0,8]") + "}", 8,
             "tensor \"a\": shape: found an object, expected a list of whole numbers"},
        Case{"{" + tensor("[\"2\"]", "[0,8]") + "}", 8,
             "tensor \"a\": shape: found a string, expected whole numbers from 0"},
        Case{"{" + tensor("[[2]]", "[0,8]") + "}", 8,
             "tensor \"a\": shape: found an array, expected whole numbers from 0"},
        Case{"{" + tensor("[-1]", "[0,8]") + "}", 8,
             "tensor \"a\": shape: found -1, expected whole numbers from 0"},
        Case{"{" + tensor("[2.0]", "[0,8]") + "}", 8,
             "tensor \"a\": shape: found 2.0, expected whole numbers from 0"},
        Case{"{" + tensor("[2]", "[0,null]") + "}", 8,
             "tensor \"a\": data_offsets: found null, expected whole numbers from 0"},
        Case{"{" + tensor("[2]", "[0]") + "}", 8, "tensor \"a\": found 1 data_offsets, expected 2"},
        Case{"{" + tensor("[2]", "[0,8,8]") + "}", 8,
             "tensor \"a\": found 3 data_offsets, expected 2"},
        Case{"{" + tensor("[2]", "[8,0]") + "}", 8,
             "tensor \"a\": the data_offsets [8, 0] run backwards"},
        Case{"{" + kGood + "," + tensor("[2]", "[8,16]") + "}", 16, "tensor \"a\" is there twice"},
        Case{"{" + kGood + R"(,"\u0061":{"dtype":"U8","shape":[0],"data_offsets":[8,8]}})", 8,
             "tensor \"a\" is there twice"}));

INSTANTIATE_TEST_SUITE_P(
    Size, HostileHeader,
    ::testing::Values(
        Case{"{" + tensor("[3]", "[0,8]") + "}", 8,
             "tensor \"a\": the data_offsets [0, 8] hold 8 bytes, but shape [3] of F32 takes 12"},
        Case{"{" + tensor("[0]", "[0,8]") + "}", 8,
             "tensor \"a\": the data_offsets [0, 8] hold 8 bytes, but shape [0] of F32 takes 0"},
        Case{"{" + tensor("[2,18446744073709551614]", "[0,8]") + "}", 8,
             "tensor \"a\": the extent 18446744073709551614 is too large"},
        Case{"{" + tensor("[18446744073709551616]", "[0,8]") + "}", 8,
             "tensor \"a\": shape: found 18446744073709551616, expected whole numbers from 0"},
        Case{"{" + tensor("[4294967296,4294967296]", "[0,8]") + "}", 8,
             "tensor \"a\": the shape [4294967296, 4294967296] of F32 is too large"},
        Case{"{" + tensor("[4611686018427387904]", "[0,8]") + "}", 8,
             "tensor \"a\": the shape [4611686018427387904] of F32 is too large"},
        Case{"{" + tensor("[4611686018427387904,4,0]", "[0,0]") + "}", 0,
             "tensor \"a\": the shape [4611686018427387904, 4, 0] of F32 is too large"},
        Case{"{" + tensor("[1,1,1,1,1,1,1]", "[0,4]") + "}", 4,
             "tensor \"a\": the shape has 7 axes, at most 6 can be read"},
        Case{"{" + tensor("[2]", "[18446744073709551608,18446744073709551615]") + "}", 8,
             "tensor \"a\": the data_offsets [18446744073709551608, 18446744073709551615] hold 7 "
             "bytes, but shape [2] of F32 takes 8"},
        Case{"{" + tensor("[2]", "[18446744073709551600,18446744073709551608]") + "}", 8,
             "tensor \"a\": its data start at byte 18446744073709551600, which leaves a hole after "
             "byte 0"},
        Case{"{" + kGood + "}", 4, "the tensors take 8 bytes of data, but the file has 4"},
        Case{"{" + kGood + "}", 9, "the tensors take 8 bytes of data, but the file has 9"},
        Case{"{" + tensor("[2]", "[4,12]") + "}", 12,
             "tensor \"a\": its data start at byte 4, which leaves a hole after byte 0"},
        Case{"{" + kGood + "," + tensor("[1]", "[12,16]", "\"F32\"", "b") + "}", 16,
             "tensor \"b\": its data start at byte 12, which leaves a hole after byte 8"},
        Case{"{" + kGood + "," + tensor("[2]", "[4,12]", "\"F32\"", "b") + "}", 12,
             "tensor \"b\": its data start at byte 4, within the tensor that ends at byte 8"},
        Case{"{" + kGood + "," + tensor("[2]", "[0,8]", "\"F32\"", "b") + "}", 8,
             "tensor \"b\": its data start at byte 0, within the tensor that ends at byte 8"},
        Case{"{" + kGood + "," + tensor("[0]", "[4,4]", "\"F32\"", "b") + "}", 8,
             "tensor \"b\": its data start at byte 4, within the tensor that ends at byte 8"}));

TEST(HostileFile, LengthThatDoesNotFit) {
  for (std::size_t size = 0; size < 8; ++size) {
    EXPECT_EQ(error_of(std::string(size, '\0')),
              "m: found " + std::to_string(size) +
                  " bytes, expected at least 8; is it a safetensors file?");
  }
  EXPECT_EQ(error_of(std::string(8, '\0')),
            "m: the header does not start with '{'; is it a safetensors file?");
  EXPECT_EQ(error_of(file_of("{}", 0, 3)),
            "m: the header would have 3 bytes, but the file has only 2 after its length");
  EXPECT_EQ(error_of(file_of("{}", 0, 100'000'000)),
            "m: the header would have 100000000 bytes, but the file has only 2 after its length");
  EXPECT_EQ(error_of(file_of("{}", 0, 100'000'001)),
            "m: the header would have 100000001 bytes, at most 100000000 are allowed; is it a "
            "safetensors file?");
  EXPECT_EQ(
      error_of(file_of("{}", 0, UINT64_MAX)),
      "m: the header would have 18446744073709551615 bytes, at most 100000000 are allowed; is "
      "it a safetensors file?");
}

TEST(HostileFile, NestingCostsNoStack) {
  constexpr std::size_t kDepth = 100'000;
  std::string objects;
  for (std::size_t i = 0; i < kDepth; ++i) objects += R"({"a":)";
  EXPECT_EQ(error_of(file_of(objects + "1" + std::string(kDepth, '}'))),
            "m: tensor \"a\": unknown key \"a\"; expected dtype, shape and data_offsets");
  const std::string lists = std::string(kDepth, '[') + std::string(kDepth, ']');
  EXPECT_EQ(error_of(file_of(R"({"a":)" + lists + "}")),
            "m: tensor \"a\": found an array, expected an object");
  EXPECT_EQ(error_of(file_of(R"({"a":{"shape":)" + lists + "}}")),
            "m: tensor \"a\": shape: found an array, expected whole numbers from 0");
  EXPECT_EQ(error_of(file_of(R"({"__metadata__":{"a":)" + lists + "}}")),
            "m: __metadata__ \"a\": found an array, expected a string");
}

TEST(HostileFile, NamesAreShownOnOneShortLine) {
  const std::string name(1'000'000, 'n');
  EXPECT_LT(error_of(file_of("{\"" + name + "\":1}")).size(), 300U);
  EXPECT_EQ(error_of(file_of(R"({"a\nb\u001b[31m":1})")),
            "m: tensor \"a\\nb\\x1b[31m\": found 1, expected an object");
  EXPECT_LT(error_of(file_of(R"({"a":{"shape":[1)" + std::string(1'000'000, '0') + "]}}")).size(),
            300U);
}

TEST(HostileFile, ABooleanIsZeroOrOne) {
  auto bytes = file_of("{" + tensor("[3]", "[0,3]", "\"BOOL\"") + "}", 3);
  EXPECT_EQ(error_of(bytes), "no error");
  bytes.back() = 2;
  EXPECT_EQ(error_of(bytes), "m: tensor \"a\": element 2 of BOOL is 2, expected 0 or 1");
}

// What is unusual but allowed.
TEST(HostileFile, LegalOddities) {
  EXPECT_EQ(error_of(file_of("{}   \n\t")), "no error");
  EXPECT_EQ(error_of(file_of(R"({"__metadata__":{}})")), "no error");
  EXPECT_EQ(error_of(file_of("{" + kGood + R"(,"__metadata__":{"k":"v"}})", 8)), "no error");
  EXPECT_EQ(error_of(file_of(R"({"dtype":{"data_offsets":[0,0],"shape":[0],"dtype":"F64"}})")),
            "no error");
  EXPECT_EQ(error_of(file_of("{" + tensor("[0]", "[8,8]", "\"F32\"", "z") + "," + kGood + "," +
                                 tensor("[0]", "[0,0]", "\"F32\"", "y") + "," +
                                 tensor("[]", "[8,12]", "\"F32\"", "x") + "}",
                             12)),
            "no error");
}

}  // namespace
}  // namespace longhand
