// JSON documents, against what RFC 8259 says of them.
#include "base/json.h"

#include <gtest/gtest.h>

namespace longhand {
namespace {

TEST(Json, KeepsTheOrderOfKeysAndEveryDigit) {
  constexpr const char* kText = R"({"b":[1,2.5,null,true],"a":{"x":"\"ü\"","y":0.1}})";
  EXPECT_EQ(json_text(parse_json(kText).value()), kText);
  EXPECT_EQ(json_text(parse_json("[1, {\"a\": 2}]").value(), 1), "[\n 1,\n {\n  \"a\": 2\n }\n]");
}

TEST(Json, IsNothingWhereTheTextIsNone) {
  for (const char* text : {"", "{", "[1,]", "{\"a\" 1}", "nul", "1 2", "'a'", "[01]", "\"\\x\""}) {
    EXPECT_FALSE(parse_json(text)) << text;
  }
}

TEST(Json, IsNothingWhereItIsNestedDeeperThanIsAskedFor) {
  EXPECT_TRUE(parse_json("[[[1]]]", 3));
  EXPECT_FALSE(parse_json("[[[1]]]", 2));
  EXPECT_FALSE(parse_json("[1, {\"a\": [{}]}]", 2));
  EXPECT_TRUE(parse_json("[[], [], []]", 2));
}

TEST(Json, TextThatIsNotUtf8IsRefusedOrReplaced) {
  EXPECT_THROW(json_text(Json("r\xF8" "d")), Json::type_error);
  EXPECT_EQ(json_text(Json("r\xF8" "d"), -1, Json::error_handler_t::replace), "\"r\xEF\xBF\xBD" "d\"");
}

}  // namespace
}  // namespace longhand
