// One neuron, or one weight, of a worked example: the steps it takes part in, entry by entry.
#pragma once

#include <functional>
#include <string>

#include "longhand/explain.h"

namespace longhand {

/// The derivation of the neuron "fc1[3]" or of the weight "fc1[3,7]" of one sample: what goes into
/// it, what it gives, where that goes, and what comes back to it. Of vectors and matrices of which
/// only a part is meant, that part is named: "z1[3]", "W1[3,:]", counted from 1.
/// `check(id, entry)` checks a gradient at an entry (from 0; all of them for -1).
/// Throws ArgumentError naming the layer or index that is not there.
Derivation focus_on(const Derivation& whole, const std::string& focus, int digits,
                    const std::function<GradientCheck(const std::string& id, std::int64_t entry)>& check);

}  // namespace longhand
