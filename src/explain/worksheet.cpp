// The figures of a worksheet, whose digits are read from the text itself: 0.0600 keeps its zeros.
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "explain/digits.h"
#include "longhand/explain.h"

namespace longhand {
namespace {

class WorksheetReader {
 public:
  WorksheetReader(std::string_view text, const std::string& name) : text_(text), name_(name) {
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == '\n') lines_.push_back(i + 1);
    }
  }

  Worksheet read(const toml::table& table) const {
    if (table.contains("layer") && !table.contains("claim")) {
      throw DataError(name_ + ": a network, not figures to grade: longhand explain works it out");
    }
    for (const auto& [key, value] : table) {
      if (key != "network" && key != "digits" && key != "claim") fail(name_, "unknown key " + in_quotes(key.str()), value);
    }
    Worksheet worksheet{.name = name_, .network = string_at(table, "network", name_), .digits = digits_in(table), .claims = {}};
    if (worksheet.network.empty()) throw DataError(name_ + ": 'network' is missing: the file of the network");
    const auto* claims = table["claim"].as_array();
    if (claims == nullptr && table.contains("claim")) fail(name_, "'claim' is not a list: write [[claim]]", *table.get("claim"));
    if (claims == nullptr || claims->empty()) throw DataError(name_ + ": no [[claim]]");
    for (const auto& element : *claims) {
      const auto number = worksheet.claims.size() + 1;
      const auto* claim = element.as_table();
      if (claim == nullptr) fail(fmt::format("{}: claim {}", name_, number), "not a table: write [[claim]]", element);
      worksheet.claims.push_back(read_claim(*claim, number));
    }
    if (std::ranges::all_of(worksheet.claims, [](const Claim& c) { return c.missing() == c.shape.count(); })) {
      throw DataError(name_ + ": no figure is filled in yet: write each between its quotes");
    }
    return worksheet;
  }

 private:
  [[noreturn]] static void fail(const std::string& where, const std::string& what, const toml::node& node) {
    throw DataError(fmt::format("{}: {} (line {})", where, what, node.source().begin.line));
  }

  static std::string string_at(const toml::table& table, std::string_view key, const std::string& where) {
    const auto* node = table.get(key);
    if (node == nullptr) return "";
    if (!node->is_string()) fail(where, fmt::format("'{}' is not a text", key), *node);
    return node->as_string()->get();
  }

  int digits_in(const toml::table& table) const {
    constexpr std::int64_t kMost = 17;  // beyond which a double has nothing to say
    const auto* node = table.get("digits");
    if (node == nullptr) return 0;
    const auto* digits = node->as_integer();
    if (digits == nullptr || digits->get() < 1 || digits->get() > kMost) {
      fail(name_, fmt::format("'digits' is not a number of significant digits from 1 to {}", kMost), *node);
    }
    return static_cast<int>(digits->get());
  }

  Claim read_claim(const toml::table& table, std::size_t number) const {
    auto where = fmt::format("{}: claim {}", name_, number);
    Claim claim;
    claim.quantity = string_at(table, "quantity", where);
    if (claim.quantity.empty()) fail(where, "'quantity' is missing", table);
    where += fmt::format(" ({})", printable(claim.quantity));
    for (const auto& [key, value] : table) {
      if (key != "quantity" && key != "value" && key != "where") fail(where, "unknown key " + in_quotes(key.str()), value);
    }
    claim.where = string_at(table, "where", where);
    const auto* value = table.get("value");
    if (value == nullptr) fail(where, "'value' is missing", table);
    claim.shape = shape_of(*value, where);
    take(*value, claim, 0, where);
    return claim;
  }

  // The first of each list tells the shape; every list is then held to it.
  static Shape shape_of(const toml::node& value, const std::string& where) {
    std::vector<std::int64_t> extents;
    for (const auto* node = &value; node->is_array(); node = node->as_array()->get(0)) {
      if (node->as_array()->empty()) fail(where, "an empty list", *node);
      if (extents.size() == Shape::kMaxRank) fail(where, fmt::format("lists nested more than {} deep", Shape::kMaxRank), *node);
      extents.push_back(static_cast<std::int64_t>(node->as_array()->size()));
    }
    return Shape(std::span<const std::int64_t>(extents));
  }

  void take(const toml::node& node, Claim& claim, std::size_t axis, const std::string& where) const {
    const auto* list = node.as_array();
    if (axis < claim.shape.rank()) {
      if (list == nullptr) fail(where, "a figure beside lists", node);
      if (static_cast<std::int64_t>(list->size()) != claim.shape[axis]) {
        fail(where, fmt::format("a list of {} beside one of {}", list->size(), claim.shape[axis]), node);
      }
      for (const auto& element : *list) take(element, claim, axis + 1, where);
      return;
    }
    if (list != nullptr) fail(where, "a list beside figures", node);
    auto figure = digits_of(node);
    if (figure.find_first_not_of(" \t") == std::string::npos) figure.clear();
    if (!figure.empty() && !parse_figure(figure)) fail(where, in_quotes(figure) + " is not a number" + hint_for(figure), node);
    claim.figures.push_back(std::move(figure));
  }

  // "0,586" is a number in half of the world.
  static std::string hint_for(std::string figure) {
    if (std::ranges::count(figure, ',') != 1) return "";
    std::ranges::replace(figure, ',', '.');
    return parse_figure(figure) ? ": write a decimal point, " + figure : "";
  }

  // As it was written.
  std::string digits_of(const toml::node& node) const {
    if (const auto* text = node.as_string()) return text->get();
    const auto at = offset_of(node.source().begin);
    const auto end = std::min(text_.find_first_of(" \t\r\n,]}#", at), text_.size());
    return std::string(text_.substr(at, end - at));
  }

  // Columns count characters, not bytes. Figures are asked for in their order, so that the way to one
  // begins at the last.
  std::size_t offset_of(toml::source_position position) const {
    if (position.line != last_.line || position.column < last_.column) {
      last_ = {position.line, 1};
      last_offset_ = position.line < 2 ? 0 : lines_[position.line - 2];
    }
    for (; last_.column < position.column && last_offset_ < text_.size(); ++last_.column) {
      do ++last_offset_;
      while (last_offset_ < text_.size() && (static_cast<unsigned char>(text_[last_offset_]) & 0xC0) == 0x80);
    }
    return last_offset_;
  }

  std::string_view text_;
  const std::string& name_;
  std::vector<std::size_t> lines_;  // where each line but the first begins
  mutable toml::source_position last_{1, 1};
  mutable std::size_t last_offset_ = 0;
};

}  // namespace

Worksheet parse_worksheet(const std::string& toml, const std::string& name) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::string_view text = toml;
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  toml::table table;
  try {
    table = toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    throw DataError(fmt::format("{}: line {}: {}", name, error.source().begin.line, error.description()));
  }
  return WorksheetReader(text, name).read(table);
}

}  // namespace longhand
