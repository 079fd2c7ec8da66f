// worksheet through the real binary, and what grade says of worksheets filled in and not.
#include <gtest/gtest.h>

#include <cmath>
#include <iomanip>
#include <map>
#include <set>

#include "cli/command_line.h"

namespace longhand::testing {
namespace {

using Json = nlohmann::ordered_json;

// Figures as a person writes them.
std::string written(const Json& value) {
  if (value.is_array()) {
    std::string text;
    for (const auto& entry : value) text += (text.empty() ? "" : ", ") + written(entry);
    return "[" + text + "]";
  }
  std::ostringstream text;
  text << std::setprecision(15) << value.get<double>();
  return text.str();
}

class WorksheetCommand : public ::testing::Test {
 protected:
  // Writes into the claims what explain says of the network.
  void fill_in(const std::string& claims, const std::string& network) {
    std::map<std::string, Json> values;
    const auto explained = command.run_json("explain " + network);
    for (const auto& step : explained["steps"]) values[step["id"]] = step["value"];
    std::istringstream lines(command.read(claims));
    std::string filled, quantity;
    for (std::string line; std::getline(lines, line); filled += line + "\n") {
      if (line.starts_with("quantity = ")) quantity = Json::parse(line.substr(11));
      if (line.starts_with("value = ")) line = "value = " + written(values.at(quantity));
    }
    command.write(claims, filled);
  }
  CommandLine command;
};

TEST_F(WorksheetCommand, OfARandomNetworkIsGradedCorrectOnceFilledIn) {
  std::vector<std::int64_t> asked;
  for (const char* level : {"1", "2", "3"}) {
    const auto json = command.run_json("worksheet --random 3-2-1 --seed 4 -o sheet --level " + std::string(level));
    EXPECT_EQ(json["schema"], "longhand.worksheet/1");
    EXPECT_EQ(json["network"], "sheet_network.toml");
    asked.push_back(json["figures"]);
    const auto sheet = command.read("sheet.txt"), answers = command.read("sheet_answers.txt");
    EXPECT_NE(sheet.find("____"), std::string::npos);
    EXPECT_EQ(answers.find("____"), std::string::npos);
    EXPECT_EQ(sheet.find("L_new") == std::string::npos, answers.find("L_new") == std::string::npos);
    const auto empty = command.run("grade sheet_claims.toml --json");
    EXPECT_EQ(empty.code, 3);
    EXPECT_EQ(empty.error_lines(), 1) << empty.err;
    EXPECT_NE(empty.err.find("no figure is filled in yet"), std::string::npos) << empty.err;
    fill_in("sheet_claims.toml", "sheet_network.toml");
    const auto again = command.run("worksheet --random 3-2-1 --seed 4 -o sheet");
    EXPECT_EQ(again.code, 2);
    EXPECT_NE(again.err.find("sheet_claims.toml is filled in"), std::string::npos) << again.err;
    const auto graded = command.run_json("grade sheet_claims.toml");
    for (const auto& claim : graded["claims"]) EXPECT_EQ(claim["verdict"], "correct") << claim;
    std::filesystem::remove(command.path() / "sheet_claims.toml");
  }
  EXPECT_LT(asked[0], asked[1]);
  EXPECT_LT(asked[1], asked[2]);
}

TEST_F(WorksheetCommand, WholeNumbersAreTooFewDigits) {
  command.run_json("worksheet --random 2-3-1 --level 3 -o sheet");
  std::istringstream lines(command.read("sheet_claims.toml"));
  EXPECT_NE(lines.str().find("\ndigits = 4\n"), std::string::npos) << lines.str();
  fill_in("sheet_claims.toml", "sheet_network.toml");
  EXPECT_EQ(command.run("grade sheet_claims.toml").code, 0);
  std::string rounded;
  for (std::string line; std::getline(lines, line); rounded += line + "\n") {
    for (auto at = line.find("\"\""); at != std::string::npos; at = line.find("\"\"")) line.replace(at, 2, "0");
  }
  command.write("sheet_claims.toml", rounded);
  const auto finished = command.run("grade sheet_claims.toml --json");
  EXPECT_EQ(finished.code, 1);
  const auto json = Json::parse(finished.out);
  EXPECT_GT(json["summary"]["too_few_digits"], 3) << finished.out;
}

TEST_F(WorksheetCommand, NamesEachFileThatItWrites) {
  const auto finished = command.run("worksheet --random 2-2-1 -o one");
  EXPECT_EQ(command.files(), 4);
  for (const char* file : {"one.txt", "one_answers.txt", "one_network.toml", "one_claims.toml"}) {
    EXPECT_TRUE(command.has(file)) << file;
    EXPECT_NE(finished.out.find(file), std::string::npos) << finished.out;
  }
}

TEST_F(WorksheetCommand, OfAnotherActivationAndLoss) {
  command.run_json("worksheet --random 2-3-1 --activation tanh --loss mse --seed 7 --level 3 -o sheet");
  const auto network = command.read("sheet_network.toml");
  EXPECT_NE(network.find("type = \"tanh\""), std::string::npos) << network;
  EXPECT_NE(network.find("[loss]\ntype = \"mse\""), std::string::npos) << network;
  fill_in("sheet_claims.toml", "sheet_network.toml");
  EXPECT_EQ(command.run("grade sheet_claims.toml").code, 0);
}

TEST_F(WorksheetCommand, TheSeedSaysWhatIsLeftOut) {
  std::set<std::string> sheets;
  for (const char* seed : {"1", "2", "3", "1"}) {
    ASSERT_EQ(command.run("worksheet --random 4-3-2 --level 2 --seed " + std::string(seed)).code, 0);
    sheets.insert(command.read("worksheet.txt") + command.read("worksheet_claims.toml"));
  }
  EXPECT_EQ(sheets.size(), 3);
}

TEST_F(WorksheetCommand, OfADescriptionNamesItFromWhereItIs) {
  std::filesystem::create_directories(command.path() / "sheets");
  std::filesystem::copy_file(source_file("examples/article.toml"), command.path() / "article.toml");
  const auto json = command.run_json("worksheet article.toml --level 3 -o sheets/");
  EXPECT_EQ(json["network"], "../article.toml");
  EXPECT_EQ(json["claims"], "sheets/worksheet_claims.toml");
  fill_in("sheets/worksheet_claims.toml", "article.toml");
  EXPECT_EQ(command.run("grade sheets/worksheet_claims.toml").code, 0);
  // With another sample it is another network.
  EXPECT_EQ(command.run_json("worksheet article.toml --input 1,0 --label 0 -o other")["network"], "other_network.toml");
  EXPECT_EQ(command.run_json("explain other_network.toml")["steps"], command.run_json("explain article.toml --input 1,0 --label 0")["steps"]);
}

TEST_F(WorksheetCommand, OfATrainedModelIsADescriptionOfItsOwn) {
  for (const auto& [table, target] : std::vector<std::pair<std::string, std::string>>{{"iris", "species"}, {"diabetes", "progression"}}) {
    command.copy(table + ".csv");
    ASSERT_EQ(command.run("train " + table + ".csv --hidden 3 --epochs 3 --target " + target).code, 0);
    std::filesystem::remove(command.path() / "worksheet_claims.toml");
    const auto json = command.run_json("worksheet model.safetensors --level 3 --data " + table + ".csv --row 5");
    EXPECT_EQ(json["network"], "worksheet_network.toml");
    fill_in("worksheet_claims.toml", "worksheet_network.toml");
    EXPECT_EQ(command.run("grade worksheet_claims.toml").code, 0) << table;
    EXPECT_EQ(command.run_json("check worksheet_network.toml")["passed"], true);
  }
}

// A category is given as zeros and a one, and the target is scaled.
TEST_F(WorksheetCommand, OfATrainedModelHasTheNumbersOfItsOwnWorking) {
  std::string table = "a,color,y\n";
  for (int i = 0; i < 60; ++i) table += std::to_string(i * 7 % 19) + (i % 3 == 0 ? ",red," : i % 3 == 1 ? ",green," : ",blue,") + std::to_string(200 + i * 7 % 19 * 3 + i % 3) + "\n";
  command.write("mixed.csv", table);
  ASSERT_EQ(command.run("train mixed.csv --hidden 3 --epochs 3 --target y").code, 0);
  const auto made = command.run("worksheet model.safetensors --digits 12 --level 3 --data mixed.csv --row 5 -o sheet");
  ASSERT_EQ(made.code, 0) << made.err;
  const auto whole = command.run_json("explain model.safetensors --data mixed.csv --row 5"), own = command.run_json("explain sheet_network.toml");
  for (const char* id : {"z1", "L", "dL/dW1"}) {
    const auto a = step(own, id)["value"].flatten(), b = step(whole, id)["value"].flatten();
    ASSERT_EQ(a.size(), b.size()) << id;
    for (const auto& [key, value] : a.items()) EXPECT_NEAR(value.get<double>(), b[key].get<double>(), 1e-6 * std::max(1.0, std::abs(value.get<double>()))) << id << key;
  }
}

TEST_F(WorksheetCommand, OfAnEnsembleIsOfOneMember) {
  command.copy("iris.csv");
  ASSERT_EQ(command.run("train iris.csv --hidden 3 --ensemble 3 --epochs 3 --target species").code, 0);
  std::set<std::string> networks;
  for (const std::string member : {"1", "2", "3"}) {
    const auto stem = "sheet" + member;
    command.run_json("worksheet model.safetensors --member " + member + " --digits 12 --data iris.csv --row 5 -o " + stem);
    EXPECT_NE(command.read(stem + ".txt").find(stem + ", member " + member + " of 3"), std::string::npos);
    const auto network = command.read(stem + "_network.toml");
    networks.insert(network);
    const auto whole = command.run_json("explain model.safetensors --data iris.csv --row 5 --member " + member);
    const auto own = command.run_json("explain " + stem + "_network.toml");
    EXPECT_NEAR(step(own, "L")["value"].get<double>(), step(whole, "L")["value"].get<double>(), 1e-6);
    fill_in(stem + "_claims.toml", stem + "_network.toml");
    EXPECT_EQ(command.run("grade " + stem + "_claims.toml").code, 0);
  }
  EXPECT_EQ(networks.size(), 3);
  EXPECT_EQ(command.run("worksheet model.safetensors --member 4 --data iris.csv --row 5 -o other").code, 2);
}

TEST_F(WorksheetCommand, SaysWhatTheTablesCellsWere) {
  command.copy("iris.csv");
  ASSERT_EQ(command.run("train iris.csv --hidden 3 --epochs 2 --target species").code, 0);
  ASSERT_EQ(command.run("worksheet model.safetensors --data iris.csv --row 3 --format markdown").code, 0);
  for (const char* file : {"worksheet.md", "worksheet_answers.md"}) {
    const auto page = command.read(file);
    EXPECT_NE(page.find("sepal\\_length 4.7, sepal\\_width 3.2, petal\\_length 1.3, petal\\_width 0.2, as the model's preprocessing reads them"),
              std::string::npos) << page;
    EXPECT_NE(page.find("species: 0 is setosa, 1 is versicolor, 2 is virginica"), std::string::npos) << page;
  }
  EXPECT_TRUE(command.read("worksheet.md").starts_with("# worksheet: a training step to work out\n"));
  EXPECT_TRUE(command.read("worksheet_answers.md").starts_with("# worksheet: a training step worked out\n"));
}

TEST_F(WorksheetCommand, RefusesWhatNobodyWouldWorkOut) {
  const auto network = [](int inputs, int hidden) {
    std::string input = "1";
    for (int i = 1; i < inputs; ++i) input += ", 1";
    return "[network]\ninputs = " + std::to_string(inputs) + "\n[[layer]]\ntype = \"linear\"\nout = " + std::to_string(hidden) +
           "\n[[layer]]\ntype = \"linear\"\nout = 1\n[loss]\ntype = \"mse\"\n[sample]\ninput = [" + input + "]\ntarget = [1]\n";
  };
  const std::tuple<int, int, const char*> rows[] = {{11, 2, "x has 11 entries"}, {2, 11, "fc1 has 11 units"}, {10, 10, nullptr}};
  for (const auto& [inputs, hidden, part] : rows) {
    command.write("net.toml", network(inputs, hidden));
    const auto finished = command.run("worksheet net.toml -o sheet");
    if (part == nullptr) {
      EXPECT_EQ(finished.code, 0) << finished.err;
      continue;
    }
    EXPECT_EQ(finished.code, 2) << finished.err;
    EXPECT_EQ(finished.error_lines(), 1) << finished.err;
    EXPECT_NE(finished.err.find(part), std::string::npos) << finished.err;
    EXPECT_NE(finished.err.find("10"), std::string::npos) << finished.err;
    EXPECT_FALSE(command.has("sheet.txt"));
  }
}

TEST_F(WorksheetCommand, BadInput) {
  const auto article = source_file("examples/article.toml");
  for (const auto& [flags, code] : std::vector<std::pair<std::string, int>>{
           {"", 2}, {article + " --random 2-1", 2}, {"--random 3", 2}, {"--random 3-x-1", 2}, {"--random 3--1", 2}, {"--random 0-1", 2},
           {"--random 20-2-1", 2}, {"--random 2-1 --level 4", 2}, {"--random 2-1 --input 1,2 --label 1", 2},
           {"--random 2-1 --rows 1:2", 2}, {"--random 2-1 --target foo", 2}, {"--random 2-1 --no-header", 2}, {article + " --loss mse", 2},
           {article + " --activation tanh", 2}, {"--random 2-1 --loss hinge", 2}, {"--random 2-1 --loss cross_entropy", 2},
           {"nosuch.toml", 4}, {"--random 2-1 -o nosuch/sheet", 1}}) {
    const auto finished = command.run("worksheet " + flags);
    EXPECT_EQ(finished.code, code) << flags << "\n" << finished.err;
    EXPECT_EQ(finished.error_lines(), 1) << finished.err;
    EXPECT_EQ(command.files(), 0) << flags;
  }
}

}  // namespace
}  // namespace longhand::testing
