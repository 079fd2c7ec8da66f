#include "formats/safetensors.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "base/files.h"
#include "temporary_directory.h"

#ifdef LONGHAND_HAVE_RAPIDCHECK
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>
#endif

namespace longhand {
namespace {

using testing::TemporaryDirectory;

SafetensorsFile every_kind() {
  SafetensorsFile file;
  file.tensors = {
      {"flags", Tensor::from(std::vector<double>{1, 0, 1}, Shape{3}, DType::boolean)},
      {"fc1.weight", Tensor{{0.1, -0.2, 3e38}, {std::nan(""), 1e-45, -INFINITY}}},
      {"codes", Tensor::from(std::vector<double>{-2147483648.0, 2147483647}, Shape{2}, DType::i32)},
      {"scalar", Tensor::scalar(0.1, DType::f64)},
      {"pixels", Tensor::from(std::vector<double>{0, 255, 7, 8, 9}, Shape{1, 5}, DType::u8)},
      {"nothing", Tensor(Shape{4, 0, 2}, DType::f64)},
      {"six", Tensor(Shape{1, 1, 2, 1, 1, 1})},
      {"", Tensor::scalar(7)},
      {"quote\" \n é 重み", Tensor::scalar(8, DType::u8)},
  };
  file.metadata = {{"network", "[network]\ninputs = 2\n"}, {"", "empty key"}, {"é", "\"\\/\t"}};
  return file;
}

void expect_equal(const SafetensorsFile& a, const SafetensorsFile& b) {
  EXPECT_EQ(a.metadata, b.metadata);
  ASSERT_EQ(a.tensors.size(), b.tensors.size());
  for (std::size_t i = 0; i < a.tensors.size(); ++i) {
    EXPECT_EQ(a.tensors[i].first, b.tensors[i].first);
    EXPECT_TRUE(identical(a.tensors[i].second, b.tensors[i].second)) << a.tensors[i].first;
  }
}

std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

SafetensorsFile parse(const std::string& bytes) {
  return parse_safetensors(std::as_bytes(std::span(bytes)), "m.safetensors");
}

TEST(Safetensors, ReadsBackWhatItWrote) {
  const auto file = every_kind();
  const auto bytes = serialize_safetensors(file);
  expect_equal(parse_safetensors(bytes, "memory"), file);

  const TemporaryDirectory directory;
  const auto path = directory / "model.safetensors";
  write_safetensors(path, file);
  EXPECT_EQ(read_text(path), text_of(bytes));
  expect_equal(read_safetensors(path), file);
}

TEST(Safetensors, WritesAndReadsAnEmptyFile) {
  EXPECT_EQ(text_of(serialize_safetensors({})), std::string("\x08\0\0\0\0\0\0\0{}      ", 16));
  expect_equal(parse_safetensors(serialize_safetensors({}), "memory"), {});
}

TEST(Safetensors, ReadsFromAPipe) {
  const TemporaryDirectory directory;
  const auto pipe = directory / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer([&] { write_safetensors(pipe, every_kind()); });
  const auto file = read_safetensors(pipe);
  writer.join();
  expect_equal(file, every_kind());
}

// The bytes are a promise: a model written twice is the same file. The header lists the tensors as
// given, the data stand largest elements first and start at a multiple of 8.
TEST(Safetensors, LaysOutTheFileInOneWay) {
  SafetensorsFile file;
  file.tensors = {{"a", Tensor::from(std::vector<double>{1, 2, 3}, Shape{3}, DType::u8)},
                  {"b", Tensor::scalar(1.0)},
                  {"c", Tensor::scalar(2.0, DType::f64)}};
  file.metadata = {{"y", "2"}, {"x", "1"}};
  const std::string header =
      R"({"__metadata__":{"x":"1","y":"2"},"a":{"dtype":"U8","shape":[3],"data_offsets":[12,15]},)"
      R"("b":{"dtype":"F32","shape":[],"data_offsets":[8,12]},)"
      R"("c":{"dtype":"F64","shape":[],"data_offsets":[0,8]}})";
  const std::string padded = header + std::string(7 - (header.size() + 7) % 8, ' ');
  const auto bytes = text_of(serialize_safetensors(file));
  ASSERT_EQ(bytes.size(), 8 + padded.size() + 15);
  EXPECT_EQ(bytes.substr(8, padded.size()), padded);
  EXPECT_EQ(static_cast<unsigned char>(bytes[0]), padded.size());
  EXPECT_EQ(padded.size() % 8, 0U);
  EXPECT_EQ(bytes.substr(8 + padded.size()),
            std::string("\0\0\0\0\0\0\0\x40\0\0\x80\x3f\x01\x02\x03", 15));
  EXPECT_EQ(text_of(serialize_safetensors(file)), bytes);
}

template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Safetensors, RefusesToWriteNamesThatCannotBeRead) {
  SafetensorsFile file;
  file.tensors = {{"a", Tensor()}, {"a", Tensor()}};
  EXPECT_EQ(error_of([&] { serialize_safetensors(file); }),
            "cannot write the tensor \"a\": the name is taken");
  file.tensors = {{"__metadata__", Tensor()}};
  EXPECT_EQ(error_of([&] { serialize_safetensors(file); }),
            "cannot write the tensor \"__metadata__\": the name is taken");
  file.tensors = {{"\xff", Tensor()}};
  EXPECT_THROW(serialize_safetensors(file), ArgumentError);
  file.tensors = {};
  file.metadata = {{"key", "\xff"}};
  EXPECT_EQ(error_of([&] { serialize_safetensors(file); }),
            "cannot write the metadata of \"key\", \"\\xff\": it is not UTF-8");
  file.metadata = {{"\xff", ""}};
  EXPECT_THROW(serialize_safetensors(file), ArgumentError);
  const TemporaryDirectory directory;
  EXPECT_THROW(write_safetensors(directory / "file", file), ArgumentError);
  EXPECT_EQ(directory.files(), 0);
}

TEST(Safetensors, AMissingFileIsAModelErrorThatNamesIt) {
  try {
    read_safetensors("no/such.safetensors");
    FAIL();
  } catch (const ModelError& error) {
    EXPECT_STREQ(error.what(), "cannot read no/such.safetensors: No such file or directory");
  }
  EXPECT_THROW(read_safetensors("/"), ModelError);
}

// Every start of a file lacks something; every file with more has too much.
TEST(Safetensors, RefusesEveryTruncationAndTrailingBytes) {
  const auto whole = text_of(serialize_safetensors(every_kind()));
  const TemporaryDirectory directory;
  const auto path = directory / "model.safetensors";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto part = whole.substr(0, length);
    EXPECT_THROW(parse(part), ModelError) << length;
    std::ofstream(path, std::ios::binary) << part;
    EXPECT_THROW(read_safetensors(path), ModelError) << length;
  }
  EXPECT_THROW(parse(whole + '\0'), ModelError);
}

