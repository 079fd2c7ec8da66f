#include "base/temporary_file.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <limits>
#include <string>

#include "longhand/base.h"
#include "temporary_directory.h"

namespace longhand {
namespace {

Bytes bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

std::string read(const TemporaryFile& file, std::uint64_t offset, std::size_t size) {
  std::string text(size, '?');
  file.read(offset, std::as_writable_bytes(std::span(text)));
  return text;
}

std::string error_of(const auto& call) {
  try {
    call();
  } catch (const IoError& error) {
    return error.what();
  }
  return "";
}

TEST(TemporaryFile, GivesBackWhatWasWritten) {
  const testing::TemporaryDirectory folder;
  TemporaryFile file(folder.path().string(), 6);
  file.write(bytes_of("abc"));
  file.write(bytes_of("def"));
  EXPECT_EQ(read(file, 0, 6), "abcdef");
  EXPECT_EQ(read(file, 2, 3), "cde");
  EXPECT_NE(error_of([&] { read(file, 4, 3); }).find("ended early"), std::string::npos);
}

TEST(TemporaryFile, HasNoName) {
  const testing::TemporaryDirectory folder;
  TemporaryFile file(folder.path().string(), 1);
  file.write(bytes_of("a"));
  EXPECT_EQ(folder.files(), 0);
}

TEST(TemporaryFile, RefusesFolderWithoutRoom) {
  const testing::TemporaryDirectory folder;
  const auto path = folder.path().string();
  const auto error = error_of([&] { TemporaryFile(path, std::numeric_limits<std::uint64_t>::max() / 4); });
  EXPECT_TRUE(error.starts_with("cannot write a temporary file in " + path + ": 4,611,686,018,428 MB are needed, and ")) << error;
  EXPECT_EQ(error_of([&] { TemporaryFile(path + "/none", 1); }),
            "cannot write a temporary file in " + path + "/none: No such file or directory");
}

}  // namespace
}  // namespace longhand
