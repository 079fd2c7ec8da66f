#include "parity/formula.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string_view>

namespace longhand::testing {
namespace {

using Entry = std::function<double(double, double)>;

std::string shape_of(const Matrix& m) { return std::to_string(m.rows) + "x" + std::to_string(m.columns); }

Matrix number(double value) { return {1, 1, {value}}; }

// Entry by entry; a number goes with everything, and where `rows_repeat` a row with each row.
Matrix combine(const Matrix& a, const Matrix& b, bool rows_repeat, const Entry& entry) {
  const bool same = a.rows == b.rows && a.columns == b.columns;
  const bool repeats = rows_repeat && a.columns == b.columns && (a.rows == 1 || b.rows == 1);
  if (!same && !repeats && !a.is_scalar() && !b.is_scalar()) {
    throw FormulaError("entry by entry with " + shape_of(a) + " and " + shape_of(b));
  }
  Matrix result{std::max(a.rows, b.rows), std::max(a.columns, b.columns), {}};
  const auto at = [](const Matrix& m, std::size_t i, std::size_t j) {
    return m.entries[(m.rows == 1 ? 0 : i) * m.columns + (m.columns == 1 ? 0 : j)];
  };
  for (std::size_t i = 0; i < result.rows; ++i) {
    for (std::size_t j = 0; j < result.columns; ++j) result.entries.push_back(entry(at(a, i, j), at(b, i, j)));
  }
  return result;
}

Matrix mapped(Matrix m, double (*function)(double)) {
  for (auto& entry : m.entries) entry = function(entry);
  return m;
}

Matrix transposed(const Matrix& m) {
  Matrix result{m.columns, m.rows, {}};
  for (std::size_t j = 0; j < m.columns; ++j) {
    for (std::size_t i = 0; i < m.rows; ++i) result.entries.push_back(m.entries[i * m.columns + j]);
  }
  return result;
}

Matrix product(const Matrix& a, const Matrix& b) {
  if (a.is_scalar() || b.is_scalar()) return combine(a, b, false, std::multiplies<>());
  if (a.columns != b.rows) throw FormulaError("product of " + shape_of(a) + " and " + shape_of(b));
  Matrix result{a.rows, b.columns, {}};
  for (std::size_t i = 0; i < a.rows; ++i) {
    for (std::size_t j = 0; j < b.columns; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < a.columns; ++k) sum += a.entries[i * a.columns + k] * b.entries[k * b.columns + j];
      result.entries.push_back(sum);
    }
  }
  return result;
}

Matrix sum_over_rows(const Matrix& m) {
  Matrix result{1, m.columns, std::vector<double>(m.columns)};
  for (std::size_t i = 0; i < m.entries.size(); ++i) result.entries[i % m.columns] += m.entries[i];
  return result;
}

Matrix diagonal(const Matrix& m) {
  const auto n = m.entries.size();
  Matrix result{n, n, std::vector<double>(n * n)};
  for (std::size_t i = 0; i < n; ++i) result.entries[i * n + i] = m.entries[i];
  return result;
}

class Parser {
 public:
  Parser(std::string_view text, const std::map<std::string, Matrix>& symbols, bool batch)
      : all_(text), left_(text), symbols_(symbols), batch_(batch) {}

  Matrix parse() {
    auto value = choice();
    skip();
    if (!left_.empty()) fail("cannot read");
    return value;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw FormulaError(what + " at '" + std::string(left_) + "' in '" + std::string(all_) + "'");
  }

  void skip() {
    while (left_.starts_with(' ')) left_.remove_prefix(1);
  }

  bool comes(std::string_view token) {
    skip();
    return left_.starts_with(token);
  }

  bool take(std::string_view token) {
    if (!comes(token)) return false;
    left_.remove_prefix(token.size());
    return true;
  }

  void expect(std::string_view token) {
    if (!take(token)) fail("expected '" + std::string(token) + "'");
  }

  Matrix combined(const Matrix& a, const Matrix& b, const Entry& entry) const { return combine(a, b, batch_, entry); }

  // value if condition, else choice
  Matrix choice() {
    const auto yes = sum();
    if (!take("if ")) return yes;
    const auto condition = comparison();
    expect(", else ");
    const auto no = choice();
    const auto when = combined(condition, yes, [](double holds, double value) { return holds != 0 ? value : 0; });
    const auto otherwise = combined(condition, no, [](double holds, double value) { return holds != 0 ? 0 : value; });
    return combined(when, otherwise, std::plus<>());
  }

  Matrix comparison() {
    static const std::pair<const char*, Entry> kSigns[] = {
        {"≤", std::less_equal<>()}, {"≥", std::greater_equal<>()}, {"<", std::less<>()},
        {">", std::greater<>()},    {"=", std::equal_to<>()},      {"≠", std::not_equal_to<>()}};
    const auto a = sum();
    for (const auto& [sign, compare] : kSigns) {
      if (take(sign)) return combined(a, sum(), compare);
    }
    fail("expected a comparison");
  }

  Matrix sum() {
    auto value = take("-") ? product_of(number(-1), term()) : term();
    while (true) {
      if (take("+")) value = combined(value, term(), std::plus<>());
      else if (take("-")) value = combined(value, term(), std::minus<>());
      else return value;
    }
  }

  static Matrix product_of(const Matrix& a, const Matrix& b) { return product(a, b); }

