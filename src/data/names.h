// Names of columns: sought, and listed in errors.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace longhand::data {

/// The place that "-1", "-2", … mean among `count`, counted from the end.
std::optional<std::size_t> place_from_end(std::string_view text, std::size_t count);

/// The name that differs in capitals alone; null where there is none.
const std::string* alike_name(std::span<const std::string> names, std::string_view name);

/// "'age', 'sex', … (12 in all)": enough of the names to recognise a file.
std::string list_names(std::span<const std::string> names);

}  // namespace longhand::data
