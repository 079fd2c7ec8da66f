#include <fmt/format.h>

#include "explain/grading_words.h"
#include "explain/numbers.h"
#include "explain/text_lines.h"

namespace longhand {
namespace {

class TextReport {
 public:
  TextReport(const Grading& grading, int width)
      : grading_(grading), width_(width), margin_(std::to_string(grading.claims.size()).size() + 3) {}

  std::string write(const Worksheet& worksheet) {
    out_ = wrapped("", "  ", fmt::format("{}, checked against {}", title_of(worksheet), checked_against(worksheet)), width_);
    for (std::size_t i = 0; i < grading_.claims.size(); ++i) append_claim(i);
    out_ += "\n" + wrapped("", "  ", counts_of(grading_) + ".", width_);
    for (std::size_t i = 0; i < grading_.claims.size(); ++i) append_slip(i);
    if (const auto unanswered = unanswered_words(grading_); !unanswered.empty()) out_ += wrapped("  ", "    ", unanswered, width_);
    return std::move(out_);
  }

 private:
  // The figure on the left, the verdict on the right of its line, or of one of its own.
  void append_heading(const std::string& number, const std::string& figure, const std::string& verdict) {
    constexpr int kLeastGap = 2;
    const std::string indent(margin_ + 2, ' ');
    auto lines = wrapped(std::string(margin_ - 1 - number.size(), ' ') + number + " ", indent, figure, width_);
    lines.pop_back();
    const auto last = lines.substr(lines.rfind('\n') + 1);
    const bool fits = columns(last) + kLeastGap + columns(verdict) <= width_;
    if (!fits) lines += "\n";
    const int used = (fits ? columns(last) : 0) + columns(verdict);
    out_ += lines + std::string(static_cast<std::size_t>(width_ - used), ' ') + verdict + "\n";
  }

  void append(const std::string& text, std::size_t more = 2) {
    const std::string indent(margin_ + more, ' ');
    out_ += wrapped(indent, indent, text, width_);
  }

  void append_claim(std::size_t number) {
    const auto& judged = grading_.claims[number];
    out_ += "\n";
    append_heading(std::to_string(number + 1), written_claim(judged.claim), std::string(name(judged.verdict)));
    if (!judged.claim.where.empty()) append(judged.claim.where, 0);
    const int digits = digits_beside(grading_, judged);
    if (judged.verdict != Verdict::correct) append(fmt::format("The true value is {}.", display(judged.true_value, digits)));
    if (has_working(judged)) append(sources_of(grading_, judged) + ": " + working_of(grading_, judged) + ".");
    for (const auto& remark : remarks_on(grading_, number)) append(remark);
  }

  void append_slip(std::size_t number) {
    if (grading_.claims[number].verdict != Verdict::wrong) return;
    out_ += wrapped("  ", "    ", correction_of(grading_, number), width_);
  }

  const Grading& grading_;
  const int width_;
  const std::size_t margin_;
  std::string out_;
};

}  // namespace

std::string write_text(const Grading& grading, const Worksheet& worksheet, int width) {
  return TextReport(grading, width).write(worksheet);
}

}  // namespace longhand
