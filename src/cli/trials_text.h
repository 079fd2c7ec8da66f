// The trials of a search, as a table and as JSON.
#pragma once

#include <string>

#include "cli/output.h"
#include "longhand/tune.h"

namespace longhand::cli {

/// In the order in which they were drawn.
Json trials_json(const TuneResult& found);

/// The best trials and the first one, the best one on top; `stop_on` as in TrainOptions.
std::string trials_text(const TuneResult& found, const std::string& stop_on);

}  // namespace longhand::cli
