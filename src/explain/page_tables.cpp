// The tables of a page: notation, shares, contributions, parameters, and what the step did.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "explain/numbers.h"
#include "explain/page.h"
#include "explain/symbols.h"

namespace longhand {
namespace {

constexpr std::int64_t kRowsShown = 8;       // of a batch's shares
constexpr std::int64_t kCellsShown = 64;     // of a row of the table
constexpr std::int64_t kEntriesShown = 12;   // of one parameter
constexpr std::size_t kLargestGradients = 10;  // of one with more

// The signs that a reader may not know, of those that stand in the formulas.
std::string signs(const Derivation& derivation) {
  std::string all, text;
  for (const auto& step : derivation.steps) all += step.formula;
  const std::pair<const char*, const char*> known[] = {
      {"ᵀ", "ᵀ turns rows into columns"},
      {"⊙", "⊙ multiplies entry by entry"},
      {"Σᵢ ", "Σᵢ sums over the rows of the batch"},
      {"Σⱼ", "Σⱼ sums over the entries"},
      {"Σᵢⱼ", "Σᵢⱼ sums over all entries of all rows"},
      {"⁻", "⁻ marks a value before the step"},
      {"′", "′ marks a value after the step"},
  };
  for (const auto& [sign, meaning] : known) {
    if (all.find(sign) != std::string::npos) text += (text.empty() ? "" : "; ") + std::string(meaning);
  }
  return text.empty() ? "" : text + ".";
}

bool is_zero(const Tensor& tensor) {
  for (std::int64_t i = 0; i < tensor.count(); ++i) {
    if (tensor.at(i) != 0) return false;
  }
  return true;
}

// "W1[3,:]" of a focus -> "W1" and "[3,:]".
std::pair<std::string, std::string> parts_of(const std::string& id) {
  const auto bracket = std::min(id.find('['), id.size());
  return {id.substr(0, bracket), id.substr(bracket)};
}

bool is_parameter(const std::string& name) {
  const auto id = parts_of(name).first;
  if (id.starts_with("gamma") || id.starts_with("beta")) return true;
  return id.size() > 1 && (id[0] == 'W' || id[0] == 'b' || id[0] == 'E') && id.find_first_not_of("0123456789", 1) == std::string::npos;
}

std::int64_t offset_of(const Entry& entry, const Shape& shape) {
  std::int64_t offset = 0;
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) offset = offset * shape[axis] + entry.index[axis] - 1;
  return offset;
}

std::string name_of(const std::string& id, const Tensor& tensor, const Entry& entry) {
  if (tensor.count() == 1) return id;
  if (const auto part = id.find(':'); part != std::string::npos) {
    auto whole = id;
    return whole.replace(part, 1, std::to_string(entry.index[0]));
  }
  std::string text = id + "[";
  for (std::size_t i = 0; i < entry.index.size(); ++i) text += (i > 0 ? "," : "") + std::to_string(entry.index[i]);
  return text + "]";
}

Expression named(const char* id) { return {.kind = Expression::Kind::name, .text = id}; }

Expression of(Expression::Kind kind, std::vector<Expression> children) { return {.kind = kind, .children = std::move(children)}; }

// -learning_rate |g|^2; of another rule the sum of gradient times change over all parameters.
Expression foretold(const StepOutcome& outcome) {
  using Kind = Expression::Kind;
  if (outcome.is_plain_sgd) {
    auto square = of(Kind::power, {named("g_norm"), {.kind = Kind::number, .value = 2}});
    return of(Kind::negate, {of(Kind::multiply, {named("learning_rate"), std::move(square)})});
  }
  auto change = of(Kind::subtract, {named("theta_new"), named("theta")});
  auto sum = of(Kind::sum, {of(Kind::multiply, {named("dL/dtheta"), std::move(change)})});
  sum.text = "j";
  return sum;
}

}  // namespace

void Page::fill_notation() {
  section("Notation");
  PageTable notation{.headings = {"symbol", "meaning", "shape", "value"}, .rows = {}, .is_notation = true};
  for (const auto& given : derivation_.givens) {
    const bool in_words = is_long(given.value, options_.most_entries) || (given.value.count() > 1 && is_zero(given.value));
    auto value = in_words ? Cell::words(largest_as_text(given.value)) : Cell::of(given.id, given.value);
    notation.rows.push_back({Cell::symbol(given.id), Cell::words(given.meaning),
                             Cell::words(given.value.shape().rank() == 0 ? "number" : extents(given.value)), std::move(value)});
  }
  table(notation);
  if (const auto text = signs(derivation_); !text.empty()) paragraph(Tone::note, text);
}

void Page::fill_shares(const std::string& id, const Tensor& shares) {
  const auto rows = shares.shape()[0];
  paragraph(Tone::plain, "Each row's share of " + unicode_symbol(id) + ":");
  PageTable listed{.headings = {"row", "share"}, .rows = {}};
  for (std::int64_t row = 0; row < std::min(rows, kRowsShown); ++row) {
    const auto share = row_of(shares, row);
    listed.rows.push_back({Cell::words(std::to_string(row + 1)),
                           is_long(share, options_.most_entries) ? Cell::words(largest_as_text(share)) : Cell::of(id, share)});
  }
  if (rows > kRowsShown) listed.rows.push_back({Cell::words("…"), Cell::words(fmt::format("{} more rows", rows - kRowsShown))});
  table(listed);
}

