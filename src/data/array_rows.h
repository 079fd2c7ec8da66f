// An array of numbers, and labels beside it, as the rows of a table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "formats/array_reader.h"
#include "longhand/data.h"

namespace longhand::data {

/// `drop` are columns as Table::find finds them; `labels`, where there are any, have a row for each. Throws as
/// read_table.
class ArrayRows : public TableBlocks {
 public:
  ArrayRows(ArrayReader array, std::optional<ArrayReader> labels, const std::vector<std::string>& drop,
            std::size_t block_bytes);

  const std::string& name() const override { return array_.name(); }
  std::optional<Table> next() override;
  void rewind() override;
  /// All that follow.
  Table rest();

 private:
  /// What holds the array's numbers in the fewest bytes.
  using Numbers = std::variant<std::vector<double>, std::vector<float>, std::vector<std::uint8_t>>;
  struct Values {
    std::string column;
    Numbers numbers;
    bool are_text = false;  ///< some were not finite
  };
  static Numbers room_for(Element element);
  std::size_t read_piece();
  Table take();

  ArrayReader array_;
  std::optional<ArrayReader> labels_;
  std::vector<std::size_t> kept_;  // columns of the array, from 0, ascending
  std::vector<Values> values_;     // of these, then of the labels
  std::vector<double> piece_, piece_of_labels_;
  std::int64_t first_row_ = 0;
};

}  // namespace longhand::data
