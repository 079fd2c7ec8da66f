#include "explain/html_page.h"

#include <fmt/format.h>

#include <limits>

#include "base/text.h"

namespace longhand {
namespace {

// Formulas take the first of the fonts for mathematics that a system brings: TeX's, STIX (macOS, Linux),
// Cambria (Windows). Where a box can be scrolled, the side where more is hidden has a shade, which slides under
// a cover of the page's colour at the end.
constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark;
  --ink: #1b1f24; --soft: #5a6472; --paper: #ffffff; --wash: #f5f6f8; --line: #dadfe5;
  --ground: var(--paper); --shade: #0002; --accent: #1d5fb8; --good: #17734a; --bad: #b3261e; --warm: #a8501a; }
@media (prefers-color-scheme: dark) { :root {
  --ink: #e3e6ea; --soft: #9ba6b2; --paper: #14171b; --wash: #1c2026; --line: #343b44;
  --shade: #0009; --accent: #7fb2f5; --good: #62c794; --bad: #ff8f85; --warm: #eda066; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 50rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: anywhere; }
h1 { margin: 0 0 .5rem; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 2.75rem 0 1rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); font-size: 1.25rem; }
h3 { margin: 0; font-size: 1rem; font-weight: 600; }
p { margin: .5rem 0; }
a { color: var(--accent); text-decoration: none; }
a:hover, a:focus { text-decoration: underline; }
math { font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", "Libertinus Math", "STIXGeneral",
  "Noto Sans Math", math; font-size: 1.1em; }
mtable { width: max-content; } mtd { white-space: nowrap; }
.scroll { overflow-x: auto; max-width: 100%; background: no-repeat 0 / 2.5rem 100% local linear-gradient(90deg, var(--ground) 40%, #0000),
  no-repeat 100% / 2.5rem 100% local linear-gradient(-90deg, var(--ground) 40%, #0000),
  no-repeat 0 / .6rem 100% linear-gradient(90deg, var(--shade), #0000), no-repeat 100% / .6rem 100% linear-gradient(-90deg, var(--shade), #0000); }
table { border-collapse: collapse; font-size: .9375rem; overflow-wrap: normal; }
th, td { padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: middle; }
th { color: var(--soft); font-weight: 500; font-size: .8125rem; white-space: nowrap; }
.num { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.soft { color: var(--soft); } .good { color: var(--good); } .bad { color: var(--bad); } .warm { color: var(--warm); }
svg { display: block; max-width: 100%; height: auto; }
@media (max-width: 32rem) { body { padding: 1.25rem .9rem 3rem; } h1 { font-size: 1.4rem; } h2 { margin-top: 2rem; } }
@media print { :root { --ink: #000; --soft: #444; --paper: #fff; --wash: #fff; --line: #bbb; --accent: #000;
    --good: #064; --bad: #900; --warm: #730; }
  body { max-width: none; padding: 0; font-size: 10.5pt; } h2, h3 { break-after: avoid; }
  tr, svg { break-inside: avoid; } .scroll { overflow: visible; background: none; } a { color: inherit; } }
)";

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : printable(text, std::numeric_limits<std::size_t>::max())) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      case '\'': escaped += "&#39;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

std::string html_link_to(std::string_view id) {
  std::string link = "#";
  for (const char c : id) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          std::string_view("_-./").find(c) != std::string_view::npos;
    link += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return link;
}

std::string html_page(const std::string& title, const std::string& body, std::string_view more_style) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{}</title>\n<style>{}{}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
      html_escaped(title), kStyle, more_style, body);
}

}  // namespace longhand
