// What is looked up in an embedding's tables, in words: which row, and where its gradient goes.
#pragma once

#include <map>
#include <optional>

#include "explain/notation.h"
#include "longhand/explain.h"

namespace longhand {

/// Whether a node is the rows of a table that an embedding looks up.
bool is_row_of_table(const Node& node);

/// The rule of r1, of x after an embedding, of dL/dr1 and of dL/dE1; nothing for other quantities. `shown` has
/// the values by id.
std::optional<WrittenFormula> written_lookup(const Graph& graph, const Notation& notation, const Quantity& quantity,
                                             const std::map<std::string, Tensor>& shown, int digits, bool batch);

}  // namespace longhand
