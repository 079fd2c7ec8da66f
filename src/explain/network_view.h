// A network as it is drawn: columns of units, with the values of one row.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "explain/render.h"
#include "longhand/explain.h"

namespace longhand {

struct NetworkView {
  struct Quantity {
    std::string symbol;
    double value = 0;
  };
  struct Unit {
    std::optional<Quantity> z;  ///< none in the input
    Quantity output;
    std::optional<Quantity> gradient;  ///< of the loss by z
    std::vector<double> weights;  ///< from each unit before
    double bias = 0;
  };
  struct Column {
    std::string name, function;  ///< "fc1"; "relu, dropout" or empty
    std::vector<Unit> units;
  };
  std::vector<Column> columns;  ///< the input first
  std::optional<Quantity> loss;
};

/// None where the network is too large to draw each unit, or where a value is not known.
std::optional<NetworkView> view_units(const Derivation& derivation, const Numbers& numbers);

/// A layer of any size in few words.
struct LayerOutline {
  std::string name, function;
  std::int64_t units = 0;
  std::string parameters;            ///< "W₁ [128×784], b₁ [128]", or empty for the input
  std::string quantities;            ///< "z₁ → a₁"
  std::vector<std::string> largest;  ///< "a₁[17] = 3.2"
};

/// The input and each layer.
std::vector<LayerOutline> outline(const Derivation& derivation, const Numbers& numbers);

}  // namespace longhand
