// Network descriptions: what they may say, and that every mistake is told with its file and place.
#include <gtest/gtest.h>

#include "base/files.h"
#include "longhand/model.h"
#include "temporary_directory.h"

namespace longhand::testing {
namespace {

const std::string kArticle = std::string(LONGHAND_SOURCE_DIR) + "/examples/article.toml";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  if (at == std::string::npos) throw std::logic_error("the article has no " + what);
  return text.replace(at, what.size(), by);
}

TEST(Description, OfTheArticleIsRead) {
  const auto network = read_network(kArticle);
  EXPECT_EQ(network.inputs, 2);
  EXPECT_EQ(network.outputs(), 1);
  std::vector<std::string> layers;
  for (const auto& layer : network.layers) layers.push_back(layer.type + " " + layer.name);
  EXPECT_EQ(layers, (std::vector<std::string>{"linear fc1", "relu relu1", "linear fc2", "sigmoid sigmoid1"}));
  EXPECT_EQ(network.loss.type, "bce");
  EXPECT_EQ(network.optimizer.type, "sgd");
  EXPECT_EQ(network.optimizer.learning_rate, 0.1);
  ASSERT_TRUE(network.sample);
  EXPECT_FALSE(network.sample->is_batch);
  EXPECT_EQ(network.sample->input.to_doubles(), (std::vector{1.0, 2.0}));
  const auto model = load_model(kArticle);
  EXPECT_EQ(model.dtype, DType::f64);
  EXPECT_EQ(model.state.get("fc1.weight").to_doubles(), (std::vector{0.2, 0.4, 0.1, 0.6}));
  EXPECT_EQ(model.state.get("fc2.bias").to_doubles(), (std::vector{0.2}));
}

struct Mistake {
  const char* what;  ///< in the article
  const char* by;
  std::vector<const char*> words;  ///< of the message, beside the file's name
};

const std::vector<Mistake>& mistakes() {
  static const std::vector<Mistake> kMistakes{
      {R"("relu")", R"("rellu")", {"layer 2", "'rellu'"}},
      {R"("relu")", R"("gelu_tanh")", {"layer 2", "approximate"}},
      {R"(type = "relu")", R"(kind = "relu")", {"layer 2", "'type'"}},
      {R"(name = "fc1")", R"(nmae = "fc1")", {"layer 1", "'nmae'"}},
      {R"(name = "fc1")", "name = 1", {"layer 1", "'name'", "1"}},
      {R"(name = "fc2")", R"(name = "fc1")", {"two layers", "'fc1'"}},
      {R"("relu")", "\"relu\"\nout = 2", {"layer 2", "'out'"}},
      {R"("relu")", "\"dropout\"\np = 1", {"layer 2", "'p'"}},
      {R"("relu")", "\"dropout\"\np = -0.5", {"layer 2", "'p'"}},
      {R"("relu")", "\"leaky_relu\"\nnegative_slope = \"steep\"", {"layer 2", "'negative_slope'", "steep"}},
      {R"("relu")", "\"gelu\"\napproximate = \"erf\"", {"layer 2", "'approximate'"}},
      {"out = 2\n", "", {"layer 1", "'out'", "missing"}},
      {"out = 2\n", "out = 0\n", {"layer 1", "'out'", "0"}},
      {"out = 2\n", "out = -2\n", {"layer 1", "'out'", "-2"}},
      {"out = 2\n", "out = 2.5\n", {"layer 1", "'out'", "2.5"}},
      {"out = 2\n", "out = \"2\"\n", {"layer 1", "'out'"}},
      {"out = 2\n", "out = 3\n", {"layer 1", "'fc1'", "'weight'", "[2, 2]", "[3, 2]"}},
      {"[[0.2, 0.4], [0.1, 0.6]]", "[[0.2], [0.1]]", {"layer 1", "'weight'", "[2, 1]", "[2, 2]"}},
      {"[[0.2, 0.4], [0.1, 0.6]]", "[[0.2, 0.4], [0.1]]", {"layer 1", "'weight'"}},
      {"[[0.2, 0.4], [0.1, 0.6]]", "[0.2, 0.4]", {"layer 1", "'weight'", "[2]"}},
      {"[[0.2, 0.4], [0.1, 0.6]]", "[[0.2, \"a\"], [0.1, 0.6]]", {"layer 1", "'weight'", "a"}},
      {"[[0.2, 0.4], [0.1, 0.6]]", "[[0.2, nan], [0.1, 0.6]]", {"line 8", "not finite"}},
      {"[[0.2, 0.4], [0.1, 0.6]]", "1979-05-27", {"line 8", "date"}},
      {"bias = [0.3, 0.5]", "bias = [0.3]", {"layer 1", "'bias'", "[1]", "[2]"}},
      {"[[0.7, 0.9]]", "[[0.7, 0.9, 1]]", {"layer 3", "'fc2'", "[1, 3]", "[1, 2]"}},
      {"inputs = 2", "inputs = 0", {"[network]", "'inputs'"}},
      {"inputs = 2", "inputs = 3", {"layer 1", "'weight'", "[2, 3]"}},
      {"inputs = 2", "input = 2", {"[network]", "'input'"}},
      {R"("bce")", R"("bse")", {"[loss]", "'bse'"}},
      {R"(type = "bce")", "", {"[loss]", "'type'"}},
      {R"("bce")", "\"bce\"\ndelta = 1", {"[loss]", "'delta'"}},
      {R"("bce")", "\"huber\"\ndelta = 0", {"[loss]", "'delta'"}},
      {"[loss]", "[los]", {"[loss]"}},
      {R"("sgd")", R"("sdg")", {"[optimizer]", "'sdg'", "adamw"}},
      {"learning_rate = 0.1", "learning_rate = -0.1", {"[optimizer]", "'learning_rate'"}},
      {"learning_rate = 0.1", "learning_rate = \"fast\"", {"[optimizer]", "'learning_rate'", "fast"}},
      {"learning_rate = 0.1", "learning_rate = inf", {"line 29", "not finite"}},
      {"learning_rate = 0.1", "lr = 0.1", {"[optimizer]", "'lr'"}},
      {"learning_rate = 0.1", "beta1 = 0.1", {"[optimizer]", "'beta1'"}},
      {"learning_rate = 0.1", "momentum = -1", {"[optimizer]", "momentum"}},
      {"learning_rate = 0.1", "nesterov = true", {"[optimizer]", "nesterov", "momentum"}},
      {"learning_rate = 0.1", "nesterov = 1", {"[optimizer]", "'nesterov'", "1"}},
      {"input = [1, 2]", "input = [1, 2, 3]", {"[sample]", "2", "3"}},
      {"input = [1, 2]", "input = []", {"[sample]", "'input'"}},
      {"input = [1, 2]", "input = 1", {"[sample]", "'input'"}},
      {"input = [1, 2]", "input = [[1, 2], [3]]", {"[sample]", "'input'"}},
      {"input = [1, 2]", "input = [[1, 2], [3, 4]]", {"[sample]", "'target'"}},
      {"input = [1, 2]", "", {"[sample]", "'input'"}},
      {"target = [1]", "", {"[sample]", "'target'"}},
      {"target = [1]", "target = [1, 0]", {"[sample]", "1 output", "2"}},
      {"target = [1]", "target = [2]", {"[sample]", "bce", "2"}},
      {"target = [1]", "target = [[1]]", {"[sample]", "'target'"}},
      {"[sample]", "[sampel]", {"'sampel'"}},
      {"bias = [0.2]", "bias = = [0.2]", {"line 19"}},
      {"bias = [0.2]", "bias = [0.2]\nbias = [0.3]", {"line 20"}},
      {"[[layer]]", "[layer]", {"line"}},
  };
  return kMistakes;
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

TEST(Description, EachMistakeIsToldWithItsPlace) {
  const TemporaryDirectory directory;
  const auto path = directory / "net.toml";
  for (const auto& mistake : mistakes()) {
    write_file_atomically(path, replaced(read_text(kArticle), mistake.what, mistake.by));
    const auto error = error_of(path);
    for (const char* word : mistake.words) {
      EXPECT_NE(error.find(word), std::string::npos) << mistake.by << ": " << error << "\nlacks " << word;
    }
    EXPECT_TRUE(error.starts_with(path + ": ")) << error;
    EXPECT_EQ(error.find('\n'), std::string::npos) << error;
  }
}

std::string classes(const std::string& target, const std::string& input = "[1, 2]") {
  return "[[layer]]\ntype = \"linear\"\nout = 3\n[loss]\ntype = \"cross_entropy\"\n[sample]\ninput = " + input +
         "\ntarget = " + target + "\n";
}

TEST(Description, ClassTargetsAreNumbersOrOneHot) {
  const TemporaryDirectory directory;
  const auto path = directory / "net.toml";
  struct Case {
    std::string text;
    std::vector<double> numbers;  // empty: refused
  };
  for (const auto& test : std::vector<Case>{{classes("[2]"), {2}},
                                            {classes("2"), {2}},
                                            {classes("[0, 1, 0]"), {1}},
                                            {classes("[[0, 1, 0], [1, 0, 0]]", "[[1, 2], [3, 4]]"), {1, 0}},
                                            {classes("[2, 0]", "[[1, 2], [3, 4]]"), {2, 0}},
                                            {classes("[3]"), {}},
                                            {classes("[-1]"), {}},
                                            {classes("[0.5]"), {}},
                                            {classes("[0, 0.5, 0.5]"), {}},
                                            {classes("[1, 1, 0]"), {}},
                                            {classes("[0, 0, 0]"), {}},
                                            {classes("[0, 1]"), {}}}) {
    write_file_atomically(path, test.text);
    if (test.numbers.empty()) {
      const auto error = error_of(path);
      EXPECT_TRUE(error.starts_with(path + ": [sample]: ")) << test.text << error;
    } else {
      EXPECT_EQ(read_network(path).sample->target.to_doubles(), test.numbers) << test.text;
    }
  }
}

TEST(Description, WhatIsNoDescriptionIsRefused) {
  const TemporaryDirectory directory;
  const auto path = directory / "net.toml";
  const auto refused = [&](const std::string& text, const char* word) {
    write_file_atomically(path, text);
    const auto error = error_of(path);
    EXPECT_TRUE(error.starts_with(path + ": ")) << error;
    EXPECT_NE(error.find(word), std::string::npos) << error;
  };
  refused("", "layer");
  refused("layer = 5\n[loss]\ntype = \"mse\"\n", "layer");
  refused("layer = [5]\n[loss]\ntype = \"mse\"\n", "layer 1");
  refused("[[layer]]\ntype = \"relu\"\n[loss]\ntype = \"mse\"\n", "linear");
  refused("[[layer]]\ntype = \"linear\"\nout = 2\n[loss]\ntype = \"mse\"\n", "inputs");
  refused("[[layer]]\ntype = \"linear\"\nout = 2\n[loss]\ntype = \"mse\"\n\xFF", "line");
  refused("[network]\ninputs = 4611686018427387904\n[[layer]]\ntype = \"linear\"\nout = 4\n[loss]\ntype = \"mse\"\n", "");
  refused("[network]\ninputs = 99999999999999999999\n", "line 2");
  refused(classes("[0]") + "[network]\ninputs = 7\n", "7");
  refused("a = " + std::string(100000, '['), "line 1");
  EXPECT_TRUE(error_of(directory / "missing.toml").find("missing.toml") != std::string::npos);
  std::filesystem::create_directory(directory / "folder.toml");
  EXPECT_TRUE(error_of(directory / "folder.toml").find("folder.toml") != std::string::npos);
}

constexpr const char* kEverything = R"({"network": {"inputs": 3}, "layer": [
  {"type": "linear", "out": 4}, {"type": "leaky_relu", "negative_slope": 0.2}, {"type": "linear", "name": "fc1", "out": 4},
  {"type": "elu", "alpha": 2}, {"type": "gelu"}, {"type": "gelu", "approximate": "tanh"}, {"type": "silu"}, {"type": "softplus"},
  {"type": "tanh"}, {"type": "sigmoid"}, {"type": "identity"}, {"type": "dropout", "p": 0.3}, {"type": "hard_tanh"},
  {"type": "linear", "out": 2}, {"type": "softmax"}], "loss": {"type": "huber", "delta": 0.7},
  "optimizer": {"type": "rmsprop", "learning_rate": 0.05, "alpha": 0.9, "momentum": 0.1, "epsilon": 1e-7, "weight_decay": 0.01}})";

