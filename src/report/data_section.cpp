// What the table was.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.h"
#include "explain/html_page.h"
#include "report/assessment.h"
#include "report/cells.h"
#include "report/markup.h"
#include "report/plot.h"
#include "report/words.h"

namespace longhand::report {
namespace {

constexpr std::size_t kMostColumns = 40;
constexpr std::size_t kMostBars = 12;

std::string range_text(std::vector<double> values) {
  std::ranges::sort(values);
  return fmt::format("{} – <b>{}</b> – {}", figure(values.front()), figure(values[values.size() / 2]), figure(values.back()));
}

// The most frequent texts with their shares.
std::string frequent_text(const Column& column, std::vector<std::int64_t>& counts) {
  std::vector<std::int64_t> by_code(column.texts().size());
  for (const auto code : column.codes()) ++by_code[static_cast<std::size_t>(code)];
  std::vector<std::pair<std::int64_t, std::size_t>> order;
  for (std::size_t code = 0; code < by_code.size(); ++code) {
    if (by_code[code] > 0) order.emplace_back(by_code[code], code);
  }
  std::ranges::stable_sort(order, std::greater(), &std::pair<std::int64_t, std::size_t>::first);
  std::vector<std::string> shown;
  for (const auto& [count, code] : order) {
    if (counts.size() < kMostBars) counts.push_back(count);
    shown.push_back(fmt::format("{} {}", html_escaped(printable(column.texts()[code], 20)), percent(static_cast<double>(count) / static_cast<double>(column.rows()), 50)));
  }
  return listed(shown, 3);
}

}  // namespace

std::string data_section(const Assessment& all) {
  const auto& table = *all.table;
  const auto& target = all.target();
  std::vector<std::string> order{target.name}, unused;
  for (const auto& one : all.importance) order.push_back(one.column);
  for (const auto& column : table.columns()) {
    if (std::ranges::find(order, column.name()) == order.end()) unused.push_back(column.name());
  }
  const auto hidden = order.size() > kMostColumns ? order.size() - kMostColumns : 0;
  order.resize(order.size() - hidden);
  order.insert(order.end(), unused.begin(), unused.begin() + static_cast<std::ptrdiff_t>(std::min(unused.size(), kMostColumns)));

  HtmlTable rows({"Column", "Kind", ">Missing", "Least – median – greatest, or the most frequent", "Spread"});
  for (const auto& name : order) {
    const auto& column = table.column(name);
    const auto cells = cells_of(table, name);
    const auto present = cells.present();
    std::vector<std::int64_t> counts;
    std::string range = "–";
    if (cells.are_numbers && !present.empty()) {
      range = range_text(present);
      counts = histogram(present).counts;
    } else if (!cells.are_numbers) {
      range = frequent_text(column, counts);
    }
    const auto role = name == target.name ? " <span class=\"soft\">(target)</span>" : std::ranges::find(unused, name) != unused.end() ? " <span class=\"soft\">(not used)</span>" : "";
    rows.row({html_escaped(printable(name, 40)) + role, cells.are_numbers ? "number" : "text", cells.missing() == 0 ? "<span class=\"soft\">0</span>" : with_commas(static_cast<std::int64_t>(cells.missing())),
              range, counts.empty() ? "" : sparkline(counts, "Spread of " + name)});
  }
  std::string html = paragraph(html_escaped(fmt::format("{}: {}, {}{}.", printable(table.name()), counted(table.rows(), "row"), counted(static_cast<std::int64_t>(table.columns().size()), "column"),
                                                        all.options->left_out.empty() ? "" : ", without " + listed(all.options->left_out))));
  html += rows.html();
  if (hidden > 0) html += paragraph(fmt::format("The {} columns that matter least are not shown.", hidden), "soft small");
  return section("The data", html);
}

}  // namespace longhand::report
