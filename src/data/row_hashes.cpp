#include "data/row_hashes.h"

#include <bit>

#include "base/philox.h"
#include "data/mixed_bits.h"
#include "data/parse_number.h"

namespace longhand::data {
namespace {

std::uint64_t hash_of(double number) { return mixed(std::bit_cast<std::uint64_t>(number + 0.0)); }  // -0 is 0

std::uint64_t hash_of(std::string_view text) {
  const auto number = parse_number(text);
  return number.is_finite() ? hash_of(number.value) : hash_name(text);
}

}  // namespace

std::vector<std::uint64_t> row_hashes(const Table& table, std::span<const std::string> columns) {
  std::vector<std::uint64_t> hashes(static_cast<std::size_t>(table.rows()));
  const auto add = [&](std::size_t row, std::uint64_t cell) { hashes[row] = mixed(hashes[row] + kGoldenStep) ^ cell; };
  for (const auto& name : columns) {
    const auto& column = table.column(name);
    if (column.is_numbers()) {
      for (std::size_t row = 0; row < hashes.size(); ++row) add(row, hash_of(column.numbers()[row]));
      continue;
    }
    std::vector<std::uint64_t> of_texts;
    for (std::size_t i = 0; i < column.texts().size(); ++i) of_texts.push_back(hash_of(column.texts()[i]));
    for (std::size_t row = 0; row < hashes.size(); ++row) add(row, of_texts[static_cast<std::size_t>(column.codes()[row])]);
  }
  for (auto& hash : hashes) hash = mixed(hash);
  return hashes;
}

}  // namespace longhand::data
