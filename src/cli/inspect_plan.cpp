// How a model's training step and its prediction are planned.
#include <fmt/format.h>

#include "base/text.h"
#include "cli/inspect_parts.h"
#include "longhand/exec.h"

namespace longhand::cli {
namespace {

struct NamedProgram {
  const char* name;
  Program program;
};

std::vector<NamedProgram> programs_of(const Model& model, std::int64_t rows) {
  return {
      {"training step", Program(build_step(model).graph, {.dtype = model.dtype, .max_rows = rows})},
      {"prediction", Program(build_output(model),
                             {.dtype = model.dtype, .max_rows = rows, .fixed_state = true})}};
}

// "multiply x3, add".
std::string operations_text(const std::vector<std::string>& operations) {
  std::string text;
  for (std::size_t i = 0; i < operations.size();) {
    auto end = i;
    while (end < operations.size() && operations[end] == operations[i]) ++end;
    text +=
        (i == 0 ? "" : ", ") + operations[i] + (end - i > 1 ? " x" + std::to_string(end - i) : "");
    i = end;
  }
  return text;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

}  // namespace

void add_plan(Json& json, const Model& model, std::int64_t rows) {
  json["plan"] = Json::array();
  for (const auto& [name, program] : programs_of(model, rows)) {
    Json steps = Json::array();
    for (const auto& step : program.planned_steps(rows)) {
      steps.push_back({{"kernel", step.kernel},
                       {"operations", step.operations},
                       {"shape", step.shape},
                       {"results", step.results},
                       {"flops", step.flops},
                       {"bytes", step.bytes}});
    }
    json["plan"].push_back({{"program", name},
                            {"rows", rows},
                            {"arena_bytes", program.arena_bytes()},
                            {"steps", steps}});
  }
}

std::string plan_text(const Model& model, std::int64_t rows) {
  std::string text;
  for (const auto& [name, program] : programs_of(model, rows)) {
    std::vector<std::vector<std::string>> cells{
        {"step", "kernel", "shape", "flops", "bytes", "operations → what they fill"}};
    double flops = 0, bytes = 0;
    for (const auto& step : program.planned_steps(rows)) {
      flops += step.flops;
      bytes += step.bytes;
      cells.push_back({std::to_string(cells.size()), step.kernel, step.shape,
                       with_commas(static_cast<std::int64_t>(step.flops)),
                       with_commas(static_cast<std::int64_t>(step.bytes)),
                       operations_text(step.operations) + " → " + joined(step.results)});
    }
    cells.push_back({"", "", "", with_commas(static_cast<std::int64_t>(flops)),
                     with_commas(static_cast<std::int64_t>(bytes)), ""});
    text += fmt::format("\nPlan of a {} over {}; {} bytes live in between:\n\n",
                        name, counted(rows, "row"),
                        with_commas(static_cast<std::int64_t>(program.arena_bytes())));
    text += aligned(cells, {true, false, false, true, true, false});
  }
  return text;
}

}  // namespace longhand::cli
