#include <nlohmann/json.hpp>

#include "formats/json.h"
#include "longhand/explain.h"

namespace longhand {

std::string write_json(const Grading& grading) {
  using Json = nlohmann::ordered_json;
  Json claims = Json::array();
  for (const auto& judged : grading.claims) {
    claims.push_back({{"quantity", judged.claim.quantity},
                      {"value", to_json(judged.value)},
                      {"verdict", name(judged.verdict)},
                      {"true_value", to_json(judged.true_value)},
                      {"from_claims", to_json(judged.from_claims)},
                      {"where", judged.claim.where.empty() ? Json(nullptr) : Json(judged.claim.where)}});
  }
  return claims.dump();
}

}  // namespace longhand
