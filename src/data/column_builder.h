// What a column gathers while its file is read.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
  TextList take() { return std::move(texts_); }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::int32_t code = -1;
  };

  // FNV-1a, its high bits mixed into the low ones.
  static std::uint32_t hash_of(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const char letter : text) {
      hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001B3;
    }
    return static_cast<std::uint32_t>(hash ^ hash >> 32);
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

/// How numbers were written that were not written as their shortest decimal, so that a class 01 is
/// still 01 when it is predicted: the first such spelling of each value, up to a limit. A column
/// with more is no class target, and forgets them all.
class SpellingIndex {
 public:
  static constexpr std::size_t kMost = 1000;

  void note(double value, std::string_view text) {
    if (is_full_ || (value == 0 && std::signbit(value))) return;  // -0 is the class 0
    if (spellings_.size() * 2 >= slots_.size()) grow();
    std::uint16_t& slot = slot_of(value);
    if (slot != 0) return;
    if (spellings_.size() == kMost) {
      *this = SpellingIndex{};
      is_full_ = true;
      return;
    }
    spellings_.push_back({value, std::string(text)});
    slot = static_cast<std::uint16_t>(spellings_.size());
  }
  /// In ascending order of values.
  std::vector<Spelling> take() {
    std::ranges::sort(spellings_, {}, &Spelling::value);
    return std::move(spellings_);
  }

 private:
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

  std::vector<std::uint16_t> slots_;
  std::vector<Spelling> spellings_;
  bool is_full_ = false;
};

}  // namespace longhand::data
