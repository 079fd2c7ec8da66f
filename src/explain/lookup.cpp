#include "explain/lookup.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "explain/numbers.h"

namespace longhand {
namespace {

class Lookup {
 public:
  Lookup(const Graph& graph, const Notation& notation, const std::map<std::string, Tensor>& shown, int digits, bool batch)
      : graph_(graph), notation_(notation), shown_(shown), digits_(digits), batch_(batch) {}

  std::optional<WrittenFormula> write(const Quantity& quantity) const {
    const auto& id = quantity.id;
    const auto& node = graph_.node(quantity.node);
    if (is_row_of_table(node)) return row(quantity.node, id);
    if (id == "x" && notation_.node_of("c") != kNoNode) return joined(node);
    if (!id.starts_with("dL/d")) return std::nullopt;
    const auto of = notation_.node_of(id.substr(4));
    if (of == kNoNode) return std::nullopt;
    if (is_row_of_table(graph_.node(of))) return gradient_of_row(id, node);
    if (graph_.node(of).op == Op::state && graph_.node(of).label.role == "E") return gradient_of_table(id, of);
    return std::nullopt;
  }

 private:
  // The entry of c that the row was looked up by, from 0.
  std::int64_t place_of(NodeId row) const {
    auto id = graph_.node(row).inputs[1];
    while (graph_.node(id).op != Op::slice) id = graph_.node(id).inputs[0];
    return graph_.node(id).attributes.start;
  }

  std::string rows_looked_up(NodeId row) const {
    const auto& c = shown_.at("c");
    const auto width = c.shape()[c.shape().rank() - 1];
    std::vector<std::string> numbers;
    for (auto at = place_of(row); at < c.count(); at += width) numbers.push_back(fmt::format("{:.0f}", c.at(at)));
    return (numbers.size() == 1 ? "row " : "rows ") + fmt::format("{}, from 0", fmt::join(numbers, ", "));
  }

  std::string unit(const std::string& symbol, std::int64_t place) const {
    return fmt::format("{}[{}{}]", symbol, batch_ ? ":," : "", place + 1);
  }

  WrittenFormula row(NodeId id, const std::string& name) const {
    const auto table = *notation_.find(graph_.node(id).inputs[0]);
    const auto place = unit("c", place_of(id));
    return written(name, fmt::format("{}[{}], {}", unicode_symbol(table), place, rows_looked_up(id)),
                   fmt::format("{}[{}]", latex_symbol(table), place), {table, "c"});
  }

  WrittenFormula joined(const Node& node) const {
    std::vector<std::string> parts, symbols, uses{"c"};
    for (const auto input : node.inputs) {
      if (!is_row_of_table(graph_.node(input))) continue;
      const auto id = *notation_.find(input);
      parts.push_back(fmt::format("{} in place of {}", unicode_symbol(id), unit("c", place_of(input))));
      symbols.push_back(latex_symbol(id) + " \\text{ for } " + unit("c", place_of(input)));
      uses.push_back(id);
    }
    return written("x", fmt::format("c with {}", fmt::join(parts, ", ")),
                   fmt::format("c \\text{{ with }} {}", fmt::join(symbols, ",\\; ")), std::move(uses));
  }

  WrittenFormula gradient_of_row(const std::string& id, const Node& node) const {
    const auto first = node.attributes.start + 1, last = node.attributes.stop;
    const auto entries = first == last ? fmt::format("{}", first) : fmt::format("{} to {}", first, last);
    const auto from = unicode_symbol("dL/dx");
    return written(id, fmt::format("{} of {}", (first == last ? "entry " : "entries ") + entries, from),
                   fmt::format("\\text{{{} of }} {}", (first == last ? "entry " : "entries ") + entries, latex_symbol("dL/dx")), {"dL/dx"});
  }

  WrittenFormula gradient_of_table(const std::string& id, NodeId table) const {
    for (const auto& quantity : notation_.quantities()) {
      if (!is_row_of_table(graph_.node(quantity.node)) || graph_.node(quantity.node).inputs[0] != table || quantity.pass != "input") continue;
      const auto gradient = "dL/d" + quantity.id;
      const auto where = rows_looked_up(quantity.node);
      return written(id, fmt::format("{} added to {}; 0 elsewhere", unicode_symbol(gradient), where),
                     fmt::format("{} \\text{{ added to {}; 0 elsewhere}}", latex_symbol(gradient), where), {gradient, "c"});
    }
    return written(id, "0", "0", {});
  }

  WrittenFormula written(const std::string& id, const std::string& text, const std::string& latex, std::vector<std::string> uses) const {
    WrittenFormula formula;
    formula.formula = unicode_symbol(id) + " = " + text;
    formula.latex = latex_symbol(id) + " = " + latex;
    formula.substituted = display(shown_.at(id), digits_);
    formula.uses = std::move(uses);
    return formula;
  }

  const Graph& graph_;
  const Notation& notation_;
  const std::map<std::string, Tensor>& shown_;
  const int digits_;
  const bool batch_;
};

}  // namespace

bool is_row_of_table(const Node& node) { return node.op == Op::gather && node.label.role == "r"; }

std::optional<WrittenFormula> written_lookup(const Graph& graph, const Notation& notation, const Quantity& quantity,
                                             const std::map<std::string, Tensor>& shown, int digits, bool batch) {
  return Lookup(graph, notation, shown, digits, batch).write(quantity);
}

}  // namespace longhand
