#include <fmt/format.h>

#include <filesystem>

#include "base/files.h"
#include "cli/command.h"
#include "cli/data_options.h"
#include "cli/member_option.h"
#include "cli/output.h"
#include "longhand/explain.h"
#include "model/step_values.h"

namespace longhand::cli {
namespace {

class Grade : public Command {
 public:
  const char* name() const override { return "grade"; }
  const char* description() const override {
    return "Check figures that somebody worked out by hand: which are right, which follow from a slip. "
           "The exit code is 1 where one is wrong, or has fewer digits than the file asks for.";
  }
  const char* example() const override { return "longhand grade examples/article_claims.toml"; }

  void add_options(CLI::App& app) override {
    app.add_option("WORKSHEET", worksheet_path_, "the figures (.toml): network = \"FILE\", digits = 4 to ask for so many, a [[claim]] for each")->required();
    app.add_option("--format", format_, "text, markdown, html or json")
        ->capture_default_str()
        ->check(CLI::IsMember({"text", "markdown", "html", "json"}).description(""));
    member_.add_to(app);
    app.add_option("-o", output_, "where to write; - is standard output")->capture_default_str()->type_name("FILE");
  }

  int run() override {
    const auto worksheet = read_worksheet();
    const auto network_path = beside_worksheet(worksheet.network);
    refuse_to_replace(output_, {worksheet_path_, network_path, config_});
    const auto ensemble = read_model(network_path, seed_);
    const auto model = member_.of(ensemble);
    if (!model.network.sample) throw ModelError(network_path + " has no [sample] to work out");
    const auto& sample = *model.network.sample;
    const auto step = build_step(model, {.stable = false, .input_gradient = true, .loss_after = true});
    const auto grading = grade(step.graph, step_values(model, step.graph, sample), worksheet, sample.is_batch);
    write_output(report(worksheet, grading, ensemble), output_);
    return grading.count(Verdict::wrong) == 0 && grading.too_short() == 0 ? kDone : kFailed;
  }

 private:
  Worksheet read_worksheet() const {
    if (worksheet_path_.ends_with(".safetensors")) throw DataError(worksheet_path_ + ": a model, not figures to grade: longhand explain works it out");
    if (worksheet_path_ == "-") return parse_worksheet(read_stream(0), "standard input");
    try {
      return parse_worksheet(read_text(worksheet_path_), worksheet_path_);
    } catch (const IoError& error) {
      throw DataError(error.what());
    }
  }

  std::string beside_worksheet(const std::string& network) const {
    return worksheet_path_ == "-" ? network : (std::filesystem::path(worksheet_path_).parent_path() / network).string();
  }

  std::string report(Worksheet worksheet, const Grading& grading, const Model& ensemble) const {
    if (json_ || format_ == "json") return json_of(worksheet, grading, ensemble);
    worksheet.network += member_.which_of(ensemble);
    if (format_ == "markdown") return write_markdown(grading, worksheet);
    return format_ == "html" ? write_html(grading, worksheet) : write_text(grading, worksheet);
  }

  std::string json_of(const Worksheet& worksheet, const Grading& grading, const Model& ensemble) const {
    auto json = document("grade");
    json["worksheet"] = worksheet.name;
    json["network"] = worksheet.network;
    if (ensemble.network.members > 1) json.update({{"members", ensemble.network.members}, {"member", member_.number()}});
    json["digits"] = worksheet.digits == 0 ? Json(nullptr) : Json(worksheet.digits);
    json["claims"] = parse_json(write_json(grading)).value();
    json["unanswered"] = Json::array();
    for (const auto& claim : grading.unanswered) {
      json["unanswered"].push_back({{"quantity", claim.quantity},
                                    {"figures", claim.missing()},
                                    {"of", claim.shape.count()},
                                    {"where", claim.where.empty() ? Json(nullptr) : Json(claim.where)}});
    }
    json["slips"] = Json::array();
    for (const auto verdict : {Verdict::correct, Verdict::rounding, Verdict::follows, Verdict::wrong}) {
      json["summary"][std::string(longhand::name(verdict))] = grading.count(verdict);
    }
    json["summary"]["too_coarse"] = grading.coarse();
    json["summary"]["too_few_digits"] = grading.too_short();
    for (std::size_t i = 0; i < grading.claims.size(); ++i) {
      if (grading.claims[i].verdict != Verdict::wrong) continue;
      Json spoiled = Json::array();
      for (const auto later : grading.spoiled_by(i)) spoiled.push_back(later + 1);
      json["slips"].push_back({{"claim", i + 1}, {"spoiled", spoiled}});
    }
    return to_text(json);
  }

  MemberOption member_;
  std::string worksheet_path_, format_ = "text", output_ = "-";
};

}  // namespace

std::unique_ptr<Command> make_grade() { return std::make_unique<Grade>(); }

}  // namespace longhand::cli