TEST(Description, InJsonSaysTheSameAfterWriting) {
  const auto network = parse_network(kEverything, "here");
  const auto json = network_json(network);
  EXPECT_EQ(network_json(parse_network(json, "there")), json);
  EXPECT_EQ(network.layers[0].name, "fc2");  // fc1 was taken
  EXPECT_EQ(network.layers[5].type, "gelu_tanh");
  EXPECT_EQ(network.layers[11].parameter, 0.3);
  EXPECT_EQ(network.loss.delta, 0.7);
  EXPECT_EQ(std::get<optim::RmsProp>(network.optimizer.rule).epsilon, 1e-7);
  EXPECT_NO_THROW(build_step(Model::from_network(network, 1, DType::f32), {.raw = true, .input_gradient = true, .loss_after = true}));
}

TEST(Description, WithoutAnOptimizerIsSgdAndDefaultsArePyTorchs) {
  const auto of = [](const std::string& optimizer) {
    return parse_network(R"({"layer": [{"type": "linear", "out": 1}], "loss": {"type": "mse"})" + optimizer + "}", "n").optimizer;
  };
  EXPECT_EQ(of("").type, "sgd");
  EXPECT_EQ(of("").learning_rate, 0.1);
  EXPECT_EQ(of(R"(, "optimizer": {"type": "adam"})").learning_rate, 1e-3);
  EXPECT_EQ(std::get<optim::AdamW>(of(R"(, "optimizer": {"type": "adamw"})").rule).weight_decay, 0.01);
  EXPECT_EQ(std::get<optim::RmsProp>(of(R"(, "optimizer": {"type": "rmsprop"})").rule).alpha, 0.99);
  EXPECT_EQ(std::get<optim::Adagrad>(of(R"(, "optimizer": {"type": "adagrad"})").rule).epsilon, 1e-10);
}

TEST(Description, BadJsonIsRefusedByName) {
  for (const char* json : {"", "{", "[]", "null", "{\"layer\": []}", "{\"layer\": [null]}"}) {
    try {
      parse_network(json, "metadata");
      ADD_FAILURE() << json;
    } catch (const ModelError& error) {
      EXPECT_TRUE(std::string(error.what()).starts_with("metadata: ")) << error.what();
    }
  }
}

TEST(FromNetwork, DrawsWhatIsLeftOpenFromTheSeed) {
  auto network = read_network(kArticle);
  network.layers[0].weight.reset();
  const auto one = Model::from_network(network, 1, DType::f64), again = Model::from_network(network, 1, DType::f64),
             two = Model::from_network(network, 2, DType::f64);
  EXPECT_TRUE(identical(one.state.get("fc1.weight"), again.state.get("fc1.weight")));
  EXPECT_FALSE(identical(one.state.get("fc1.weight"), two.state.get("fc1.weight")));
  EXPECT_TRUE(identical(one.state.get("fc2.weight"), two.state.get("fc2.weight")));
  EXPECT_EQ(one.state.get("fc1.bias").to_doubles(), (std::vector{0.3, 0.5}));
}

}  // namespace
}  // namespace longhand::testing
