// What every page of a worked example shows, and in which order. How it looks is the format's.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "explain/equation.h"
#include "longhand/explain.h"

namespace longhand {

/// A cell of a table.
struct Cell {
  enum class Kind : std::uint8_t { words, symbol, value };

  static Cell words(std::string text) { return {.text = std::move(text)}; }
  static Cell symbol(std::string id) { return {.kind = Kind::symbol, .text = std::move(id)}; }
  static Cell number(double number) { return of("", Tensor::scalar(number, DType::f64)); }
  /// A tensor; by its id a batch's vector lies or stands.
  static Cell of(std::string id, Tensor value) { return {Kind::value, std::move(id), std::move(value)}; }

  /// A single number, which stands flush right.
  bool is_figure() const { return kind == Kind::value && text.empty() && value.shape().rank() == 0; }

  Kind kind = Kind::words;
  std::string text;  ///< the words or an id
  Tensor value;
};

struct PageTable {
  std::vector<std::string> headings;
  std::vector<std::vector<Cell>> rows;
  bool is_notation = false;  ///< its symbols are what `uses` leads to
};

enum class Tone : std::uint8_t { plain, note, checked, caution };

/// The values of givens and steps.
std::map<std::string, Tensor> values_by_id(const Derivation& derivation);

/// A page being written from its head to its foot. Text that it is given is Unicode without markup.
class Page {
 public:
  Page(const Derivation& derivation, const WriteOptions& options);
  virtual ~Page() = default;
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;

  /// Writes the whole derivation.
  void fill();

 protected:
  virtual void title(const std::string& text) = 0;
  virtual void section(const std::string& heading) = 0;
  /// `shapes`: of the result, or of factors and result, "[2×2] · [2] → [2]"; empty for a number.
  virtual void begin_step(const DerivationStep& step, const std::string& shapes) = 0;
  virtual void end_step() {}
  virtual void equation(const Equation& equation) = 0;
  virtual void paragraph(Tone tone, const std::string& text) = 0;
  virtual void table(const PageTable& table) = 0;
  virtual void network() = 0;
  /// What the step at hand is worked out from.
  virtual void uses(const std::vector<std::string>&) {}

  /// Null where there is none of this id.
  const Tensor* find(const std::string& id) const;
  Numbers numbers() const;
  /// "largest: [3,7] -0.42, [1,1] 0.3".
  std::string largest_as_text(const Tensor& tensor) const;

  const Derivation& derivation_;
  const WriteOptions& options_;

 private:
  void fill_notation();
  void fill_step(const DerivationStep& step);
  void fill_equation(const std::string& id, const WrittenFormula& formula, const Tensor& value, bool has_finite_numbers);
  void fill_check(const GradientCheck& check, std::int64_t entries);
  void fill_shares(const std::string& id, const Tensor& shares);
  void fill_cells(const Tensor& raw);
  void fill_rules(const Tensor& x);
  void fill_contributions(const Contributions& contributions);
  void fill_parameters();
  void fill_outcome();

  std::map<std::string, Tensor> values_;
};

}  // namespace longhand
