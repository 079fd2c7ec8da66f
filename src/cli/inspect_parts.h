// What inspect shows, as JSON and as text.
#pragma once

#include <string>

#include "cli/output.h"
#include "longhand/model.h"

namespace longhand::cli {

void add_model(Json& json, const Model& model);
std::string model_text(const Model& model);

void add_plan(Json& json, const Model& model, std::int64_t rows);
std::string plan_text(const Model& model, std::int64_t rows);

void add_table(Json& json, const TableSample& sample, const KindOptions& kinds);
std::string table_text(const TableSample& sample, const KindOptions& kinds);

}  // namespace longhand::cli
