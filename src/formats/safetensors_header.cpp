#include "formats/safetensors_header.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <utility>

#include "base/text.h"

namespace longhand::safetensors {
namespace {

constexpr std::array kDTypes{DType::f32, DType::f64, DType::i32, DType::u8, DType::boolean};
constexpr std::string_view kMetadata = "__metadata__";

[[noreturn]] void fail(const std::string& file, const std::string& what) {
  throw ModelError(file + ": " + what);
}

// Takes the header from the JSON reader token by token and accepts only what may come next. A tree
// of the whole would lose repeated keys.
class HeaderReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit HeaderReader(const std::string& file) : file_(file) {}

  Header take() { return std::move(header_); }

  bool null() override { return refuse("null"); }
  bool boolean(bool value) override { return refuse(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return refuse(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override {
    return refuse(printable(text));
  }
  bool binary(binary_t&) override { return refuse("binary data"); }

  bool number_unsigned(number_unsigned_t value) override {
    if (place_ != Place::list) return refuse(std::to_string(value));
    list().add(value);
    return true;
  }

  bool string(string_t& value) override {
    if (place_ == Place::metadata) {
      header_.metadata[inner_key_] = std::move(value);
    } else if (place_ == Place::tensor && inner_key_ == "dtype") {
      set_dtype(value);
    } else {
      return refuse("a string");
    }
    return true;
  }

  bool start_object(std::size_t) override {
    if (place_ == Place::outside)
      place_ = Place::top;
    else if (place_ == Place::top)
      place_ = key_ == kMetadata ? Place::metadata : Place::tensor;
    else
      return refuse("an object");
    return true;
  }

  bool end_object() override {
    if (place_ == Place::tensor) finish_tensor();
    place_ = place_ == Place::top ? Place::outside : Place::top;
    return true;
  }

  bool start_array(std::size_t) override {
    if (place_ != Place::tensor || inner_key_ == "dtype") return refuse("an array");
    place_ = Place::list;
    list() = List{};
    return true;
  }

  bool end_array() override {
    place_ = Place::tensor;
    return true;
  }

  bool key(string_t& name) override {
    if (place_ == Place::top) {
      if (name == kMetadata && std::exchange(has_metadata_, true)) {
        fail(file_, "the header has __metadata__ twice");
      }
      key_ = std::move(name);
      return true;
    }
    const bool is_known = name == "dtype" || name == "shape" || name == "data_offsets";
    if (place_ == Place::tensor && !is_known) {
      fail(file_, where() + ": unknown key " + in_quotes(name) +
                      "; expected dtype, shape and data_offsets");
    }
    const bool is_repeated = place_ == Place::metadata ? header_.metadata.contains(name)
                             : name == "dtype"         ? dtype_.has_value()
                             : name == "shape"         ? shape_.has_value()
                                                       : offsets_.has_value();
    if (is_repeated) fail(file_, where() + ": the key " + in_quotes(name) + " is there twice");
    inner_key_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    fail(file_, "the header is not valid JSON (byte " + std::to_string(position) + ")");
  }

 private:
  enum class Place { outside, top, metadata, tensor, list };

  // As many numbers as any list may have; of the rest only how many there are.
  struct List {
    void add(std::uint64_t value) {
      if (count < values.size()) values[count] = value;
      ++count;
    }
    std::array<std::uint64_t, Shape::kMaxRank> values{};
    std::size_t count = 0;
  };

  List& list() {
    auto& chosen = inner_key_ == "shape" ? shape_ : offsets_;
    if (!chosen) chosen.emplace();
    return *chosen;
  }

  std::string where() const {
    return place_ == Place::metadata || key_ == kMetadata ? std::string(kMetadata)
                                                          : "tensor " + in_quotes(key_);
  }

  bool refuse(const std::string& found) const {
    std::string place = where(), expected;
    switch (place_) {
      case Place::outside:
        fail(file_, "the header is not a JSON object");
      case Place::top:
        expected = key_ == kMetadata ? "an object of strings" : "an object";
        break;
      case Place::metadata:
        place += ' ' + in_quotes(inner_key_), expected = "a string";
        break;
      case Place::tensor:
        place += ": " + inner_key_;
        expected = inner_key_ == "dtype" ? "a string" : "a list of whole numbers";
        break;
      case Place::list:
        place += ": " + inner_key_, expected = "whole numbers from 0";
        break;
    }
    fail(file_, place + ": found " + found + ", expected " + expected);
  }

  void set_dtype(const std::string& text) {
    const auto* found = std::find_if(kDTypes.begin(), kDTypes.end(),
                                     [&](DType dtype) { return format_name(dtype) == text; });
    if (found == kDTypes.end()) {
      fail(file_, where() + ": found the dtype " + in_quotes(text) +
                      ", expected F32, F64, I32, U8 or BOOL");
    }
    dtype_ = *found;
  }

  Shape checked_shape() const {
    if (shape_->count > Shape::kMaxRank) {
      fail(file_, where() + ": the shape has " + std::to_string(shape_->count) + " axes, at most " +
                      std::to_string(Shape::kMaxRank) + " can be read");
    }
    std::array<std::int64_t, Shape::kMaxRank> extents{};
    for (std::size_t axis = 0; axis < shape_->count; ++axis) {
      if (!std::in_range<std::int64_t>(shape_->values[axis])) {
        fail(file_,
             where() + ": the extent " + std::to_string(shape_->values[axis]) + " is too large");
      }
      extents[axis] = static_cast<std::int64_t>(shape_->values[axis]);
    }
    return Shape(std::span<const std::int64_t>(extents.data(), shape_->count));
  }

  void finish_tensor() {
    if (!dtype_ || !shape_ || !offsets_) {
      fail(file_, where() + ": no " + (!dtype_ ? "dtype" : !shape_ ? "shape" : "data_offsets"));
    }
    const Shape shape = checked_shape();
    if (offsets_->count != 2) {
      fail(file_,
           where() + ": found " + std::to_string(offsets_->count) + " data_offsets, expected 2");
    }
    const auto [begin, end] = std::pair{offsets_->values[0], offsets_->values[1]};
    const std::string range = "[" + std::to_string(begin) + ", " + std::to_string(end) + "]";
    if (begin > end) fail(file_, where() + ": the data_offsets " + range + " run backwards");
    const std::string wants =
        "shape " + to_string(shape) + " of " + std::string(format_name(*dtype_));
    std::int64_t bytes = 0;
    try {
      bytes = checked_multiply(shape.count(), static_cast<std::int64_t>(size_of(*dtype_)));
    } catch (const ShapeError&) {
      fail(file_, where() + ": the " + wants + " is too large");
    }
    if (end - begin != static_cast<std::uint64_t>(bytes)) {
      fail(file_, where() + ": the data_offsets " + range + " hold " + std::to_string(end - begin) +
                      " bytes, but " + wants + " takes " + std::to_string(bytes));
    }
    header_.entries.push_back({std::move(key_), *dtype_, shape, begin, end});
    dtype_.reset(), shape_.reset(), offsets_.reset();
  }

  const std::string& file_;
  Header header_;
  Place place_ = Place::outside;
  std::string key_;        // of the top object
  std::string inner_key_;  // of a tensor or of the metadata
  bool has_metadata_ = false;
  std::optional<DType> dtype_;
  std::optional<List> shape_, offsets_;
};

void check_names(const Header& header, const std::string& file) {
  std::vector<std::string_view> names;
  for (const auto& entry : header.entries) names.push_back(entry.name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) fail(file, "tensor " + in_quotes(*twice) + " is there twice");
}

void check_layout(const Header& header, std::uint64_t data_size, const std::string& file) {
  std::uint64_t covered = 0;
  for (const Entry* entry : in_file_order(header)) {
    if (entry->begin != covered) {
      fail(file, "tensor " + in_quotes(entry->name) + ": its data start at byte " +
                     std::to_string(entry->begin) +
                     (entry->begin < covered ? ", within the tensor that ends at byte "
                                             : ", which leaves a hole after byte ") +
                     std::to_string(covered));
    }
    covered = entry->end;
  }
  if (covered != data_size) {
    fail(file, "the tensors take " + std::to_string(covered) + " bytes of data, but the file has " +
                   std::to_string(data_size));
  }
}

}  // namespace

std::string_view format_name(DType dtype) {
  switch (dtype) {
    case DType::f32:
      return "F32";
    case DType::f64:
      return "F64";
    case DType::i32:
      return "I32";
    case DType::u8:
      return "U8";
    case DType::boolean:
      return "BOOL";
  }
  return "?";
}

Header parse_header(std::string_view text, std::uint64_t data_size, const std::string& file) {
  if (!text.starts_with('{')) {
    fail(file, "the header does not start with '{'; is it a safetensors file?");
  }
  const auto invalid = find_invalid_utf8(text);
  if (invalid != std::string_view::npos) {
    fail(file, "the header is not valid UTF-8 (byte " + std::to_string(invalid + 1) + ")");
  }
  // The JSON reader takes a zero byte for the end and would not look at what follows.
  const auto zero = text.find('\0');
  if (zero != std::string_view::npos) {
    fail(file, "the header is not valid JSON (byte " + std::to_string(zero + 1) + ")");
  }
  HeaderReader reader(file);
  nlohmann::json::sax_parse(text.begin(), text.end(), &reader);
  Header header = reader.take();
  check_names(header, file);
  check_layout(header, data_size, file);
  return header;
}

std::vector<const Entry*> in_file_order(const Header& header) {
  std::vector<const Entry*> order;
  for (const auto& entry : header.entries) order.push_back(&entry);
  std::stable_sort(order.begin(), order.end(), [](const Entry* a, const Entry* b) {
    return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
  });
  return order;
}

}  // namespace longhand::safetensors
