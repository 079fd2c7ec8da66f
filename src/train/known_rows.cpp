#include "train/known_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/json.h"
#include "data/row_hashes.h"
#include "model/training_record.h"

namespace longhand::train {
namespace {

constexpr const char* kKey = "rows_hash";
constexpr const char* kLearned = "learned";
constexpr const char* kAll = "all";

}  // namespace

std::uint64_t RowSum::sum_of(const Model& model, const Table& table) {
  std::vector<std::string> columns;
  for (const auto& input : model.inputs) columns.push_back(input.name);
  columns.push_back(model.target->name);
  const auto hashes = data::row_hashes(table, columns);
  return std::accumulate(hashes.begin(), hashes.end(), std::uint64_t{0});
}

void RowSum::add(const Model& model, const Table& table) {
  sum_ += sum_of(model, table);
  rows_ += table.rows();
}

void RowSum::take_away(const Model& model, const Table& table) {
  if (table.rows() == 0) return;
  sum_ -= sum_of(model, table);
  rows_ -= table.rows();
}

std::string RowSum::text() const { return fmt::format("{:016x}{:x}", sum_, rows_); }

void record_rows(Model& model, const RowSum& learned, const RowSum& all) {
  model.training.emplace_back(kKey, json_text(Json{{kLearned, learned.text()}, {kAll, all.text()}}));
}

Seen seen(const Model& model, const RowSum& rows) {
  const auto* record = find_record(model, kKey);
  if (record == nullptr) return Seen::no;
  const auto known = parse_json(*record);
  const auto is = [&](const char* which) { return known && known->is_object() && known->value(which, Json()) == rows.text(); };
  return is(kLearned) ? Seen::learned : is(kAll) ? Seen::partly : Seen::no;
}

std::string words(Seen seen, const std::string& table) {
  switch (seen) {
    case Seen::no: return {};
    case Seen::learned: return table + ": these are the very rows that the model learned from, so that the figures say little about other rows";
    case Seen::partly: return table + ": this is the table that the model was trained with, and most of its rows were learned from, so that the figures flatter it";
  }
  return {};
}

}  // namespace longhand::train
