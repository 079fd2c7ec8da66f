#include "explain/numbers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/nested_list.h"

namespace longhand {
namespace {

// More entries than this on an axis are cut short.
constexpr std::int64_t kMostShown = 10;

constexpr std::uint64_t kBlank = 0x7FF8'0000'626C'616E;

template <class Write>
std::string rows_joined(const Tensor& tensor, const std::string& between, Write write) {
  std::string text;
  for (std::int64_t i = 0; i < tensor.shape()[0]; ++i) text += (i > 0 ? between : "") + write(row_of(tensor, i));
  return text;
}

// What stands between the entries of a matrix; a vector is a column.
struct Cells {
  std::string cell, row;

  template <class Write>
  std::string joined(const Tensor& tensor, Write write) const {
    const auto columns = tensor.shape().rank() == 2 ? tensor.shape()[1] : 1;
    std::string text;
    for (std::int64_t i = 0; i < tensor.count(); ++i) {
      if (i > 0) text += i % columns == 0 ? row : cell;
      text += write(tensor.at(i));
    }
    return text;
  }
};

}  // namespace

double blank() { return std::bit_cast<double>(kBlank); }
bool is_blank(double value) { return std::bit_cast<std::uint64_t>(value) == kBlank; }

std::string display(double value, int digits) {
  if (is_blank(value)) return "____";
  if (std::isnan(value)) return "undefined";
  if (std::isinf(value)) return value > 0 ? "∞" : "-∞";
  if (value == 0) return "0";
  auto text = fmt::format("{:.{}g}", value, digits);
  // A probability that is nearly 1 must not look like 1, by which a reader would divide 1 - y by 0.
  for (int more = digits + 1; (text == "1" || text == "-1") && std::abs(value) < 1 && more < 17; ++more) {
    if (fmt::format("{:.{}g}", std::abs(value), more) != "1") text = fmt::format("{:.{}g}", value, more + 1);
  }
  // 1.3e+06 for a number whose digits all stand before the point reads worse than 1300000.
  if (text.find('e') != std::string::npos && std::abs(value) >= 1 && std::abs(value) < 1e7) {
    text = fmt::format("{:.0f}", value);
  }
  return text;
}

std::vector<std::int64_t> shown_indices(std::int64_t extent) {
  if (extent > kMostShown) return {0, 1, 2, -1, extent - 2, extent - 1};
  std::vector<std::int64_t> indices(static_cast<std::size_t>(extent));
  std::iota(indices.begin(), indices.end(), std::int64_t{0});
  return indices;
}

bool is_long(std::int64_t extent) { return extent > kMostShown; }

bool is_long(const Tensor& tensor, std::int64_t most_entries) {
  return tensor.count() > most_entries || std::ranges::any_of(tensor.shape().extents(), [](std::int64_t extent) { return is_long(extent); });
}

std::string extents(const Tensor& tensor) {
  return fmt::format("{}", fmt::join(tensor.shape().extents(), "×"));
}

Tensor row_of(const Tensor& tensor, std::int64_t row) {
  Tensor result(tensor.shape().without_axis(0), DType::f64);
  for (std::int64_t i = 0; i < result.count(); ++i) result.set(i, tensor.at(row * result.count() + i));
  return result;
}

double sort_size(double value) {
  return std::isnan(value) ? std::numeric_limits<double>::infinity() : std::abs(value);
}

std::vector<Entry> largest_entries(const Tensor& tensor, std::size_t most) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(tensor.count()));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  const auto kept = static_cast<std::ptrdiff_t>(std::min(most, order.size()));
  std::ranges::partial_sort(order, order.begin() + kept, [&](auto a, auto b) {
    const double left = sort_size(tensor.at(a)), right = sort_size(tensor.at(b));
    return left != right ? left > right : a < b;
  });
  std::vector<Entry> entries;
  for (auto at = order.begin(); at != order.begin() + kept; ++at) {
    Entry entry{.index = {}, .value = tensor.at(*at)};
    auto offset = *at;
    for (auto axis = tensor.shape().rank(); axis-- > 0;) {
      entry.index.insert(entry.index.begin(), offset % tensor.shape()[axis] + 1);
      offset /= tensor.shape()[axis];
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::string display(const Tensor& tensor, int digits) {
  return nested_list(tensor.shape(), [&](std::int64_t i) { return display(tensor.at(i), digits); }, shown_indices);
}

std::string display_latex(double value, int digits) {
  if (is_blank(value)) return "\\underline{\\vphantom{\\Big(}\\qquad\\qquad\\quad}";  // 18 mm and more, to write in
  if (std::isnan(value)) return "\\text{undefined}";
  if (std::isinf(value)) return value > 0 ? "\\infty" : "-\\infty";
  const auto text = display(value, digits);
  const auto e = text.find('e');
  if (e == std::string::npos) return text;
  return text.substr(0, e) + " \\cdot 10^{" + std::to_string(std::stoi(text.substr(e + 1))) + "}";
}

std::string display_latex(const Tensor& tensor, int digits, std::int64_t most_entries) {
  const auto& shape = tensor.shape();
  if (shape.rank() == 0) return display_latex(tensor.at(0), digits);
  if (is_long(tensor, most_entries)) return fmt::format("[{}]", fmt::join(shape.extents(), " \\times "));
  if (shape.rank() > 2) {
    return "\\left(" + rows_joined(tensor, ", ", [&](const Tensor& row) { return display_latex(row, digits); }) + "\\right)";
  }
  const Cells cells{.cell = " & ", .row = " \\\\ "};
  return "\\begin{bmatrix} " +
         cells.joined(tensor, [&](double value) { return display_latex(value, digits); }) + " \\end{bmatrix}";
}

std::string display_mathml(double value, int digits) {
  if (is_blank(value)) return "<mtext class=\"blank\">____</mtext>";
  if (std::isnan(value)) return "<mtext>undefined</mtext>";
  const std::string sign = value < 0 ? "<mo>−</mo>" : "";
  auto text = display(std::abs(value), digits);
  const auto e = text.find('e');
  if (e != std::string::npos) {
    text = fmt::format("<mn>{}</mn><mo>·</mo><msup><mn>10</mn>{}</msup>", text.substr(0, e),
                       display_mathml(std::stoi(text.substr(e + 1)), digits));
  } else {
    text = (std::isinf(value) ? "<mi>" : "<mn>") + text + (std::isinf(value) ? "</mi>" : "</mn>");
  }
  return sign.empty() && e == std::string::npos ? text : "<mrow>" + sign + text + "</mrow>";
}

std::string display_mathml(const Tensor& tensor, int digits, std::int64_t most_entries) {
  const auto& shape = tensor.shape();
  if (shape.rank() == 0) return display_mathml(tensor.at(0), digits);
  if (is_long(tensor, most_entries)) {
    return fmt::format("<mrow><mo>[</mo><mn>{}</mn><mo>]</mo></mrow>", fmt::join(shape.extents(), "</mn><mo>×</mo><mn>"));
  }
  if (shape.rank() > 2) {
    return "<mrow><mo>(</mo>" +
           rows_joined(tensor, "<mo>,</mo>", [&](const Tensor& row) { return display_mathml(row, digits); }) + "<mo>)</mo></mrow>";
  }
  const Cells cells{.cell = "</mtd><mtd>", .row = "</mtd></mtr><mtr><mtd>"};
  return "<mrow><mo>[</mo><mtable><mtr><mtd>" +
         cells.joined(tensor, [&](double value) { return display_mathml(value, digits); }) +
         "</mtd></mtr></mtable><mo>]</mo></mrow>";
}

}  // namespace longhand
