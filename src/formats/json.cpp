#include "formats/json.h"

#include <cmath>
#include <limits>
#include <span>
#include <vector>

namespace longhand {
namespace {

Json element_to_json(const Tensor& tensor, std::int64_t index) {
  const double value = tensor.at(index);
  switch (tensor.dtype()) {
    case DType::f32:
    case DType::f64:
      return std::isfinite(value) ? Json(value) : Json(nullptr);
    case DType::i32:
    case DType::u8:
      return static_cast<std::int64_t>(value);
    case DType::boolean:
      return value != 0;
  }
  return nullptr;
}

Json nested(const Tensor& tensor, std::size_t axis, std::int64_t& next) {
  if (axis == tensor.shape().rank()) return element_to_json(tensor, next++);
  Json list = Json::array();
  for (std::int64_t i = 0; i < tensor.shape()[axis]; ++i) {
    list.push_back(nested(tensor, axis + 1, next));
  }
  return list;
}

class TensorReader {
 public:
  TensorReader(const std::string& name, DType dtype) : name_(name), dtype_(dtype) {}

  Tensor read(const Json& json) {
    // The first of each list tells the shape; every list is then held to it.
    for (const Json* part = &json; part->is_array(); part = &part->front()) {
      if (extents_.size() == Shape::kMaxRank) {
        fail("lists are nested more than " + std::to_string(Shape::kMaxRank) + " deep");
      }
      extents_.push_back(static_cast<std::int64_t>(part->size()));
      if (part->empty()) break;
    }
    take(json);
    return Tensor::from(values_, Shape(std::span<const std::int64_t>(extents_)), dtype_);
  }

 private:
  void take(const Json& json) {
    const bool is_list = position_.size() < extents_.size();
    if (is_list != json.is_array())
      fail(found(json) + (is_list ? ", expected a list" : ", expected a number"));
    if (!is_list) return values_.push_back(number(json));
    const std::int64_t expected = extents_[position_.size()];
    if (static_cast<std::int64_t>(json.size()) != expected) {
      fail(found(json) + ", expected " + std::to_string(expected) + " as in the first");
    }
    position_.push_back(0);
    for (const auto& child : json) {
      take(child);
      ++position_.back();
    }
    position_.pop_back();
  }

  double number(const Json& json) const {
    const bool is_float = dtype_ == DType::f32 || dtype_ == DType::f64;
    if (json.is_null() && is_float) return std::numeric_limits<double>::quiet_NaN();
    if (json.is_boolean() && dtype_ == DType::boolean) return json.get<bool>() ? 1 : 0;
    if (!json.is_number()) fail(found(json) + ", expected a number");
    const double value = json.get<double>();
    if (!fits(value))
      fail(found(json) + ", expected a number of " + std::string(longhand::name(dtype_)));
    return value;
  }

  bool fits(double value) const {
    const auto is_whole_within = [&](double lowest, double highest) {
      return value == std::trunc(value) && value >= lowest && value <= highest;
    };
    switch (dtype_) {
      case DType::f64:
        return true;
      case DType::f32:
        return std::isfinite(static_cast<float>(value));
      case DType::i32:
        return is_whole_within(-0x1p31, 0x1p31 - 1);
      case DType::u8:
        return is_whole_within(0, 255);
      case DType::boolean:
        return is_whole_within(0, 1);
    }
    return false;
  }

  static std::string found(const Json& json) {
    if (json.is_array()) return "found a list of " + std::to_string(json.size());
    if (json.is_number() || json.is_null()) return "found " + json_text(json);
    return std::string("found ") + (json.is_object() ? "an object" : "a ") +
           (json.is_object() ? "" : json.type_name());
  }

  [[noreturn]] void fail(const std::string& what) const {
    std::string place = name_;
    for (const auto index : position_) place += '[' + std::to_string(index + 1) + ']';
    if (!position_.empty()) place += ", counted from 1";
    throw ModelError(place + ": " + what);
  }

  const std::string& name_;
  DType dtype_;
  std::vector<std::int64_t> extents_;
  std::vector<std::int64_t> position_;
  std::vector<double> values_;
};

}  // namespace

Json to_json(const Tensor& tensor) {
  std::int64_t next = 0;
  return nested(tensor, 0, next);
}

Tensor tensor_from_json(const Json& json, const std::string& name, DType dtype) {
  return TensorReader(name, dtype).read(json);
}

}  // namespace longhand
