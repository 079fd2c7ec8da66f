// Event files, by the published check values of CRC-32C and the layout of the two formats.
#include <gtest/gtest.h>

#include <cstring>

#include "formats/event_file.h"

namespace longhand {
namespace {

// RFC 3720, B.4, and the check value of the CRC catalogue.
TEST(EventFile, ChecksumsAreThoseOfRfc3720) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
  EXPECT_EQ(crc32c(""), 0u);
}

std::uint32_t word(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::uint32_t masked(const std::string& bytes) {
  const auto crc = crc32c(bytes);
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

std::string payload_of(const std::string& record) {
  const auto length = word(record, 0);
  EXPECT_EQ(word(record, 4), 0u);
  EXPECT_EQ(record.size(), 8 + 4 + length + 4);
  EXPECT_EQ(word(record, 8), masked(record.substr(0, 8)));
  const auto payload = record.substr(12, length);
  EXPECT_EQ(word(record, 12 + length), masked(payload));
  return payload;
}

TEST(EventFile, RecordsAreFramedAndHoldProtocolBuffers) {
  // wall_time 1: a double in field 1; file_version: text in field 3.
  EXPECT_EQ(payload_of(first_event(1)), std::string("\x09\0\0\0\0\0\0\xf0\x3f", 9) + "\x1a\x0d" + "brain.Event:2");
  // step 300 is the varint ac 02; summary in field 5; value: tag in 1, simple_value 0.5 in 2 as a float.
  const std::pair<std::string, double> scalars[] = {{"loss", 0.5}};
  EXPECT_EQ(payload_of(scalars_event(1, 300, scalars)),
            std::string("\x09\0\0\0\0\0\0\xf0\x3f", 9) + "\x10\xac\x02" + "\x2a\x0d" + "\x0a\x0b" + "\x0a\x04loss" +
                std::string("\x15\0\0\0\x3f", 5));
}

}  // namespace
}  // namespace longhand
