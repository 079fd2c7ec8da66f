// Parts of quantities and of their formulas. For one sample: a vector is a column.
#pragma once

#include <map>
#include <string>

#include "explain/expression.h"

namespace longhand {

/// A row and a column from 0, or all of them. Of a vector, `row` counts.
struct Selection {
  static constexpr std::int64_t kAll = -1;
  std::int64_t row = kAll;
  std::int64_t column = kAll;
  bool is_all() const { return row == kAll && column == kAll; }
};

/// Those entries; an axis of which one entry is taken is gone. A single number stays as it is.
Tensor select(const Tensor& tensor, Selection selection);
/// "W1[3,:]", "z1[3]", counted from 1; the id itself for a single number.
std::string selected_name(const std::string& id, const Tensor& tensor, Selection selection);
/// The place of the one selected entry in row-major order, or -1 for more than one.
std::int64_t selected_entry(const Tensor& tensor, Selection selection);

/// The formula of those entries of what `expression` computes. `values` are those of the whole
/// quantities; each selected part is added to it under its name.
Expression select(const Expression& expression, Selection selection, std::map<std::string, Tensor>& values);

}  // namespace longhand
