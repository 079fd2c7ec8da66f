// Which of two classes is asked for: class 1, which f1, thresholds and costs are about.
#pragma once

#include <string>

#include "longhand/train.h"

namespace longhand::train {

/// Makes `positive` the second of two classes, where it is not empty. Throws ArgumentError where there are
/// not two, or it is none of them.
void order_classes(TargetColumn& target, const std::string& positive);

/// Binary outcomes with class 0 as class 1.
Outcomes swapped(Outcomes outcomes);

}  // namespace longhand::train
