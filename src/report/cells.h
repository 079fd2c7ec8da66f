// A column's cells as figures that can be counted and compared, whatever it holds.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "longhand/model.h"

namespace longhand::report {

struct Cells {
  std::vector<double> values;  ///< a number, a date's days, or a code of the text; NaN: missing
  bool are_numbers = false;    ///< numbers or dates: their order says something
  double unknown = std::numeric_limits<double>::quiet_NaN();  ///< the code of all categories that the model does not know

  std::size_t missing() const;
  /// Those that are not missing.
  std::vector<double> present() const;
};

/// As the model takes the column, where it is one of its inputs; the codes are the same for all tables.
Cells cells_of(const Model& model, const Table& table, const std::string& column);

/// The text of a row's cell; "others" where the model does not know it.
std::string shown_cell(const Cells& cells, const Column& column, std::size_t row);

/// From a column's values to a few groups: each distinct value where there are at most `most`, else for
/// numbers `most` ranges with about as many values each, for texts the most frequent ones. The last group
/// has what is missing and the texts that are in no other.
class Groups {
 public:
  Groups(const Cells& cells, std::size_t most);
  std::size_t size() const { return ends_.size() + 1; }
  std::size_t of(double value) const;

 private:
  std::vector<double> ends_;  // ascending: the greatest value of each group, or its text
  bool are_numbers_ = false;
};

}  // namespace longhand::report
