#include <cmath>

#include "base/json.h"
#include "formats/json.h"
#include "longhand/explain.h"

namespace longhand {

std::string write_json(const Derivation& derivation) {
  Json steps = Json::array();
  for (const auto& step : derivation.steps) {
    Json entry{{"id", step.id},           {"pass", step.pass},   {"layer", step.layer},
               {"title", step.title},     {"formula", step.formula}, {"latex", step.latex},
               {"substituted", step.substituted}, {"shape", step.value.shape().extents()},
               {"value", to_json(step.value)}, {"uses", step.uses}, {"check", nullptr}};
    if (step.check) {
      const double error = step.check->relative_error;
      entry["check"] = {{"method", "central difference"},
                        {"entries", step.check->entries},
                        {"relative_error", std::isfinite(error) ? Json(error) : Json(nullptr)},
                        {"kink", step.check->kink},
                        {"left_out", step.check->left_out}};
    }
    steps.push_back(std::move(entry));
  }
  return json_text(steps);
}

}  // namespace longhand
