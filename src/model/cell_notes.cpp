#include "model/cell_notes.h"

#include <algorithm>
#include <utility>

namespace longhand {

void add_notes(std::vector<CellNote>& notes, std::vector<CellNote> of_later_rows) {
  for (auto& note : of_later_rows) {
    const auto is_same = [&](const CellNote& other) { return other.column == note.column && other.kind == note.kind; };
    const auto known = std::ranges::find_if(notes, is_same);
    if (known == notes.end()) notes.push_back(std::move(note));
    else known->cells += note.cells;
  }
}

}  // namespace longhand
