// The network drawn in lines of text.
#pragma once

#include "explain/network_view.h"

namespace longhand {

/// A small network unit by unit, with every weight; of a larger one each layer.
std::vector<std::string> draw_network(const Derivation& derivation, const Numbers& numbers, bool ascii);

}  // namespace longhand