// The names of the cells, of the first row in a batch.
void Page::fill_cells(const Tensor& raw) {
  const auto cells = std::min<std::int64_t>({raw.count(), static_cast<std::int64_t>(derivation_.columns.size()), kCellsShown});
  PageTable listed{.headings = {"column", derivation_.is_batch ? "cell of the first row" : "cell"}, .rows = {}};
  for (std::int64_t i = 0; i < cells; ++i) {
    const auto& column = derivation_.columns[static_cast<std::size_t>(i)];
    listed.rows.push_back({Cell::words(column.name), column.cell.empty() ? Cell::number(raw.at(i)) : Cell::words(column.cell)});
  }
  table(listed);
}

void Page::fill_rules(const Tensor& x) {
  PageTable listed{.headings = {"column", derivation_.is_batch ? "cell of the first row" : "cell", "rule", "becomes"}, .rows = {}};
  std::int64_t next = 0;
  for (const auto& column : derivation_.columns) {
    if (listed.rows.size() == static_cast<std::size_t>(kCellsShown)) break;
    Tensor entries(column.features == 1 ? Shape{} : Shape{column.features}, DType::f64);
    for (std::int64_t i = 0; i < column.features; ++i) entries.set(i, x.at(next + i));
    const auto places = column.features == 1 ? fmt::format("x[{}]", next + 1) : fmt::format("x[{}] to x[{}]", next + 1, next + column.features);
    next += column.features;
    listed.rows.push_back({Cell::words(column.name), Cell::words(column.cell), Cell::words(column.rule),
                           Cell::words(places + " = " + text_value(entries, numbers()))});
  }
  table(listed);
}

void Page::fill_contributions(const Contributions& c) {
  // Of a layer of one unit the weights are a matrix of one row.
  const auto bracket = c.sum.find('[');
  const auto unit = bracket == std::string::npos ? "1" : c.sum.substr(bracket + 1, c.sum.size() - bracket - 2);
  const auto shown = static_cast<std::int64_t>(c.largest.size());
  const bool is_one_of_many = shown == 1 && c.terms > 1;
  const auto which = is_one_of_many   ? fmt::format("Term {} of the {}", c.largest[0].index, c.terms)
                     : shown < c.terms ? fmt::format("The largest of the {} terms", c.terms)
                                       : fmt::format("The {}", c.terms == 1 ? "term" : fmt::format("{} terms", c.terms));
  paragraph(Tone::plain, which + " of " + unicode_symbol(c.sum) + ":");
  PageTable terms{.headings = {"j", unicode_symbol(c.weight) + "[" + unit + ",j]", unicode_symbol(c.input) + "[j]", "product"}, .rows = {}};
  for (const auto& term : c.largest) {
    terms.rows.push_back({Cell::words(std::to_string(term.index)), Cell::number(term.weight), Cell::number(term.input),
                          Cell::number(term.product)});
  }
  const auto add = [&](const std::string& what, double value) {
    terms.rows.push_back({Cell::words(what), Cell::words(""), Cell::words(""), Cell::number(value)});
  };
  if (shown < c.terms) add(counted(c.terms - shown, "other"), c.rest);
  add("bias", c.bias);
  add("sum", c.value);
  table(terms);
}

void Page::fill_parameters() {
  PageTable parameters{.headings = {"parameter", "before", "gradient", "after"}};
  std::string cut;
  for (const auto& given : derivation_.givens) {
    const auto *gradient = find("dL/d" + given.id), *after = find(parts_of(given.id).first + "_new" + parts_of(given.id).second);
    if (!is_parameter(given.id) || gradient == nullptr || after == nullptr) continue;
    const auto& before = given.value;
    if (gradient->count() != before.count() || after->count() != before.count()) continue;
    const bool whole = before.count() <= kEntriesShown;
    auto entries = largest_entries(*gradient, whole ? static_cast<std::size_t>(before.count()) : kLargestGradients);
    if (whole) std::ranges::sort(entries, {}, &Entry::index);
    for (const auto& entry : entries) {
      const auto offset = offset_of(entry, before.shape());
      parameters.rows.push_back({Cell::symbol(name_of(given.id, before, entry)), Cell::number(before.at(offset)),
                                 Cell::number(gradient->at(offset)), Cell::number(after->at(offset))});
    }
    if (!whole) cut += fmt::format("{}{} has {} entries", cut.empty() ? "" : ", ", unicode_symbol(given.id), before.count());
  }
  if (parameters.rows.empty()) return;
  section(derivation_.focus.empty() ? "Every parameter" : "Its parameters");
  table(parameters);
  if (!cut.empty()) paragraph(Tone::note, fmt::format("{}: of each, the {} with the largest gradients are shown.", cut, kLargestGradients));
}

void Page::fill_outcome() {
  const auto& outcome = derivation_.outcome;
  section("What the step did");
  const double change = outcome.loss_after - outcome.loss_before;
  const auto difference = of(Expression::Kind::subtract, {named("L_new"), named("L")});
  const auto rule = foretold(outcome);
  paragraph(Tone::plain, "The loss changed by");
  equation({.id = "change", .rule = &difference, .has_numbers = true, .value = Tensor::scalar(change, DType::f64)});
  paragraph(Tone::plain, outcome.is_plain_sgd ? "To first order, a step against the gradient g of all parameters together changes it by"
                                              : "To first order, the changes of all parameters θ together change it by");
  equation({.id = "foretold", .rule = &rule, .has_numbers = outcome.is_plain_sgd,
            .value = Tensor::scalar(outcome.foretold_change, DType::f64)});
  if (outcome.foretold_change == 0 || !std::isfinite(change)) return;
  const double ratio = change / outcome.foretold_change;
  constexpr double kNoBend = 0.002;
  paragraph(Tone::note, std::abs(ratio - 1) <= kNoBend
                            ? "The change is what the gradient foretold: along the step the loss is nearly straight."
                            : fmt::format("The change is {} times what the gradient foretold; along the step the loss is not straight.", display(ratio, 4)));
}

}  // namespace longhand
