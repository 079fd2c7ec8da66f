// What a column gathers while its file is read.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/parse_number.h"
#include "longhand/data.h"

namespace longhand::data {

/// Distinct texts and their codes, in the order of first appearance: a hash table with open
/// addressing.
class TextIndex {
 public:
  std::int32_t code_of(std::string_view text) {
    if (texts_.size() * 2 >= slots_.size()) grow();
    const std::uint32_t hash = hash_of(text);
    for (std::size_t i = hash & mask();; i = (i + 1) & mask()) {
      Slot& slot = slots_[i];
      if (slot.code < 0) {
        slot = {hash, static_cast<std::int32_t>(texts_.size())};
        texts_.add(text);
        return slot.code;
      }
      if (slot.hash == hash && texts_[static_cast<std::size_t>(slot.code)] == text)
        return slot.code;
    }
  }
  const TextList& texts() const { return texts_; }
  TextList take() { return std::move(texts_); }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::int32_t code = -1;
  };

  // Eight bytes at a time, each mixed in by a multiplication that the high half brings back down.
  static std::uint32_t hash_of(std::string_view text) {
    constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15;
    std::uint64_t hash = text.size() * kMultiplier;
    const auto mix = [&hash](const char* bytes, std::size_t count) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes, count);
      hash = (hash ^ word) * kMultiplier;
      hash ^= hash >> 32;
    };
    std::size_t i = 0;
    for (; i + 8 <= text.size(); i += 8) mix(text.data() + i, 8);
    if (i < text.size()) mix(text.data() + i, text.size() - i);
    return static_cast<std::uint32_t>(hash);
  }
  std::size_t mask() const { return slots_.size() - 1; }
  void grow() {
    std::vector<Slot> old(slots_.empty() ? 16 : slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.code < 0) continue;
      std::size_t i = slot.hash & mask();
      while (slots_[i].code >= 0) i = (i + 1) & mask();
      slots_[i] = slot;
    }
  }

  TextList texts_;
  std::vector<Slot> slots_;
};

/// How numbers were written that were not written as their shortest decimal, so that a class 1.0 is
/// still 1.0 when it is predicted: the first such spelling of each value, up to a limit. A column
/// with more is no class target, and forgets them all.
class SpellingIndex {
 public:
  static constexpr std::size_t kMost = 1000;
  static constexpr std::size_t kLongest = 100;  // a file may have numbers of a million digits

  void note(double value, std::string_view text) {
    if (!is_full_) keep(value, text);
  }
  /// In ascending order of values.
  std::vector<Spelling> take() {
    std::ranges::sort(spellings_, {}, &Spelling::value);
    return std::move(spellings_);
  }

 private:
  void keep(double value, std::string_view text) {
    if (value == 0 && std::signbit(value)) return;  // -0 is the class 0
    if (text.size() > kLongest) return;
    if (spellings_.size() * 2 >= slots_.size()) grow();
    std::uint16_t& slot = slot_of(value);
    if (slot != 0) return;
    if (spellings_.size() == kMost) {
      slots_ = {};
      spellings_ = {};
      is_full_ = true;
      return;
    }
    spellings_.push_back({value, std::string(text)});
    slot = static_cast<std::uint16_t>(spellings_.size());
  }
  // The slot that `value` has or could have. Slots count spellings from 1; 0 is a free one.
  std::uint16_t& slot_of(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = static_cast<std::size_t>((bits * 0x9E3779B97F4A7C15) >> 48) & mask;
    while (slots_[i] != 0 && spellings_[slots_[i] - 1U].value != value) i = (i + 1) & mask;
    return slots_[i];
  }
  void grow() {
    slots_.assign(slots_.empty() ? 16 : slots_.size() * 2, 0);
    for (std::size_t i = 0; i < spellings_.size(); ++i) {
      slot_of(spellings_[i].value) = static_cast<std::uint16_t>(i + 1);
    }
  }

  bool is_full_ = false;
  std::vector<std::uint16_t> slots_;
  std::vector<Spelling> spellings_;
};

enum class Reading : std::uint8_t {
  skip,
  numbers,
  failed,  // was read as numbers until a cell was none
  text,
};

/// One column. What every cell of numbers touches is in the first cache line.
struct alignas(64) ColumnBuilder {
  Reading reading = Reading::numbers;
  std::vector<double> numbers;
  SpellingIndex spellings;
  TextIndex texts;
  std::vector<std::int32_t> codes;

  /// Forgets the rows from `rows` on, of what is being read.
  void cut_rows(std::size_t rows) {
    if (reading == Reading::numbers && numbers.size() > rows) numbers.resize(rows);
    if (reading == Reading::text && codes.size() > rows) codes.resize(rows);
  }
};

}  // namespace longhand::data
