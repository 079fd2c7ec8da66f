// Rows of a file that are kept while all of them pass by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "data/column_builder.h"
#include "longhand/data.h"

namespace longhand::data {

/// Each row has a random number, a function of the seed and of its own number, and those with the least
/// are kept (a bottom-k sample, Cohen and Kaplan 2007): it does not matter in which blocks they come.
/// Beside them stays the first row of each distinct cell of the target, unless there are too many.
class RowSample {
 public:
  /// For blocks with the columns of this one.
  RowSample(const Table& block, const SampleOptions& options);

  /// The next block, with columns of the same kinds.
  void add(const Table& block);
  /// Once.
  Table take();

 private:
  struct KeptColumn {
    std::string name;
    bool is_numbers = true;
    std::vector<double> numbers;
    SpellingIndex spellings;
    TextIndex texts;
    std::size_t text_bytes = 0;
    std::vector<std::int32_t> codes;

    void add(const Column& column, std::span<const std::int32_t> rows);
    /// Keeps these rows alone.
    void select(std::span<const std::size_t> rows);

   private:
    std::int32_t code_of(std::string_view text);
  };
  struct KeptRow {
    std::uint64_t key;
    std::int64_t row, line;
    bool is_first_of_cell;
  };

  std::uint64_t key_of(std::int64_t row) const;
  std::vector<bool> first_of_cells(const Column& target);
  void cut();

  const std::string name_;
  const std::uint64_t seed_;
  std::size_t most_;
  std::uint64_t limit_;  // from this key on, a row is not among those with the least
  std::vector<KeptColumn> columns_;
  std::vector<KeptRow> rows_;
  bool keeps_first_of_cells_;  // of the target
  std::size_t target_;
  std::unordered_set<double> numbers_seen_;
  std::unordered_set<std::string> texts_seen_;
};

}  // namespace longhand::data
