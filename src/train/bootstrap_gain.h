// Whether one way of predicting is better than another, beyond chance.
#pragma once

#include "longhand/train.h"

namespace longhand::train {

/// By how much the mean squared error of `outcomes` is below that of `other`, which are numbers of the same rows. The
/// percentile bootstrap of the rows' differences, so that what is hard for both does not count.
Bounds bootstrap_gain(const Outcomes& outcomes, const Outcomes& other, const BootstrapOptions& options = {});

}  // namespace longhand::train
