// The trials of a search as text, to go on from.
#pragma once

#include "base/json.h"
#include "longhand/tune.h"

namespace longhand::tuning {

/// All that the trials depend on, the rows by a hash; `start` is what trial 1 is.
Json conditions_of(const Table& table, const TuneOptions& options, const TrialSettings& start);

struct SearchFile {
  Json conditions;
  double seconds = 0;
  std::vector<Trial> trials;  ///< none is out_of_time; `halved` are those that may go on
};

std::string write_search(const SearchFile& search);
/// Throws ModelError about `name` for text that is not as `write_search` makes it.
SearchFile read_search(const std::string& text, const std::string& name);

}  // namespace longhand::tuning