  // Factors side by side, with ⊙, × or /. A sum sign takes in all that follows it in its term.
  Matrix term() {
    if (take("Σᵢⱼ")) return sum_over_rows(transposed(sum_over_rows(term())));
    if (take("Σᵢ")) return sum_over_rows(term());
    if (take("Σⱼ")) {
      const auto inner = term();
      return batch_ ? transposed(sum_over_rows(transposed(inner))) : sum_over_rows(inner);
    }
    auto value = power();
    while (true) {
      if (take("⊙") || take("×")) value = combined(value, power(), std::multiplies<>());
      else if (begins_factor()) value = product(value, comes("Σ") ? term() : power());
      else break;
    }
    if (!take("/")) return value;
    value = combined(value, power(), std::divides<>());
    if (comes("⊙") || comes("×") || comes("/") || begins_factor()) fail("what is divided is left open");
    return value;
  }

  bool begins_factor() {
    skip();
    if (left_.empty() || comes("if ") || comes("else ")) return false;
    static const std::vector<std::string_view> kEnds{"+", "-", ")", ",", "|", "≤", "≥", "<",
                                                     ">", "=", "≠", "/", "⊙", "×"};
    return std::ranges::none_of(kEnds, [&](auto end) { return left_.starts_with(end); });
  }

  Matrix power() {
    const bool is_derivative = comes("∂");
    auto value = atom();
    if (is_derivative && (comes("ᵀ") || comes("^"))) fail("what is raised is left open");
    while (true) {
      if (take("ᵀ")) value = transposed(value);
      else if (take("^")) value = combined(value, atom(), [](double a, double b) { return std::pow(a, b); });
      else return value;
    }
  }

  Matrix atom() {
    skip();
    if (take("(")) return closed(")");
    if (take("|")) return mapped(closed("|"), std::abs);
    if (take("√(")) return mapped(closed(")"), std::sqrt);
    if (!left_.empty() && left_[0] >= '0' && left_[0] <= '9') return literal();
    if (const auto name = function_name(); !name.empty()) return call(name);
    return symbol();
  }

  Matrix closed(std::string_view end) {
    auto value = choice();
    expect(end);
    return value;
  }

  Matrix literal() {
    std::size_t used = 0;
    const double value = std::stod(std::string(left_), &used);
    left_.remove_prefix(used);
    return number(value);
  }

  // The longest that fits: W₁′ is not W₁. Memory, m(W₁), is a symbol too.
  Matrix symbol() {
    const std::pair<const std::string, Matrix>* longest = nullptr;
    for (const auto& entry : symbols_) {
      if (left_.starts_with(entry.first) && (longest == nullptr || entry.first.size() > longest->first.size())) {
        longest = &entry;
      }
    }
    if (longest != nullptr) {
      left_.remove_prefix(longest->first.size());
      return longest->second;
    }
    if (take("e^")) {
      left_ = {left_.data() - 1, left_.size() + 1};
      return number(std::exp(1.0));
    }
    fail("no value for the symbol");
  }

  std::string function_name() const {
    std::size_t length = 0;
    while (length < left_.size() && ((left_[length] >= 'a' && left_[length] <= 'z') || left_[length] == '_')) ++length;
    if (length < 2 || length == left_.size() || left_[length] != '(') return "";
    return std::string(left_.substr(0, length));
  }

  Matrix call(const std::string& name) {
    left_.remove_prefix(name.size() + 1);
    std::vector<Matrix> arguments{choice()};
    while (take(",")) arguments.push_back(choice());
    expect(")");
    using Unary = double (*)(double);
    static const std::map<std::string, Unary> kUnary{
        {"log", [](double x) { return std::log(x); }},   {"tanh", [](double x) { return std::tanh(x); }},
        {"erf", [](double x) { return std::erf(x); }},   {"exp", [](double x) { return std::exp(x); }},
        {"sin", [](double x) { return std::sin(x); }},   {"cos", [](double x) { return std::cos(x); }}};
    if (const auto found = kUnary.find(name); found != kUnary.end() && arguments.size() == 1) {
      return mapped(arguments[0], found->second);
    }
    if (name == "max" && arguments.size() == 2) {
      return combined(arguments[0], arguments[1], [](double a, double b) { return std::max(a, b); });
    }
    if (name == "min" && arguments.size() == 2) {
      return combined(arguments[0], arguments[1], [](double a, double b) { return std::min(a, b); });
    }
    if (name == "diag" && arguments.size() == 1) return diagonal(arguments[0]);
    if (name == "softmax" && arguments.size() == 1) return softmax(arguments[0]);
    fail("unknown function '" + name + "'");
  }

  // Each e^z over the sum of its sample's.
  Matrix softmax(const Matrix& z) const {
    const auto powers = mapped(batch_ ? z : transposed(z), std::exp);
    auto result = powers;
    for (std::size_t i = 0; i < result.entries.size(); ++i) {
      double total = 0;
      for (std::size_t j = 0; j < result.columns; ++j) total += powers.entries[i / result.columns * result.columns + j];
      result.entries[i] /= total;
    }
    return batch_ ? result : transposed(result);
  }

  std::string_view all_, left_;
  const std::map<std::string, Matrix>& symbols_;
  bool batch_;
};

}  // namespace

Matrix value_of_formula(const std::string& formula, const std::map<std::string, Matrix>& symbols, bool batch) {
  const auto equals = formula.find(" = ");
  if (equals == std::string::npos) throw FormulaError("no equals sign in '" + formula + "'");
  return Parser(std::string_view(formula).substr(equals + 3), symbols, batch).parse();
}

}  // namespace longhand::testing
