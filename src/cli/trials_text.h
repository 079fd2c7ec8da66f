// The trials of a search, as a table and as JSON.
#pragma once

#include <string>

#include "cli/output.h"
#include "longhand/tune.h"

namespace longhand::cli {

/// {"metric": "rmse", "trials": [{"trial": 1, "gain": 0, "standard_error": 0}, ...]}.
Json finalists_json(const TuneResult& found);

/// A table of them; nothing where none were compared.
std::string finalists_text(const TuneResult& found);

/// In the order in which they were drawn.
Json trials_json(const TuneResult& found);

/// The best trials and the first one, the best one on top; `stop_on` as in TrainOptions.
std::string trials_text(const TuneResult& found, const std::string& stop_on);

}  // namespace longhand::cli
