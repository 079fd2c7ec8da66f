// What the table was.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_set>

#include "base/text.h"
#include "explain/html_page.h"
#include "report/assessment.h"
#include "report/cells.h"
#include "report/markup.h"
#include "report/plot.h"
#include "report/roles.h"
#include "report/words.h"

namespace longhand::report {
namespace {

constexpr std::size_t kMostColumns = 40;
constexpr std::size_t kMostBars = 12;

// The most frequent cells with their shares of those that are not missing.
std::string frequent_text(const Column& column, const Cells& cells, std::vector<std::int64_t>& counts) {
  std::map<double, std::pair<std::int64_t, std::size_t>> found;  // how many, and the first row
  std::unordered_set<std::string> unknown;
  std::int64_t all = 0;
  for (std::size_t row = 0; row < cells.values.size(); ++row) {
    if (std::isnan(cells.values[row])) continue;
    if (cells.values[row] == cells.unknown) unknown.insert(column.cell(row));
    ++found.try_emplace(cells.values[row], 0, row).first->second.first;
    ++all;
  }
  std::vector<std::pair<std::int64_t, std::size_t>> order;
  for (const auto& [value, one] : found) order.push_back(one);
  std::ranges::stable_sort(order, std::greater(), &std::pair<std::int64_t, std::size_t>::first);
  std::vector<std::string> shown;
  for (const auto& [count, row] : order) {
    if (counts.size() < kMostBars) counts.push_back(count);
    const bool are_others = cells.values[row] == cells.unknown && unknown.size() > 1;
    const auto name = are_others ? with_commas(static_cast<std::int64_t>(unknown.size())) + " others" : printable(column.cell(row), 20);
    shown.push_back(fmt::format("{} {}", html_escaped(name), percent(static_cast<double>(count) / static_cast<double>(all), 50)));
  }
  return listed(shown, 3);
}

std::string kind_text(const Assessment& all, const std::string& name, const Cells& cells) {
  const auto& target = all.target();
  if (name == target.name) return target.task == Task::regression ? "number" : "class";
  if (all.training != nullptr) {
    const auto profile = std::ranges::find(all.training->columns, name, &ColumnProfile::name);
    if (profile != all.training->columns.end()) return std::string(longhand::name(profile->kind));
  }
  const auto input = std::ranges::find(all.tested->inputs, name, &InputColumn::name);
  if (input != all.tested->inputs.end()) return std::string(longhand::name(input->kind));
  return cells.are_numbers ? "number" : "text";
}

// Least, median and greatest: of dates as dates.
std::string range_text(const Assessment& all, const std::string& name, std::vector<double> values) {
  std::ranges::sort(values);
  const auto input = std::ranges::find(all.tested->inputs, name, &InputColumn::name);
  const bool is_date = input != all.tested->inputs.end() && input->kind == ColumnKind::date;
  const auto text = [&](double value) { return html_escaped(is_date ? cell_text(*input, value) : figure(value)); };
  return fmt::format("{} – <b>{}</b> – {}", text(values.front()), text(values[values.size() / 2]), text(values.back()));
}

std::string role_text(const Assessment& all, const std::string& name) {
  auto role = name == all.target().name ? "target" : role_of(*all.model, name);
  const bool is_input = std::ranges::find(all.tested->inputs, name, &InputColumn::name) != all.tested->inputs.end();
  if (role.empty() && !is_input) role = "not used";
  return role.empty() ? std::string() : " <span class=\"soft\">(" + role + ")</span>";
}

}  // namespace

std::string data_section(const Assessment& all) {
  const auto& table = *all.table;
  const auto& target = all.target();
  std::vector<std::string> order{target.name}, unused;
  for (const auto& one : all.importance) order.push_back(one.column);
  std::unordered_set<std::string> known(order.begin(), order.end());
  for (const auto& input : all.tested->inputs) {
    if (known.insert(input.name).second) order.push_back(input.name);
  }
  for (const auto& column : table.columns()) {
    if (!known.contains(column.name())) unused.push_back(column.name());
  }
  const auto hidden = order.size() > kMostColumns ? order.size() - kMostColumns : 0;
  order.resize(order.size() - hidden);
  order.insert(order.end(), unused.begin(), unused.begin() + static_cast<std::ptrdiff_t>(std::min(unused.size(), kMostColumns)));

  HtmlTable rows({"Column", "Kind", ">Missing", "Least – median – greatest, or the most frequent", "Spread"});
  for (const auto& name : order) {
    const auto& column = table.column(name);
    auto cells = cells_of(*all.tested, table, name);
    if (name == target.name && target.task != Task::regression) cells.are_numbers = false;
    const auto present = cells.present();
    std::vector<std::int64_t> counts;
    std::string range = "–";
    if (cells.are_numbers && !present.empty()) {
      range = range_text(all, name, present);
      counts = histogram(present).counts;
    } else if (!cells.are_numbers) {
      range = frequent_text(column, cells, counts);
    }
    rows.row({html_escaped(printable(name, 40)) + role_text(all, name), html_escaped(kind_text(all, name, cells)), cells.missing() == 0 ? "<span class=\"soft\">0</span>" : with_commas(static_cast<std::int64_t>(cells.missing())),
              range, counts.empty() ? "" : sparkline(counts, "Spread of " + name)});
  }
  const auto drawn = all.is_of_sample() ? " drawn at random from " + with_commas(all.options->file_rows) : "";
  std::string html = paragraph(html_escaped(fmt::format("{}: {}{}, {}{}.", file_name(table.name()), counted(table.rows(), "row"), drawn, counted(static_cast<std::int64_t>(table.columns().size()), "column"),
                                                        all.options->left_out.empty() ? "" : ", without " + listed(all.options->left_out))));
  html += rows.html();
  if (hidden > 0) html += paragraph(fmt::format("The {} columns that matter least are not shown.", hidden), "soft small");
  return section("The data", html);
}

}  // namespace longhand::report
