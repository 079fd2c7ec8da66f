// What a trial may change, and how it is drawn.
#pragma once

#include "base/philox.h"
#include "longhand/tune.h"

namespace longhand::tuning {

/// What these options come to for a table of as many rows, as far as trials may change it at all.
TrialSettings settings_of(const TrainOptions& options, std::int64_t rows);

/// The options with the settings in place of their own.
TrainOptions with(TrainOptions options, const TrialSettings& settings);

/// Settings around `centre`, each of them as TuneOptions allow: from far away, or near it. Rates and widths
/// are drawn on a scale of their logarithm.
enum class Reach : std::uint8_t { far, near };
TrialSettings drawn(const TrialSettings& centre, Reach reach, const TuneOptions& options, PhiloxStream& stream);

}  // namespace longhand::tuning
