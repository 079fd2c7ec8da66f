#include "base/json.h"

namespace longhand {

std::optional<Json> parse_json(const std::string& text, int deepest) {
  bool is_too_deep = false;
  const auto keep = [&](int depth, Json::parse_event_t, Json&) {
    is_too_deep = is_too_deep || depth > deepest;
    return !is_too_deep;
  };
  const bool is_limited = deepest < std::numeric_limits<int>::max();
  auto json = Json::parse(text, is_limited ? Json::parser_callback_t(keep) : nullptr, false);
  if (is_too_deep || json.is_discarded()) return std::nullopt;
  return json;
}

std::string json_text(const Json& json, int indent, Json::error_handler_t bad_utf8) { return json.dump(indent, ' ', false, bad_utf8); }

}  // namespace longhand
