#include <fmt/format.h>

#include <cmath>

#include "explain/numbers.h"
#include "explain/notation.h"
#include "longhand/explain.h"

namespace longhand {
namespace {

// Columns that UTF-8 text takes: combining marks take none.
int columns(std::string_view text) {
  int count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool combining = byte == 0xCC && i + 1 < text.size();
    if ((byte & 0xC0) != 0x80 && !combining) ++count;
  }
  return count;
}

// Appends `text`, broken at spaces so that no line is over `width`, with `indent` before the rest.
void append_wrapped(std::string& out, const std::string& first, const std::string& indent,
                    const std::string& text, int width) {
  std::string line = first;
  bool empty = true;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    auto end = text.find(' ', begin);
    if (end == std::string::npos) end = text.size();
    const auto word = text.substr(begin, end - begin);
    begin = end + 1;
    if (!empty && columns(line) + 1 + columns(word) > width) {
      out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
      line = indent;
      empty = true;
    }
    if (empty && word.empty()) continue;  // of several spaces, none begins a line
    line += (empty ? "" : " ") + word;
    empty = false;
  }
  out += line + "\n";
}

std::string heading(const std::string& pass) {
  if (pass == "input") return "The input";
  if (pass == "forward") return "Forward";
  if (pass == "loss") return "Loss";
  if (pass == "backward") return "Backward";
  if (pass == "update") return "Update";
  return "After the step";
}

void append_check(std::string& out, const GradientCheck& check, int width) {
  std::string text;
  if (check.entries == 0) {
    text = "not checked: every entry is at a kink";
  } else if (!std::isfinite(check.relative_error)) {
    text = "not checked: it is not finite";
  } else {
    text = fmt::format("checked: {} by central differences, relative error {:.1e}",
                       check.entries == 1 ? "1 entry" : fmt::format("{} entries", check.entries), check.relative_error);
    if (check.kink) text += "; others are at a kink";
  }
  append_wrapped(out, "      ", "      ", text, width);
}

}  // namespace

std::string write_text(const Derivation& derivation, const WriteOptions& options) {
  const auto [digits, width] = std::pair(options.digits, options.width);
  std::string out = "Given\n";
  for (const auto& given : derivation.givens) {
    append_wrapped(out, "  ", "      ", fmt::format("{} = {}", unicode_symbol(given.id), display(given.value, digits)) +
                   (given.meaning.empty() ? "" : "   (" + given.meaning + ")"), width);
  }
  std::string pass;
  for (const auto& step : derivation.steps) {
    if (step.pass != pass) {
      pass = step.pass;
      out += "\n" + heading(pass) + "\n";
    }
    out += "\n  " + step.title + "\n";
    append_wrapped(out, "    ", "        ", step.formula, width);
    const auto result = display(step.value, digits);
    if (step.id == "L_new") {
      append_wrapped(out, "      = ", "        ", result + "   (" + step.substituted + ")", width);
    } else {
      if (step.substituted != result) append_wrapped(out, "      = ", "        ", step.substituted, width);
      append_wrapped(out, "      = ", "        ", result, width);
    }
    if (!step.note.empty()) append_wrapped(out, "      ", "      ", step.note, width);
    if (step.check) append_check(out, *step.check, width);
  }
  return out;
}

}  // namespace longhand
