// A table's cells as a model's raw columns, some rows at a time: all at once take 8 bytes a cell.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "data/missing_cells.h"
#include "longhand/model.h"

namespace longhand {

/// Borrows the model and the table.
class RawRows {
 public:
  /// Throws DataError naming a column that is missing.
  RawRows(const Model& model, const Table& table);
  ~RawRows();
  RawRows(const RawRows&) = delete;
  RawRows& operator=(const RawRows&) = delete;

  std::int64_t rows() const { return table_.rows(); }
  /// raw_rows of `count` rows from `first` on. Throws DataError for a cell that is no number or date.
  Tensor read(std::int64_t first, std::int64_t count);
  /// What is to be told of the rows that were read.
  std::vector<CellNote> notes() const;

 private:
  class ColumnReader;

  const Model& model_;
  const Table& table_;
  const data::MissingCells missing_;
  std::vector<std::unique_ptr<ColumnReader>> columns_;
};

}  // namespace longhand
