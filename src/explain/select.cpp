#include "explain/select.h"

#include <fmt/format.h>

namespace longhand {
namespace {

Expression select_name(Expression name, Selection selection, std::map<std::string, Tensor>& values) {
  const auto found = values.find(name.text);
  if (found == values.end()) return name;
  const auto text = selected_name(name.text, found->second, selection);
  auto part = select(found->second, selection);
  name.is_scalar = part.count() == 1;
  name.text = text;
  values.try_emplace(text, std::move(part));
  return name;
}

bool are_scalar(const std::vector<Expression>& children) {
  for (const auto& child : children) {
    if (!child.is_scalar) return false;
  }
  return true;
}

}  // namespace

Tensor select(const Tensor& tensor, Selection selection) {
  const auto& shape = tensor.shape();
  if (shape.rank() == 0 || tensor.count() == 1 || selection.is_all()) return tensor;
  const auto columns = shape.rank() == 2 ? shape[1] : 1;
  const auto one_row = selection.row != Selection::kAll, one_column = selection.column != Selection::kAll && shape.rank() == 2;
  Shape result;
  if (!one_row) result = result.with_axis(result.rank(), shape[0]);
  if (!one_column && shape.rank() == 2) result = result.with_axis(result.rank(), columns);
  if (result.count() == 1) result = Shape{};
  Tensor part(result, DType::f64);
  std::int64_t at = 0;
  for (std::int64_t i = one_row ? selection.row : 0; i < (one_row ? selection.row + 1 : shape[0]); ++i) {
    for (std::int64_t j = one_column ? selection.column : 0; j < (one_column ? selection.column + 1 : columns); ++j) {
      part.set(at++, tensor.at(i * columns + j));
    }
  }
  return part;
}

std::string selected_name(const std::string& id, const Tensor& tensor, Selection selection) {
  const auto rank = tensor.shape().rank();
  if (rank == 0 || (rank == 1 && tensor.count() == 1) || selection.is_all()) return id;
  const auto index = [](std::int64_t i) { return i == Selection::kAll ? std::string(":") : std::to_string(i + 1); };
  if (rank == 1) return selection.row == Selection::kAll ? id : fmt::format("{}[{}]", id, index(selection.row));
  return fmt::format("{}[{},{}]", id, index(selection.row), index(selection.column));
}

std::int64_t selected_entry(const Tensor& tensor, Selection selection) {
  if (tensor.count() == 1) return 0;
  if (selection.row == Selection::kAll) return -1;
  if (tensor.shape().rank() == 1) return selection.row;
  return selection.column == Selection::kAll ? -1 : selection.row * tensor.shape()[1] + selection.column;
}

Expression select(const Expression& expression, Selection selection, std::map<std::string, Tensor>& values) {
  using Term = Expression::Kind;
  if (selection.is_all()) return expression;
  Expression result = expression;
  switch (expression.kind) {
    case Term::name: return select_name(std::move(result), selection, values);
    case Term::number: case Term::sum: return result;
    case Term::product:
      result.children[0] = select(expression.children[0], {selection.row, Selection::kAll}, values);
      result.children[1] = select(expression.children[1], {Selection::kAll, selection.column}, values);
      result.is_scalar = selection.row != Selection::kAll && (selection.column != Selection::kAll || !expression.children[1].is_scalar);
      if (are_scalar(result.children)) result.kind = Term::multiply;
      return result;
    case Term::transpose:
      result.children[0] = select(expression.children[0], {selection.column, selection.row}, values);
      if (result.children[0].is_scalar) return std::move(result.children[0]);
      return result;
    case Term::negate: case Term::add: case Term::subtract: case Term::multiply: case Term::divide: case Term::power:
    case Term::call: case Term::choose: case Term::compare:
      for (auto& child : result.children) child = select(child, selection, values);
      result.is_scalar = are_scalar(result.children);
      return result;
  }
  return result;
}

}  // namespace longhand
