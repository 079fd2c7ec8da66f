#include "report/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "base/text.h"

namespace longhand::report {
namespace {

std::string with_minus(std::string text) {
  for (std::size_t at = 0; (at = text.find('-', at)) != std::string::npos; at += 3) text.replace(at, 1, "−");
  return text;
}

}  // namespace

std::string figure(double value) {
  if (std::isnan(value)) return "–";
  const double size = std::abs(value);
  if (size == 0) return "0";
  if (size >= 1e9 || size < 1e-4) return with_minus(fmt::format("{:.3g}", value));
  if (size >= 1000) return with_minus(with_commas(std::llround(value)));
  return with_minus(fmt::format("{:.4g}", value));
}

std::string fixed(double value, int decimals) {
  if (std::isnan(value)) return "–";
  const double rounded = std::abs(value) < 0.5 * std::pow(10, -decimals) ? 0 : value;  // never −0.00
  return with_minus(decimals == 0 ? with_commas(std::llround(rounded)) : fmt::format("{:.{}f}", rounded, decimals));
}

std::string file_name(std::string_view path) {
  const auto slash = path.find_last_of('/');
  return printable(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

std::string percent(double share, std::int64_t rows) {
  if (std::isnan(share)) return "–";
  const int decimals = rows < 100 ? 0 : rows < 100'000 ? 1 : 2;
  auto text = fmt::format("{:.{}f}", 100 * share, decimals);
  if (text.ends_with(".0") && (share == 0 || share == 1)) text.resize(text.size() - 2);
  return with_minus(text) + "%";
}

std::string listed(const std::vector<std::string>& names, std::size_t most) {
  std::string text;
  const auto shown = names.size() <= most + 1 ? names.size() : most;
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return shown == names.size() ? text : text + fmt::format(" and {} others", names.size() - shown);
}

std::string quoted(std::string_view name) {
  constexpr std::size_t kLongest = 60;
  return "“" + printable(name, kLongest) + "”";
}

std::string points(double difference) {
  return std::isnan(difference) ? "–" : fixed(100 * difference, 1) + " points";
}

std::string shell_word(std::string_view text) {
  const bool is_plain = !text.empty() && text.front() != '-' && std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) != 0 || c >= 0x80 || std::string_view("_-.:/+").find(static_cast<char>(c)) != std::string_view::npos; });
  if (is_plain) return std::string(text);
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

std::string list_argument(const std::string& name) {
  const auto column = printable(name, name.size());
  if (column.find(',') == std::string::npos && !column.starts_with('"')) return shell_word(column);
  std::string entry = "\"";
  for (const char c : column) entry += c == '"' ? std::string("\"\"") : std::string(1, c);
  return shell_word(entry + "\"");
}

MetricWords words_of(const std::string& metric, const TargetColumn& target) {
  const auto in_class = target.task == Task::binary ? quoted(target.classes[1]) : std::string();
  if (metric == "accuracy") return {"Accuracy", "the share of rows that are right", true};
  if (metric == "auc") {
    return {"AUC", fmt::format("of two rows, one of them {}, how often that one gets the higher probability; 0.5 is chance", in_class), false};
  }
  if (metric == "log_loss") return {"Log loss", "how far the probabilities are from what came true; confident errors count most", false};
  if (metric == "f1") return {"F1", fmt::format("of {}: the balance of finding all of them and being right about those found", in_class), false};
  if (metric == "f1_macro") return {"F1 (mean of classes)", "finding all rows of a class and being right about those found, each class counting the same", false};
  if (metric == "brier") return {"Brier score", "the mean squared distance of the probability from what came true", false};
  if (metric == "rmse") return {"Typical error (RMSE)", fmt::format("in the units of {}; large errors weigh more", quoted(target.name)), false};
  if (metric == "mae") return {"Mean absolute error", fmt::format("in the units of {}", quoted(target.name)), false};
  if (metric == "r2") return {"R²", fmt::format("the share of the ups and downs of {} that is foretold; 0 is as good as the mean", quoted(target.name)), false};
  return {metric, "", false};
}

std::string metric_text(const std::string& metric, double value, const TargetColumn& target, std::int64_t rows) {
  const auto words = words_of(metric, target);
  if (words.is_share) return percent(value, rows);
  if (metric == "rmse" || metric == "mae") return figure(value);
  return fixed(value, 3);
}

std::string metric_difference_text(const std::string& metric, double value, const TargetColumn& target, std::int64_t rows) {
  return words_of(metric, target).is_share ? points(value) : metric_text(metric, value, target, rows);
}

}  // namespace longhand::report
