#include "explain/focus.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>

#include "base/text.h"
#include "explain/notes.h"
#include "explain/numbers.h"
#include "explain/layer_terms.h"
#include "explain/render.h"
#include "explain/select.h"

namespace longhand {
namespace {

struct Place {
  std::string layer;
  std::int64_t unit = 0;
  std::optional<std::int64_t> input;
};

// "fc1[3,7]" -> fc1, 2, 6.
Place parse(const std::string& focus) {
  const auto bad = [&] {
    return ArgumentError("focus '" + focus + "' is not like fc1[3], a neuron, or fc1[3,7], a weight, counted from 1");
  };
  const auto open = focus.rfind('[');
  if (open == std::string::npos || open == 0 || !focus.ends_with("]")) throw bad();
  Place place{.layer = focus.substr(0, open), .input = {}};
  const char* at = focus.data() + open + 1;
  const char* end = focus.data() + focus.size() - 1;
  const auto number = [&] {
    std::int64_t value = 0;
    const auto [stop, error] = std::from_chars(at, end, value);
    if (error != std::errc() || value < 1) throw bad();
    at = stop;
    return value - 1;
  };
  place.unit = number();
  if (at != end) {
    if (*at != ',') throw bad();
    ++at;
    place.input = number();
  }
  if (at != end) throw bad();
  return place;
}

class Focus {
 public:
  using Check = std::function<GradientCheck(const std::string&, std::int64_t)>;

  Focus(const Derivation& whole, const std::string& focus, int digits, const Check& check)
      : whole_(whole), place_(parse(focus)), digits_(digits), check_(check) {
    for (const auto& given : whole.givens) {
      values_[given.id] = given.value;
      meanings_[given.id] = given.meaning;
    }
    for (const auto& step : whole.steps) {
      values_[step.id] = step.value;
      meanings_[step.id] = step.title;
    }
    find_layer();
  }

  Derivation derive() {
    for (const auto& step : whole_.steps) {
      if (const auto selection = kept(step)) add(step, *selection);
      // The head and the loss may need all of the last layer.
      if (step.id == layer().z && is_last() && layer().units > 1) add(step, {});
    }
    Derivation result{.givens = givens(), .steps = std::move(steps_), .layers = whole_.layers, .outcome = whole_.outcome,
                      .columns = whole_.columns,
                      .focus = place_.input ? fmt::format("{}[{},{}]", place_.layer, place_.unit + 1, *place_.input + 1)
                                            : fmt::format("{}[{}]", place_.layer, place_.unit + 1)};
    return result;
  }

 private:
  const DrawnLayer& layer() const { return whole_.layers[layer_]; }
  bool is_last() const { return layer_ + 1 == whole_.layers.size(); }

  void find_layer() {
    const auto found = std::ranges::find(whole_.layers, place_.layer, &DrawnLayer::name);
    if (found == whole_.layers.end()) {
      std::string names;
      for (const auto& other : whole_.layers) names += (names.empty() ? "" : ", ") + other.name;
      throw ArgumentError(fmt::format("focus: no linear layer '{}' (there are {})", place_.layer, names));
    }
    layer_ = static_cast<std::size_t>(found - whole_.layers.begin());
    if (place_.unit >= layer().units) {
      throw ArgumentError(fmt::format("focus: {} has {}, not {}", place_.layer, counted(layer().units, "unit"), place_.unit + 1));
    }
    const auto inputs = values_.at(layer().weight).shape()[1];
    if (place_.input && *place_.input >= inputs) {
      throw ArgumentError(fmt::format("focus: {} has {}, not {}", place_.layer, counted(inputs, "input"), *place_.input + 1));
    }
    find_chain();
  }

  // What the neuron's own entries are followed through: from z to the layer's output, or to what
  // mixes the entries again.
  void find_chain() {
    bool is_inside = false;
    for (const auto& step : whole_.steps) {
      if (step.pass != "forward") continue;
      if (step.id == layer().z) is_inside = true;
      else if (is_inside && (step.id == "y_hat" || step.id.starts_with("z") || step.title.ends_with("softmax"))) break;
      if (is_inside) chain_.insert(step.id);
    }
  }

