// A table as text, bit for bit, to compare two.
#pragma once

#include <bit>
#include <cstdint>
#include <string>

#include "longhand/data.h"

namespace longhand::data {

inline std::string table_text(const Table& table) {
  std::string text;
  for (const Column& column : table.columns()) {
    text += '[' + column.name() + ']';
    for (std::size_t row = 0; row < column.rows(); ++row) {
      text += ' ' + column.cell(row);
      if (!column.is_numbers()) continue;
      text += '=' + std::to_string(std::bit_cast<std::uint64_t>(column.numbers()[row]));
    }
    text += '\n';
  }
  return text;
}

}  // namespace longhand::data
