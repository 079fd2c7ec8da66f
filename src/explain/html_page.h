// The frame of every HTML report: one file without script, readable in light and dark, on a phone and
// in print. What is too wide for the page scrolls in a box of its own, <div class="scroll">.
#pragma once

#include <string>
#include <string_view>

namespace longhand {

/// Text between tags or in a quoted attribute, on one line: control characters and bytes that are not
/// UTF-8 as \n or \x1b.
std::string html_escaped(std::string_view text);

/// The fragment that leads to the element of this id: "#dL/dW2", "#z1%5B3%5D".
std::string html_link_to(std::string_view id);

/// A whole document. `body` is HTML, `title` plain text. `more_style` is CSS after the common rules, whose
/// colours are the variables --ink --soft --paper --wash --line --accent --good --bad --warm and whose
/// classes are scroll (what is wide), num (a cell of figures), soft, good, bad and warm (colours of text).
std::string html_page(const std::string& title, const std::string& body, std::string_view more_style = {});

}  // namespace longhand
