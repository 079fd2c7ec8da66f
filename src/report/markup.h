// Pieces of a page. What is named html is markup already; the rest is text and is escaped.
#pragma once

#include <string>
#include <vector>

namespace longhand::report {

std::string section(const std::string& title, const std::string& html);
std::string paragraph(const std::string& html, const std::string& css_class = {});

/// The same, in which no line ends within a flag such as --weight-decay.
std::string with_whole_flags(const std::string& html);

/// A plot with its caption, and in it a key of named colours where there is one.
struct Key {
  std::string css_class, name;
};
std::string figure_of(const std::string& svg, const std::string& title, const std::string& caption, const std::vector<Key>& keys = {});
/// Plots side by side where there is room.
std::string figures(const std::vector<std::string>& all);

/// A table that scrolls where it is too wide. Cells are HTML.
class HtmlTable {
 public:
  /// A column whose header begins with '>' has figures, flush right; with '=' sentences, which need room.
  explicit HtmlTable(std::vector<std::string> headers);
  void row(const std::vector<std::string>& cells);
  std::string html() const;

 private:
  std::vector<std::string> classes_;
  std::string rows_, head_;
  std::size_t count_ = 0;
};

}  // namespace longhand::report
