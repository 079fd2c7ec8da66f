#include "report/markup.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "explain/html_page.h"

namespace longhand::report {

std::string section(const std::string& title, const std::string& html) {
  return fmt::format("<section>\n<h2>{}</h2>\n{}</section>\n", html_escaped(title), html);
}

std::string paragraph(const std::string& html, const std::string& css_class) {
  return css_class.empty() ? fmt::format("<p>{}</p>\n", html) : fmt::format("<p class=\"{}\">{}</p>\n", css_class, html);
}

std::string with_whole_flags(const std::string& html) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz-";
  std::string result;
  for (std::size_t at = 0; at < html.size();) {
    const auto begin = std::min(html.find(" --", at), html.size());
    result += html.substr(at, begin - at);
    if (begin == html.size()) break;
    at = std::min(html.find_first_not_of(kLetters, begin + 1), html.size());
    result += " <span class=\"whole\">" + html.substr(begin + 1, at - begin - 1) + "</span>";
  }
  return result;
}

std::string figure_of(const std::string& svg, const std::string& title, const std::string& caption, const std::vector<Key>& keys) {
  std::string key;
  for (const auto& one : keys) key += fmt::format("<span class=\"named\"><span class=\"key {}\"></span>{}</span> ", one.css_class, html_escaped(one.name));
  if (!key.empty()) key = "<p class=\"keys\">" + key + "</p>\n";
  return fmt::format("<figure>\n<h3>{}</h3>\n{}{}<figcaption>{}</figcaption>\n</figure>\n", html_escaped(title), key, svg, html_escaped(caption));
}

std::string figures(const std::vector<std::string>& all) {
  std::string html = "<div class=\"figures\">\n";
  for (const auto& one : all) html += one;
  return html + "</div>\n";
}

HtmlTable::HtmlTable(std::vector<std::string> headers) {
  for (auto& header : headers) {
    const bool is_number = header.starts_with('>'), is_words = header.starts_with('=');
    classes_.push_back(is_number ? " class=\"num\"" : is_words ? " class=\"words\"" : "");
    head_ += fmt::format("<th{}>{}</th>", classes_.back(), html_escaped(is_number || is_words ? header.substr(1) : header));
  }
}

void HtmlTable::row(const std::vector<std::string>& cells) {
  ++count_;
  rows_ += "<tr>";
  for (std::size_t i = 0; i < cells.size(); ++i) rows_ += fmt::format("<td{}>{}</td>", classes_[i], cells[i]);
  rows_ += "</tr>\n";
}

std::string HtmlTable::html() const {
  constexpr std::size_t kFewRows = 12;  // that stay on one page of paper
  return fmt::format("<div class=\"scroll{}\"><table>\n<thead>", count_ <= kFewRows ? " whole" : "") + "<tr>" + head_ + "</tr></thead>\n<tbody>\n" + rows_ + "</tbody>\n</table></div>\n";
}

}  // namespace longhand::report
