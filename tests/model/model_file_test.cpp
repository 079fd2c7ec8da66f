// Model files: what was saved is read, and whatever is damaged is refused by name.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>

#include "base/files.h"
#include "formats/safetensors.h"
#include "model/small_models.h"
#include "temporary_directory.h"

namespace longhand::testing {
namespace {

TEST(ModelFile, GivesBackTheSameModel) {
  const TemporaryDirectory directory;
  for (const auto task : {Task::binary, Task::multiclass, Task::regression}) {
    for (const auto dtype : {DType::f32, DType::f64}) {
      auto model = small_model(task, dtype);
      const auto path = directory / "a.safetensors", again = directory / "b.safetensors";
      save_model(model, path);
      auto found = load_model(path);
      EXPECT_EQ(found.dtype, dtype);
      EXPECT_EQ(network_json(found.network), network_json(model.network));
      EXPECT_EQ(found.inputs[1].name, "weight \"kg\"");
      EXPECT_EQ(found.inputs[1].scale, 9);
      EXPECT_EQ(found.target->classes, model.target->classes);
      EXPECT_EQ(found.target->mean, model.target->mean);
      EXPECT_EQ(found.training, model.training);
      ASSERT_EQ(found.state.size(), model.state.size());
      for (const auto& [name, tensor] : model.state.entries()) EXPECT_TRUE(identical(found.state.get(name), tensor)) << name;
      EXPECT_TRUE(identical(Predictor(found).predict(people(9)), Predictor(model).predict(people(9))));
      save_model(found, again);
      EXPECT_EQ(read_text(path), read_text(again)) << name(task);
    }
  }
}

TEST(ModelFile, OfOneSeedIsTheSameBytes) {
  const TemporaryDirectory directory;
  const auto bytes = [&](std::uint64_t seed) {
    auto model = small_model(Task::binary, DType::f32, seed);
    save_model(model, directory / "m.safetensors");
    return read_text(directory / "m.safetensors");
  };
  EXPECT_EQ(bytes(3), bytes(3));
  EXPECT_NE(bytes(3), bytes(4));
}

TEST(ModelFile, ThatCannotBeWrittenLeavesNothing) {
  const TemporaryDirectory directory;
  auto model = small_model(Task::binary);
  EXPECT_THROW(save_model(model, directory / "missing/m.safetensors"), IoError);
  EXPECT_EQ(directory.files(), 0);
}

struct Damage {
  const char* name;
  std::function<void(SafetensorsFile&)> apply;
  std::vector<const char*> words;  ///< of the message, beside the file's name
};

Tensor& tensor_of(SafetensorsFile& file, const std::string& name) {
  for (auto& [key, tensor] : file.tensors) {
    if (key == name) return tensor = tensor.clone();
  }
  throw std::logic_error("no tensor " + name);
}

std::function<void(SafetensorsFile&)> metadata(const char* key, const std::string& value) {
  return [=](SafetensorsFile& file) { file.metadata[key] = value; };
}

// One piece of a metadata's text for another.
std::function<void(SafetensorsFile&)> edited(const char* key, const std::string& what, const std::string& by) {
  return [=](SafetensorsFile& file) {
    auto& text = file.metadata.at(key);
    const auto at = text.find(what);
    if (at == std::string::npos) throw std::logic_error(text + " has no " + what);
    text.replace(at, what.size(), by);
  };
}

const std::vector<Damage>& damages() {
  static const std::vector<Damage> kDamages{
      {"weights alone", [](SafetensorsFile& f) { f.metadata.clear(); }, {"not a Longhand model"}},
      {"a later format", metadata("longhand", "longhand.model/3"), {"longhand.model/3", "longhand.model/2"}},
      {"no network", [](SafetensorsFile& f) { f.metadata.erase("network"); }, {"'network'", "missing"}},
      {"no columns", [](SafetensorsFile& f) { f.metadata.erase("inputs"); }, {"'inputs'", "missing"}},
      {"a network that is no JSON", metadata("network", "{"), {"'network'", "JSON"}},
      {"a network nested without end", metadata("network", std::string(100000, '[')), {"'network'"}},
      {"a network of another kind", metadata("network", "[]"), {"'network'"}},
      {"an unknown layer", edited("network", "leaky_relu", "creaky_relu"), {"'network'", "layer 2", "'creaky_relu'"}},
      {"no inputs", edited("network", R"({"inputs":2})", "{}"), {"'network'", "'inputs'"}},
      {"other inputs", edited("network", R"("inputs":2)", R"("inputs":3)"), {"'fc1.weight'", "[3, 2]", "[3, 3]"}},
      {"inputs beyond all memory", edited("network", R"("inputs":2)", R"("inputs":4611686018427387904)"), {}},
      {"other units", edited("network", R"("out":3)", R"("out":4)"), {"'fc1.weight'", "[3, 2]", "[4, 2]"}},
      {"another layer's name", edited("network", R"("fc2")", R"("fc9")"), {"'fc9.weight'", "missing"}},
      {"a tensor missing", [](SafetensorsFile& f) { f.tensors.pop_back(); }, {"'fc2.bias'", "missing"}},
      {"no tensors", [](SafetensorsFile& f) { f.tensors.clear(); }, {"tensor"}},
      {"a tensor too many", [](SafetensorsFile& f) { f.tensors.emplace_back("fc7.weight", Tensor(Shape{2})); }, {"'fc7.weight'", "no layer"}},
      {"another shape", [](SafetensorsFile& f) { auto& t = tensor_of(f, "fc1.weight"); t = t.reshaped({2, 3}); },
       {"'fc1.weight'", "[2, 3]", "[3, 2]"}},
      {"one in double", [](SafetensorsFile& f) { auto& t = tensor_of(f, "fc1.bias"); t = t.cast(DType::f64); },
       {"'fc1.bias'", "f64"}},
      {"all integers", [](SafetensorsFile& f) { for (auto& [name, t] : f.tensors) t = t.cast(DType::i32); }, {"'fc1.weight'", "i32"}},
      {"a weight that is not a number", [](SafetensorsFile& f) { tensor_of(f, "fc2.weight").set(1, NAN); },
       {"'fc2.weight'", "not finite"}},
      {"an infinite bias", [](SafetensorsFile& f) { tensor_of(f, "fc1.bias").set(2, -INFINITY); }, {"'fc1.bias'", "not finite"}},
      {"another weight", [](SafetensorsFile& f) { auto& t = tensor_of(f, "fc2.bias"); t.set(0, t.at(0) + 0.01); }, {"self-test"}},
      {"columns that are no list", metadata("inputs", "{}"), {"'inputs'", "list"}},
      {"a column that is no table", metadata("inputs", "[1, 2]"), {"'inputs'"}},
      {"a column too few", metadata("inputs", R"([{"name":"age","kind":"number","mean":1,"scale":1}])"), {"'inputs'", "become 1 number", "2"}},
      {"no column's name", edited("inputs", R"("name":"age",)", ""), {"'inputs'", "'name'"}},
      {"a column of a later kind", edited("inputs", R"("number")", R"("picture")"), {"'inputs'", "'age'"}},
      {"a scale of zero", edited("inputs", "12.5", "0"), {"'inputs'", "'age'", "positive"}},
      {"a mean that is null", edited("inputs", "70.25", "null"), {"'inputs'", "'mean'"}},
      {"a mean beyond double", edited("inputs", "70.25", "1e999"), {"'inputs'"}},
      {"a target without a name", metadata("target", "{}"), {"'target'", "'name'"}},
      {"a task of a later kind", edited("target", R"("binary")", R"("ternary")"), {"'target'", "'ternary'"}},
      {"a class too many", edited("target", R"(["no",)", R"(["no","never",)"), {"'target'", "3 classes"}},
      {"classes that are no text", edited("target", R"("no")", "0"), {"'target'", "class"}},
      {"no classes", edited("target", "classes", "classen"), {"'target'", "'classes'"}},
      {"a record that is no JSON", metadata("training", "seed=1"), {"'training'"}},
      {"a self-test of other columns", metadata("self_test", R"({"inputs":[[1]],"outputs":[[1]]})"), {"'self_test'"}},
      {"a self-test of no rows", metadata("self_test", R"({"inputs":[],"outputs":[]})"), {"'self_test'"}},
      {"a self-test with fewer outputs", metadata("self_test", R"({"inputs":[[1,2],[3,4]],"outputs":[[0.5]]})"), {"self-test"}},
      {"a self-test without outputs", metadata("self_test", R"({"inputs":[[1,2]]})"), {"'self_test'", "outputs"}},
      {"a self-test of text", metadata("self_test", R"({"inputs":[["a",2]],"outputs":[[1]]})"), {"'self_test'"}},
      {"a self-test that expects nothing", metadata("self_test", R"({"inputs":[[1,2]],"outputs":[[null]]})"), {"self-test"}},
  };
  return kDamages;
}

// Of a model with columns of every kind.
const std::vector<Damage>& damages_of_columns() {
  static const std::vector<Damage> kDamages{
      {"a scaling of a later time", edited("inputs", R"("robust")", R"("magic")"), {"'inputs'", "'age'", "'magic'", "scaling"}},
      {"categories that are no list", edited("inputs", R"(["a","b","ü"])", "3"), {"'inputs'", "'categories'"}},
      {"categories that are no text", edited("inputs", R"(["a","b","ü"])", "[1,2,3]"), {"'inputs'", "'categories'"}},
      {"no categories", edited("inputs", R"(["a","b","ü"])", "[]"), {"'inputs'", "'letter'", "distinct"}},
      {"a category twice", edited("inputs", R"(["a","b","ü"])", R"(["a","b","a"])"), {"'inputs'", "'letter'", "distinct"}},
      {"a category too many", edited("inputs", R"(["a","b","ü"])", R"(["a","b","ü","z"])"), {"'inputs'", "become 14 numbers", "13"}},
      {"a gap that is a number", edited("inputs", R"("missing":true)", R"("missing":1)"), {"'inputs'", "'missing'"}},
      {"a median that is text", edited("inputs", R"("fill":41.0)", R"("fill":"41")"), {"'inputs'", "'fill'"}},
      {"an unknown order", edited("inputs", "year-month-day", "day-year-month"), {"'inputs'", "'joined'", "order"}},
      {"a period of no days", edited("inputs", "[7.0]", "[0]"), {"'inputs'", "'joined'", "positive"}},
      {"periods that are none", edited("inputs", R"("periods":[7.0])", R"("periods":[null])"), {"'inputs'", "'periods'"}},
      {"knots that fall", edited("inputs", "[0.0,1.0,10.0]", "[0.0,10.0,1.0]"), {"'inputs'", "'pay'", "rise"}},
      {"a knot too few", edited("inputs", "[0.0,1.0,10.0]", "[0.0,1.0]"), {"'inputs'", "'pay'", "equally many"}},
      {"edges that fall", edited("inputs", "[0.0,5.0,9.0]", "[0.0,9.0,5.0]"), {"'inputs'", "'pay'", "'edges'"}},
      {"one edge", edited("inputs", "[0.0,5.0,9.0]", "[0.0]"), {"'inputs'", "'pay'", "'edges'"}},
      {"no levels", edited("inputs", "levels", "devils"), {"'inputs'", "'levels'"}},
      {"missing words that are numbers", metadata("missing", "[1]"), {"'missing'"}},
      {"another median", edited("inputs", R"("fill":41.0)", R"("fill":45.0)"), {"self-test"}},
  };
  return kDamages;
}

std::string error_of(const std::string& path) {
  try {
    load_model(path);
  } catch (const ModelError& error) {
    return error.what();
  } catch (const std::exception& error) {
    ADD_FAILURE() << "not a ModelError: " << error.what();
  }
  return "no error";
}

TEST(ModelFile, DamageIsToldByFileAndName) {
  const TemporaryDirectory directory;
  const auto path = directory / "m.safetensors";
  auto model = small_model(Task::binary);
  save_model(model, path);
  const auto good = read_safetensors(path);
  ASSERT_EQ(error_of(path), "no error");
  for (const auto& damage : damages()) {
    auto file = good;
    damage.apply(file);
    write_safetensors(path, file);
    const auto error = error_of(path);
    EXPECT_TRUE(error.starts_with(path + ": ")) << damage.name << ": " << error;
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
    EXPECT_LT(error.size(), path.size() + 300) << error;
    for (const char* word : damage.words) {
      EXPECT_NE(error.find(word), std::string::npos) << damage.name << ": " << error << "\nlacks " << word;
    }
  }
}

TEST(ModelFile, DamageToColumnsIsToldByName) {
  const TemporaryDirectory directory;
  const auto path = directory / "m.safetensors";
  auto model = mixed_model();
  save_model(model, path);
  const auto good = read_safetensors(path);
  ASSERT_EQ(error_of(path), "no error");
  for (const auto& damage : damages_of_columns()) {
    auto file = good;
    damage.apply(file);
    write_safetensors(path, file);
    const auto error = error_of(path);
    EXPECT_TRUE(error.starts_with(path + ": ")) << damage.name << ": " << error;
    for (const char* word : damage.words) {
      EXPECT_NE(error.find(word), std::string::npos) << damage.name << ": " << error << "\nlacks " << word;
    }
  }
}

TEST(ModelFile, KeepsColumnsOfEveryKind) {
  const TemporaryDirectory directory;
  const auto path = directory / "m.safetensors", again = directory / "again.safetensors";
  auto model = mixed_model();
  save_model(model, path);
  auto found = load_model(path);
  EXPECT_EQ(found.missing_words, model.missing_words);
  EXPECT_EQ(feature_names(found), feature_names(model));
  save_model(found, again);
  EXPECT_EQ(read_text(path), read_text(again));
  const auto table = parse_csv("joined,letter,age,pay,answer\n2020-02-29,ü,?,3.5,yes\nnone yet,z,41,,\n", "new.csv");
  EXPECT_TRUE(identical(Predictor(found).predict(raw_rows(found, table)), Predictor(model).predict(raw_rows(model, table))));
}

// Of the time before categories: columns that are all numbers, without medians.
TEST(ModelFile, OfTheFirstFormatIsReadStill) {
  const TemporaryDirectory directory;
  const auto path = directory / "m.safetensors";
  auto model = small_model(Task::binary);
  save_model(model, path);
  auto file = read_safetensors(path);
  file.metadata["longhand"] = "longhand.model/1";
  file.metadata["inputs"] = R"([{"name":"age","kind":"number","mean":40.0,"scale":12.5},{"name":"w","kind":"number","mean":70.25,"scale":9.0}])";
  file.metadata.erase("missing");
  write_safetensors(path, file);
  const auto found = load_model(path);
  EXPECT_EQ(found.inputs[0].fill, 40);
  EXPECT_EQ(found.missing_words, usual_missing_words());
  EXPECT_TRUE(identical(Predictor(found).predict(people(9)), Predictor(model).predict(people(9))));
}

TEST(ModelFile, CutShortAnywhereIsRefused) {
  const TemporaryDirectory directory;
  const auto path = directory / "m.safetensors";
  auto model = small_model(Task::binary);
  save_model(model, path);
  const auto bytes = read_text(path);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    std::ofstream(path, std::ios::binary) << std::string_view(bytes).substr(0, size);
    EXPECT_TRUE(error_of(path).starts_with(path)) << size << " of " << bytes.size() << " bytes";
  }
}

// A byte changed: refused, or a model all the same (a name, a record). Never a crash.
TEST(ModelFile, ChangedAnywhereIsRefusedOrRead) {
  const TemporaryDirectory directory;
  const auto path = directory / "m.safetensors";
  auto model = small_model(Task::multiclass);
  save_model(model, path);
  const auto bytes = read_text(path);
  int refused = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    auto changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ (at % 3 == 0 ? 0x01 : at % 3 == 1 ? 0x10 : 0x80));
    std::ofstream(path, std::ios::binary) << changed;
    refused += error_of(path) != "no error";
  }
  EXPECT_GT(refused, static_cast<int>(bytes.size()) / 2);
}

TEST(ModelFile, WhatIsNoneIsRefused) {
  const TemporaryDirectory directory;
  EXPECT_NE(error_of(directory / "none.safetensors").find("none.safetensors"), std::string::npos);
  EXPECT_NE(error_of(directory.path().string()).find(directory.path().string()), std::string::npos);
  write_file_atomically(directory / "table.csv", "a,b\n1,2\n");
  EXPECT_NE(error_of(directory / "table.csv").find("table.csv"), std::string::npos);
}

}  // namespace
}  // namespace longhand::testing
