#include "model/columns_json.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace longhand {
namespace {

constexpr const char* kKey = "inputs";
constexpr NumberScaling kScalings[] = {NumberScaling::standard, NumberScaling::robust, NumberScaling::quantile_normal,
                                       NumberScaling::quantile_uniform};
constexpr DateOrder kOrders[] = {DateOrder::year_month_day, DateOrder::day_month_year, DateOrder::month_day_year,
                                 DateOrder::time};
constexpr ColumnKind kKinds[] = {ColumnKind::number, ColumnKind::boolean, ColumnKind::category, ColumnKind::date};

Json column_json(const InputColumn& column) {
  Json json{{"name", column.name}, {"kind", name(column.kind)}};
  if (column.is_category()) {
    json["categories"] = column.categories;
    if (column.embedding > 0) json["embedding"] = column.embedding;
  } else {
    json.update({{"mean", column.mean}, {"scale", column.scale}, {"fill", column.fill}});
    if (column.least < column.greatest) json["range"] = {column.least, column.greatest};
    if (column.scaling != NumberScaling::standard) json["scaling"] = name(column.scaling);
    if (!column.knots.empty()) json.update({{"knots", column.knots}, {"levels", column.levels}});
    if (!column.edges.empty()) json["edges"] = column.edges;
  }
  if (column.kind == ColumnKind::date) json.update({{"order", name(column.order)}, {"periods", column.periods}});
  if (column.has_missing) json["missing"] = true;
  return json;
}

class ColumnReader {
 public:
  ColumnReader(const Metadata& metadata, const Json& json) : metadata_(metadata), json_(json) {
    column_.name = metadata.string(kKey, json, "name");
  }

  InputColumn read() {
    column_.kind = one_of(kKinds, "kind");
    if (has("missing")) column_.has_missing = metadata_.boolean(kKey, json_, "missing");
    if (column_.is_category()) {
      read_categories();
    } else {
      read_number();
    }
    if (column_.kind == ColumnKind::date) read_date();
    return std::move(column_);
  }

 private:
  bool has(const char* field) const { return json_.contains(field); }
  [[noreturn]] void fail(const std::string& what) const {
    metadata_.fail(kKey, "column '" + column_.name + "': " + what);
  }

  template <class Value, std::size_t kCount>
  Value one_of(const Value (&values)[kCount], const char* field) const {
    const auto text = metadata_.string(kKey, json_, field);
    for (const auto value : values) {
      if (text == name(value)) return value;
    }
    fail("'" + text + "' is an unknown " + field);
  }

  void read_categories() {
    column_.categories = metadata_.texts(kKey, json_, "categories");
    const std::set<std::string> distinct(column_.categories.begin(), column_.categories.end());
    if (column_.categories.empty() || distinct.size() != column_.categories.size()) {
      fail("'categories' must be distinct, and one at least");
    }
    if (!has("embedding")) return;
    const double entries = metadata_.finite(kKey, json_, "embedding");
    constexpr double kMost = 1e6;
    if (!(entries >= 1 && entries <= kMost) || entries != std::floor(entries)) fail("'embedding' must be a whole number from 1");
    column_.embedding = static_cast<std::int64_t>(entries);
  }

  void read_number() {
    column_.mean = metadata_.finite(kKey, json_, "mean");
    column_.scale = metadata_.finite(kKey, json_, "scale");
    if (!(column_.scale > 0)) fail("the scale must be positive");
    column_.fill = has("fill") ? metadata_.finite(kKey, json_, "fill") : column_.mean;
    if (has("range")) read_range();
    if (has("scaling")) column_.scaling = one_of(kScalings, "scaling");
    if (has("edges")) {
      column_.edges = metadata_.numbers(kKey, json_, "edges");
      if (!column_.edges.empty() && (column_.edges.size() < 2 || falls(column_.edges))) fail("'edges' must rise, two at least");
    }
    const bool has_knots = column_.scaling == NumberScaling::quantile_normal || column_.scaling == NumberScaling::quantile_uniform;
    if (!has_knots) return;
    column_.knots = metadata_.numbers(kKey, json_, "knots");
    column_.levels = metadata_.numbers(kKey, json_, "levels");
    if (column_.knots.size() < 2 || column_.levels.size() != column_.knots.size() || falls(column_.knots) || falls(column_.levels)) {
      fail("'knots' and 'levels' must rise, equally many and two at least");
    }
  }

  void read_range() {
    const auto range = metadata_.numbers(kKey, json_, "range");
    if (range.size() != 2 || falls(range)) fail("'range' must be two numbers that rise");
    column_.least = range[0];
    column_.greatest = range[1];
  }

  static bool falls(const std::vector<double>& values) {
    return std::ranges::adjacent_find(values, std::greater_equal<>()) != values.end();
  }

  void read_date() {
    column_.order = one_of(kOrders, "order");
    column_.periods = metadata_.numbers(kKey, json_, "periods");
    if (std::ranges::any_of(column_.periods, [](double days) { return !(days > 0); })) fail("'periods' must be positive");
  }

  const Metadata& metadata_;
  const Json& json_;
  InputColumn column_;
};

}  // namespace

Json columns_json(const std::vector<InputColumn>& columns) {
  Json json = Json::array();
  for (const auto& column : columns) json.push_back(column_json(column));
  return json;
}

std::vector<InputColumn> read_columns(const Metadata& metadata) {
  const auto json = metadata.json(kKey);
  if (!json.is_array()) metadata.fail(kKey, "must be a list");
  std::vector<InputColumn> columns;
  for (const auto& entry : json) columns.push_back(ColumnReader(metadata, entry).read());
  return columns;
}

}  // namespace longhand
