// Whether a model has seen the rows that it is asked about. Its file has a sum of hashes of the rows it
// learned from and of those that were held out, of which no row can be told.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "longhand/train.h"

namespace longhand::train {

/// Rows by what they hold, whatever their order.
class RowSum {
 public:
  /// The rows of a table with the model's columns and its target.
  void add(const Model& model, const Table& table);
  /// Rows that were added before.
  void take_away(const Model& model, const Table& table);
  /// As hexadecimal digits; another one for other rows, or the same ones repeated.
  std::string text() const;

 private:
  static std::uint64_t sum_of(const Model& model, const Table& table);

  std::uint64_t sum_ = 0;
  std::int64_t rows_ = 0;
};

/// Keeps with the model what tells the rows again: those it learned from, and all that it was given.
void record_rows(Model& model, const RowSum& learned, const RowSum& all);

enum class Seen : std::uint8_t {
  no,       ///< or the model does not know
  learned,  ///< the very rows that it learned from
  partly,   ///< the table it was given, of which a part was held out
};
Seen seen(const Model& model, const RowSum& rows);
/// The same as a sentence, empty for `no`: "data.csv has the very rows that …".
std::string words(Seen seen, const std::string& table);

}  // namespace longhand::train