  // The part of a step that the neuron or weight takes part in; nothing where it takes none.
  std::optional<Selection> kept(const DerivationStep& step) const {
    const Selection unit{place_.unit, Selection::kAll}, all{};
    const auto& id = step.id;
    if (step.pass == "input") {
      const bool is_weighed = layer_ == 0 && place_.input && (id == "x" || id == "raw");
      if (!is_weighed) return all;
      return Selection{id == "raw" ? column_of(*place_.input) : *place_.input, Selection::kAll};
    }
    if (step.pass == "loss" || step.pass == "after") return all;
    if (step.pass == "forward") {
      if (chain_.contains(id)) return unit;
      return is_behind(id) ? std::optional(all) : std::nullopt;
    }
    if (step.pass == "update") return kept_of_parameter(parameter_of_update(id));
    if (id.starts_with("dL/d")) {
      const auto of = id.substr(4);
      if (of == "x") return std::nullopt;
      if (chain_.contains(of)) return unit;
      if (whole_.layers[layer_].weight == of || whole_.layers[layer_].bias == of) return kept_of_parameter(of);
      return is_behind(of) ? std::optional(all) : std::nullopt;
    }
    // A slope: d(of)/d(by).
    const auto slash = id.find("/d");
    const auto of = id.substr(1, slash - 1), by = id.substr(slash + 2);
    if (chain_.contains(of) && chain_.contains(by)) return unit;
    return is_behind(of) || chain_.contains(of) ? std::optional(all) : std::nullopt;
  }

  // The column of the table that an entry of x comes from.
  std::int64_t column_of(std::int64_t entry) const {
    std::int64_t column = 0;
    for (const auto& read : whole_.columns) {
      if (entry < read.features) break;
      entry -= read.features;
      ++column;
    }
    return whole_.columns.empty() ? entry : column;
  }

  std::optional<Selection> kept_of_parameter(const std::string& id) const {
    if (id == layer().weight) return Selection{place_.unit, place_.input.value_or(Selection::kAll)};
    if (id == layer().bias && !place_.input) return Selection{place_.unit, Selection::kAll};
    return std::nullopt;
  }

  // "m_hat_W1" -> "W1", "b1_new" -> "b1".
  std::string parameter_of_update(const std::string& id) const {
    if (id.ends_with("_new")) return id.substr(0, id.size() - 4);
    const auto dash = id.rfind('_');
    return dash == std::string::npos ? std::string() : id.substr(dash + 1);
  }

  // Whether the forward step comes after the neuron's own.
  bool is_behind(const std::string& id) const {
    bool met = false;
    for (const auto& step : whole_.steps) {
      if (step.pass != "forward") continue;
      if (step.id == id) return met && !chain_.contains(id);
      met = met || chain_.contains(step.id);
    }
    return false;
  }