// A changed bit either still makes a file or is an error of one line, never anything else.
void expect_file_or_one_line(const std::string& bytes) {
  try {
    parse(bytes);
  } catch (const ModelError& error) {
    const std::string message = error.what();
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    EXPECT_TRUE(message.starts_with("m.safetensors: ")) << message;
    EXPECT_LT(message.size(), 400U) << message;
  }
}

TEST(Safetensors, SurvivesEveryBitFlip) {
  const auto whole = text_of(serialize_safetensors(every_kind()));
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    auto flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    expect_file_or_one_line(flipped);
  }
}

TEST(Safetensors, SurvivesEveryByteReplacedInTheHeader) {
  const auto whole = text_of(serialize_safetensors(every_kind()));
  for (const char replacement : std::string("\0\"\\{}[],:0-9.eE \n\x80\xff", 20)) {
    for (std::size_t i = 0; i < whole.size(); ++i) {
      auto changed = whole;
      changed[i] = replacement;
      expect_file_or_one_line(changed);
    }
  }
}

#ifdef LONGHAND_HAVE_RAPIDCHECK
RC_GTEST_PROP(Safetensors, ReadsBackAnyTensors, ()) {
  SafetensorsFile file;
  const auto count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i) {
    const auto extents = *rc::gen::resize(
        4, rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(0, 4)));
    const auto dtype =
        *rc::gen::element(DType::f32, DType::f64, DType::i32, DType::u8, DType::boolean);
    Tensor tensor(Shape(std::span<const std::int64_t>(extents)), dtype);
    for (std::int64_t j = 0; j < tensor.count(); ++j) {
      tensor.set(j, *rc::gen::inRange(0, dtype == DType::boolean ? 2 : 256));
    }
    file.tensors.emplace_back("tensor " + std::to_string(i), tensor);
  }
  file.metadata["note"] = std::to_string(count);
  const auto bytes = serialize_safetensors(file);
  const auto back = parse_safetensors(bytes, "memory");
  RC_ASSERT(back.metadata == file.metadata);
  RC_ASSERT(back.tensors.size() == file.tensors.size());
  for (std::size_t i = 0; i < file.tensors.size(); ++i) {
    RC_ASSERT(identical(back.tensors[i].second, file.tensors[i].second));
  }
  RC_ASSERT(serialize_safetensors(back) == bytes);
}
#endif

}  // namespace
}  // namespace longhand
