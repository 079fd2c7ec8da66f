// Words in cells, whose spelling people vary.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "longhand/data.h"

namespace longhand::data {

/// The same text in small letters, as far as it is ASCII.
std::string in_small_letters(std::string_view text);

/// One of two words that mean yes and no: yes, true, y, t, on and their opposites, in capitals or not, with
/// spaces around it or not.
struct YesOrNo {
  std::size_t pair;  ///< the same for "yes" and "no"
  bool is_yes;
};
std::optional<YesOrNo> yes_or_no(std::string_view text);

/// Two texts that a person may have meant to be the same: they differ in capitals, spaces or kinds of dashes alone.
struct Alike {
  std::string a, b;
};
/// The first such texts, in the order of `texts`, and how many texts have another like it before them.
struct AlikeTexts {
  std::optional<Alike> first;
  std::size_t count = 0;
  /// "'Yes' and 'yes' differ in capitals, spaces or dashes alone, and are WHAT of their own; …"; `first` is there.
  std::string words(std::string_view what) const;
};
AlikeTexts find_alike(const std::vector<std::string>& texts);

}  // namespace longhand::data
