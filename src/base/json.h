// JSON documents. Not for public headers, which do without JSON.
#pragma once

#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace longhand {

/// Keys keep their order.
using Json = nlohmann::ordered_json;

// Called in place of Json::parse and Json::dump, whose templates are 200 KB in each object that calls them.

/// Nothing where the text is no JSON document, or is nested deeper than that.
std::optional<Json> parse_json(const std::string& text, int deepest = std::numeric_limits<int>::max());
/// On one line, or with `indent` spaces for each level. Throws Json::type_error for text that is not UTF-8, unless
/// `bad_utf8` says otherwise.
std::string json_text(const Json& json, int indent = -1, Json::error_handler_t bad_utf8 = Json::error_handler_t::strict);

}  // namespace longhand
