#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "base/files.h"
#include "cli/command.h"
#include "cli/data_options.h"
#include "cli/output.h"
#include "longhand/train.h"
#include "model/cell_notes.h"

namespace longhand::cli {
namespace {

class Predict : public Command {
 public:
  const char* name() const override { return "predict"; }
  const char* description() const override { return "Write predictions for the rows of a table as CSV."; }
  const char* example() const override {
    return "longhand predict model.safetensors examples/data/breast_cancer.csv -o p.csv";
  }

  void add_options(CLI::App& app) override {
    app.add_option("MODEL", model_path_, "a trained model (.safetensors)")->required();
    app.add_option("DATA", data_path_, "CSV, NPY or IDX file with the model's columns; - is standard input")->required();
    app.add_option("-o", output_, "where to write; - is standard output")->capture_default_str()->type_name("FILE");
    app.add_option("--keep", keep_, "columns that are passed through")->type_name("A,B");
    app.add_option("--threshold", threshold_, "the probability from which a row is of the second of two classes (default: 0.5)");
    data_.add_to(app);
    data_.add_stream_to(app, "read and write in blocks, in little memory");
  }

  int run() override {
    if (model_path_ == "-" && data_path_ == "-") throw UsageError("MODEL and DATA cannot both be standard input");
    refuse_to_replace(output_, {model_path_, data_path_, data_.labels, config_});
    if (threshold_ && !(*threshold_ >= 0 && *threshold_ <= 1)) throw UsageError("--threshold must be from 0 to 1");
    model_ = read_model(model_path_);
    if (!model_.target) throw ModelError(model_path_ + ": a network description, not a trained model");
    if (threshold_ && model_.target->task != Task::binary) throw UsageError("--threshold is for two classes");
    RowsFor rows(model_, data_, data_path_, Target::optional);
    if (rows.are_streamed()) return predict_blocks(rows);
    std::vector<CellNote> notes;
    predict_rows(*rows.next(), notes);
    warn(warnings_ = warnings_of(notes, rows_done_));
    if (!json_ || output_ != "-") write_output(header() + csv(), output_);
    if (json_) write_output(to_text(json()));
    return kDone;
  }

 private:
  void predict_rows(const Table& table, std::vector<CellNote>& notes) {
    find_kept(table);
    std::vector<CellNote> more;
    predictions_ = predict(model_, table, threads_, &more);
    add_notes(notes, std::move(more));
    rows_done_ += rows();
  }

  // Standard output has the rows before one that cannot be read; a file has all or is not made.
  int predict_blocks(RowsFor& blocks) {
    if (json_ && output_ == "-") throw UsageError("--json of a table that is read in blocks needs -o FILE for the predictions");
    AtomicFile file(output_ == "-" ? "/dev/stdout" : output_);
    std::vector<CellNote> notes;
    while (const auto table = blocks.next()) {
      const bool is_first = rows_done_ == 0;
      predict_rows(*table, notes);
      file.write((is_first ? header() : "") + csv());
    }
    file.commit();
    warn(warnings_ = warnings_of(notes, rows_done_));
    if (json_) write_output(to_text(json()));
    return kDone;
  }

  void find_kept(const Table& table) {
    kept_.clear();
    std::set<std::string> names{"prediction"};
    for (const auto& name : classes()) names.insert("p_" + name);
    for (const auto& column : split_list(keep_, "--keep")) {
      const auto found = table.find(column);
      if (!found) throw UsageError(fmt::format("--keep: {} has no column '{}'", table.name(), column));
      if (!names.insert(column).second) throw UsageError("--keep: there would be two columns '" + column + "'");
      kept_.push_back(table.columns()[*found]);
    }
  }

  const std::vector<std::string>& classes() const { return model_.target->classes; }
  std::size_t rows() const { return static_cast<std::size_t>(predictions_.shape()[0]); }

  // As many digits as the network has: of a value far from 0, more than single precision holds.
  std::string number(double value) const {
    const auto& target = *model_.target;
    if (model_.dtype != DType::f32) return shortest(value);
    if (target.task != Task::regression || is_single(value, target.scale)) return shortest(value, true);
    constexpr double kBits = 24, kLeast = 9, kMost = 17;
    const double steps = std::abs(value) / target.scale * std::exp2(kBits);
    return fmt::format("{:.{}g}", value, static_cast<int>(std::clamp(std::ceil(std::log10(steps)), kLeast, kMost)));
  }

  static bool is_single(double value, double scale) {
    constexpr double kNear = 16;  // bits lost are fewer than the network is off by
    const bool is_held = value == 0 || std::isnormal(static_cast<float>(value));
    return is_held && std::abs(value) <= kNear * scale;
  }

  // The probability of each class, with the sum 1.
  std::vector<double> probabilities(std::size_t row) const {
    const auto width = static_cast<std::size_t>(predictions_.shape()[1]);
    const auto p = predictions_.values<double>().subspan(row * width, width);
    if (model_.target->task == Task::binary) return {1 - p[0], p[0]};
    const double total = std::accumulate(p.begin(), p.end(), 0.0);
    std::vector<double> shares;
    for (const double value : p) shares.push_back(value / total);
    return shares;
  }

  const std::string& most_probable(const std::vector<double>& p) const {
    if (model_.target->task == Task::binary) return classes()[p[1] >= threshold_.value_or(0.5) ? 1 : 0];
    return classes()[static_cast<std::size_t>(std::ranges::max_element(p) - p.begin())];
  }

  std::string header() const {
    std::string text;
    for (const auto& column : kept_) text += csv_cell(column.name()) + ",";
    text += "prediction";
    for (const auto& name : classes()) text += "," + csv_cell("p_" + name);
    return text + "\n";
  }

  std::string csv() const {
    std::string text;
    for (std::size_t row = 0; row < rows(); ++row) {
      for (const auto& column : kept_) text += csv_cell(column.cell(row)) + ",";
      if (classes().empty()) {
        text += number(predictions_.at(static_cast<std::int64_t>(row)));
      } else {
        const auto p = probabilities(row);
        text += csv_cell(most_probable(p));
        for (const double share : p) text += "," + number(share);
      }
      text += "\n";
    }
    return text;
  }

  Json json() const {
    auto json = document("predict");
    json["model"] = model_path_;
    json["rows"] = rows_done_;
    json["warnings"] = warnings_;
    if (output_ != "-") {
      json["output"] = output_;
      return json;
    }
    auto& list = json["predictions"] = Json::array();
    for (std::size_t row = 0; row < rows(); ++row) {
      Json entry = Json::object();
      for (const auto& column : kept_) entry[column.name()] = column.cell(row);
      if (classes().empty()) {
        entry["prediction"] = predictions_.at(static_cast<std::int64_t>(row));
      } else {
        const auto p = probabilities(row);
        entry["prediction"] = most_probable(p);
        for (std::size_t k = 0; k < p.size(); ++k) entry["p_" + classes()[k]] = p[k];
      }
      list.push_back(std::move(entry));
    }
    return json;
  }

  DataOptions data_;
  Model model_;
  std::vector<Column> kept_;
  Tensor predictions_;  // of the rows at hand
  std::vector<std::string> warnings_;
  std::size_t rows_done_ = 0;
  std::string model_path_, data_path_, output_ = "-", keep_;
  std::optional<double> threshold_;
};

}  // namespace

std::unique_ptr<Command> make_predict() { return std::make_unique<Predict>(); }

}  // namespace longhand::cli
