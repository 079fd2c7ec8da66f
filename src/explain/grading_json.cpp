#include "base/json.h"
#include "explain/grading_words.h"
#include "formats/json.h"
#include "longhand/explain.h"

namespace longhand {

std::string write_json(const Grading& grading) {
  Json claims = Json::array();
  const auto or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  for (const auto& judged : grading.claims) {
    claims.push_back({{"quantity", judged.claim.quantity},
                      {"value", to_json(judged.value)},
                      {"verdict", name(judged.verdict)},
                      {"true_value", to_json(judged.true_value)},
                      {"from_claims", to_json(judged.from_claims)},
                      {"where", or_null(judged.claim.where)},
                      {"remark", or_null(remark_on_digits(grading, judged))}});
  }
  return json_text(claims);
}

}  // namespace longhand
