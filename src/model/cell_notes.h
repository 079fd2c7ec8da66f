// What is told of cells, gathered over the blocks of a table.
#pragma once

#include <vector>

#include "longhand/model.h"

namespace longhand {

/// Adds the notes of rows that come later.
void add_notes(std::vector<CellNote>& notes, std::vector<CellNote> of_later_rows);

}  // namespace longhand
