// Text from files, made fit to be shown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace longhand {

/// The position of the first byte that is not valid UTF-8, or npos. Overlong forms, surrogates and
/// code points over U+10FFFF are not valid.
std::size_t find_invalid_utf8(std::string_view text);

/// `text` on one line: control characters and bytes that are not UTF-8 as \n or \x1b, and what goes
/// beyond `limit` bytes as "…". For names that come from a file, in an error message.
std::string printable(std::string_view text, std::size_t limit = 120);

/// The same between double quotes.
std::string in_quotes(std::string_view text);

/// "1,797".
std::string with_commas(std::int64_t count);

/// "1 row", "1,797 rows".
std::string counted(std::int64_t count, std::string_view what);

}  // namespace longhand