  void add(const DerivationStep& step, Selection selection) {
    DerivationStep part = step;
    part.id = selected_name(step.id, step.value, selection);
    part.value = select(step.value, selection);
    part.contributions.clear();
    const bool is_part = part.value.count() != step.value.count() || part.id != step.id;
    if (is_part) part.short_form.reset();
    if (is_part && step.title == "slope of relu") part.note = relu_note(part.value);
    if (is_part && step.expression == nullptr) {
      // A cell of the table, or what became of one.
      const auto column = static_cast<std::size_t>(step.id == "x" ? column_of(selection.row) : selection.row);
      const auto name = column < whole_.columns.size() ? " of " + whole_.columns[column].name : std::string();
      part.formula = unicode_symbol(part.id) + " = " + (step.id == "x" ? "from the cell" : "the cell") + name;
      if (step.id == "x" && column < whole_.columns.size()) part.note = whole_.columns[column].rule;
      part.substituted = display(part.value, digits_);
      values_[part.id] = part.value;
    } else if (is_part) {
      auto expression = select(*step.expression, selection, values_);
      part.formula = unicode_symbol(part.id) + " = " + render_text(expression);
      part.latex = latex_symbol(part.id) + " = " + render_latex(expression);
      part.substituted = render_numbers(expression, values_, digits_);
      part.uses = names_in(expression);
      part.expression = std::make_shared<const Expression>(std::move(expression));
      values_[part.id] = part.value;
    }
    if (step.id == "L_new") std::erase_if(part.uses, [&](const auto& use) { return use != "x" && use != "y" && !names_.contains(use); });
    if (step.id == layer().z && is_part) {
      part.contributions = {contributions_to(layer(), place_.unit, values_)};
    } else if (!is_last() && step.id == whole_.layers[layer_ + 1].z) {
      part.contributions = given_on();
    }
    if (step.id.starts_with("dL/d")) {
      part.check = is_part ? check_of_part(step, selection) : check_(step.id, -1);
    }
    names_.insert(part.id);
    steps_.push_back(std::move(part));
  }

  // Of one entry, or of the first of a row.
  GradientCheck check_of_part(const DerivationStep& step, Selection selection) const {
    constexpr std::int64_t kMostEntries = 100;
    if (const auto entry = selected_entry(step.value, selection); entry >= 0) return check_(step.id, entry);
    const auto columns = step.value.shape()[1];
    GradientCheck all;
    for (std::int64_t j = 0; j < std::min(columns, kMostEntries); ++j) {
      const auto one = check_(step.id, selection.row * columns + j);
      all.entries += one.entries;
      all.left_out += one.left_out;
      all.kink = all.kink || one.kink;
      // Written so that NaN counts as the worst.
      if (one.entries > 0 && !(one.relative_error <= all.relative_error)) all.relative_error = one.relative_error;
    }
    return all;
  }

  // What the neuron adds to each unit of the next layer, the most first.
  std::vector<Contributions> given_on() const {
    constexpr std::size_t kMostUnits = 5;
    const auto& next = whole_.layers[layer_ + 1];
    std::vector<Contributions> result;
    for (std::int64_t unit = 0; unit < next.units; ++unit) {
      auto sum = contributions_to(next, unit, values_);
      const double weight = values_.at(next.weight).at(unit * layer().units + place_.unit);
      const double input = values_.at(layer().output).at(place_.unit);
      sum.rest = sum.value - sum.bias - weight * input;
      sum.largest = {{place_.unit + 1, weight, input, weight * input}};
      result.push_back(std::move(sum));
    }
    std::ranges::stable_sort(result, std::ranges::greater(), [](const auto& sum) { return sort_size(sum.largest[0].product); });
    if (result.size() > kMostUnits) result.resize(kMostUnits);
    return result;
  }

  // All that the steps use and that is no step itself.
  std::vector<Given> givens() const {
    std::vector<Given> result;
    std::set<std::string> listed;
    for (const auto& step : steps_) {
      for (const auto& use : step.uses) {
        if (names_.contains(use) || !listed.insert(use).second) continue;
        const auto meaning = meanings_.find(use.substr(0, use.find('[')));
        result.push_back({use, meaning == meanings_.end() ? "" : meaning->second, values_.at(use)});
      }
    }
    return result;
  }

  const Derivation& whole_;
  const Place place_;
  const int digits_;
  const Check& check_;
  std::size_t layer_ = 0;
  std::set<std::string> chain_, names_;    // names_: the ids of steps_
  std::map<std::string, Tensor> values_;
  std::map<std::string, std::string> meanings_;
  std::vector<DerivationStep> steps_;
};

}  // namespace

Derivation focus_on(const Derivation& whole, const std::string& focus, int digits, const Focus::Check& check) {
  if (whole.is_batch) throw ArgumentError("a focus is on one sample, not on a batch");
  return Focus(whole, focus, digits, check).derive();
}

}  // namespace longhand
