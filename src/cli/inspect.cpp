#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>

#include "cli/command.h"
#include "cli/data_options.h"
#include "cli/inspect_parts.h"
#include "cli/output.h"
#include "data/open_data.h"
#include "formats/byte_source.h"
#include "formats/safetensors.h"

namespace longhand::cli {
namespace {

class Inspect : public Command {
 public:
  const char* name() const override { return "inspect"; }
  const char* description() const override { return "Show what is in a model, a description or a table."; }
  const char* example() const override { return "longhand inspect model.safetensors"; }

  void add_options(CLI::App& app) override {
    app.add_option("FILE", path_, "a model (.safetensors), a description (.toml) or a table (CSV, NPY or IDX; - is standard input)")
        ->required();
    app.add_flag("--plan", plan_, "also how the training step and prediction are computed: kernels, bytes, FLOPs");
    rows_option_ = app.add_option("--rows", rows_, "with --plan: how many rows it is worked out for")->capture_default_str()->check(CLI::Range(1, 1 << 20).description(""));
    data_.add_to(app);
    data_.add_stream_to(app, "look at a sample, in little memory");
    data_.add_kinds_to(app);
  }

  int run() override {
    if (rows_option_->count() > 0 && !plan_) throw UsageError("--rows needs --plan");
    auto json = document("inspect");
    json["file"] = path_;
    std::string text;
    if (is_model()) {
      const auto model = read_model(path_, seed_);
      json_ ? add_model(json, model) : void(text = model_text(model));
      if (plan_) json_ ? add_plan(json, model, rows_) : void(text += plan_text(model, rows_));
    } else {
      if (plan_) throw UsageError("--plan needs a model or a description, not a table");
      const auto sample = read_table();
      auto kinds = data_.kinds(sample.table);
      kinds.row_counters = sample.row_counters;
      json_ ? add_table(json, sample, kinds) : void(text = table_text(sample, kinds));
    }
    write_output(json_ ? to_text(json) : text);
    return kDone;
  }

 private:
  // A description by its name, a model or checkpoint by what the file begins with.
  bool is_model() const {
    if (path_.ends_with(".safetensors") || path_.ends_with(".toml")) return true;
    std::error_code error;
    if (!std::filesystem::is_regular_file(path_, error)) return false;  // a pipe's bytes come once
    std::array<std::byte, kSafetensorsStart> first{};
    const auto source = data::open_data(path_);
    return is_safetensors(std::span(first.data(), read_all(*source, first)));
  }

  // All rows; of a large file a sample of them.
  TableSample read_table() {
    if (data_.streams(path_)) return sample_rows(*data_.open_blocks(path_), {.seed = seed_});
    auto table = data_.read(path_);
    const auto rows = table.rows();
    return {std::move(table), rows, {}};
  }

  DataOptions data_;
  CLI::Option* rows_option_ = nullptr;
  std::string path_;
  bool plan_ = false;
  std::int64_t rows_ = 64;
};

}  // namespace

std::unique_ptr<Command> make_inspect() { return std::make_unique<Inspect>(); }

}  // namespace longhand::cli
