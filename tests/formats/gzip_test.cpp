// Packed files, by zlib's compressor and by hand.
#include "formats/gzip.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <string>

#include "longhand/base.h"
#include "support/gzipped.h"
#include "temporary_directory.h"

namespace longhand {
namespace {

using testing::gzipped;

std::string all_of(ByteSource& source, std::size_t piece) {
  std::string all, part(piece, '\0');
  while (const std::size_t came = source.read(std::as_writable_bytes(std::span(part)))) all.append(part, 0, came);
  return all;
}

std::string outcome(const std::string& packed) {
  try {
    return all_of(*open_source(packed, "x.gz"), 100);
  } catch (const DataError& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    return error.what();
  }
}

std::string random_text(std::size_t size) {
  std::mt19937_64 random(1);
  std::string text;
  while (text.size() < size) text += static_cast<char>(random() % 64);
  return text;
}

TEST(Gzip, UnpacksInPiecesOfAnySize) {
  const auto text = random_text(300'000);
  const auto packed = gzipped(text);
  for (const std::size_t piece : {1UL, 7UL, 4096UL, 1'000'000UL}) {
    const auto source = open_source(packed, "x.gz");
    EXPECT_FALSE(source->size());
    EXPECT_EQ(all_of(*source, piece), text);
    source->rewind();
    EXPECT_EQ(all_of(*source, piece), text);
  }
}

TEST(Gzip, MembersAreOneFile) {
  EXPECT_EQ(outcome(gzipped("a,b\n") + gzipped("") + gzipped("1,2\n")), "a,b\n1,2\n");
  EXPECT_EQ(outcome(gzipped("")), "");
}

TEST(Gzip, OtherBytesComeAsTheyAre) {
  EXPECT_EQ(outcome(""), "");
  EXPECT_EQ(outcome("\x1F"), "\x1F");
  EXPECT_EQ(outcome("\x1F\x8C,1\n"), "\x1F\x8C,1\n");
}

TEST(Gzip, IsKnownByItsBytesInAFileOfAnyName) {
  const testing::TemporaryDirectory directory;
  const auto path = directory / "table.csv";
  const auto text = random_text(200'000);
  std::ofstream(path, std::ios::binary) << gzipped(text);
  EXPECT_EQ(all_of(*open_source(FileReader(path)), 1000), text);
}

TEST(Gzip, RefusesWhatIsCutShort) {
  const auto packed = gzipped(random_text(100));
  for (std::size_t size = 2; size < packed.size(); ++size) {
    EXPECT_EQ(outcome(packed.substr(0, size)), "x.gz: the gzip file is cut short: it ends before what it holds does") << size;
  }
}

TEST(Gzip, RefusesWhatIsDamagedOrFollowed) {
  const auto text = random_text(100);
  const auto packed = gzipped(text);
  for (const std::size_t place : {std::size_t{2}, packed.size() / 2, packed.size() - 8, packed.size() - 1}) {
    auto damaged = packed;
    damaged[place] = static_cast<char>(damaged[place] ^ 0x10);
    EXPECT_TRUE(outcome(damaged).starts_with("x.gz: the gzip file is ")) << place;
  }
  EXPECT_EQ(outcome(packed + "rubbish"), "x.gz: the gzip file is damaged, or something follows it (incorrect header check)");
  EXPECT_NE(outcome(packed + "\n"), text);
  EXPECT_NE(outcome(packed + std::string(512, '\0')), text);
}

}  // namespace
}  // namespace longhand
