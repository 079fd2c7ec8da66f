// Training from a file in blocks through the real binary.
#include <gtest/gtest.h>

#include <array>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cli/command_line.h"
#include "support/gzipped.h"
#include "support/npy.h"

namespace longhand::testing {
namespace {

using Json = nlohmann::ordered_json;

class StreamCommand : public ::testing::Test {
 protected:
  void SetUp() override { command.copy("breast_cancer.csv"); }
  CommandLine command;
  const std::string train_ = "train breast_cancer.csv --target diagnosis --epochs 5 ";
};

TEST_F(StreamCommand, GivesTheModelOfTheTableInMemory) {
  ASSERT_EQ(command.run(train_ + "--no-refit -o memory.safetensors").code, 0);
  const auto streamed = command.run(train_ + "--stream --json -o blocks.safetensors --report page.html");
  ASSERT_EQ(streamed.code, 0) << streamed.err;
  EXPECT_TRUE(command.read("memory.safetensors") == command.read("blocks.safetensors"));
  EXPECT_EQ(Json::parse(streamed.out)["rows"], 455);
  EXPECT_TRUE(command.has("page.html"));
}

TEST_F(StreamCommand, PredictsAndEvaluatesAsInMemory) {
  // Rows enough for several blocks.
  const auto table = command.read("breast_cancer.csv");
  const auto rows = table.substr(table.find('\n') + 1);
  auto many = table;
  for (int i = 0; i < 50; ++i) many += rows;
  command.write("many.csv", many);
  ASSERT_EQ(command.run(train_ + "-o model.safetensors").code, 0);
  for (const char* what : {"evaluate", "predict --keep diagnosis"}) {
    const auto in_memory = command.run(std::string(what) + " model.safetensors many.csv");
    const auto streamed = command.run(std::string(what) + " model.safetensors many.csv --stream");
    ASSERT_EQ(streamed.code, 0) << streamed.err;
    EXPECT_TRUE(streamed.out == in_memory.out) << what;
  }
  command.write("many.csv", many + "x" + rows.substr(0, rows.find('\n')) + "\n");
  const auto files = command.files();
  const auto bad = command.run("predict model.safetensors many.csv --stream -o out.csv");
  EXPECT_EQ(bad.code, 3);
  EXPECT_NE(bad.err.find("many.csv: row 29020 (line 29021), column 'mean_radius': 'x17.99' is not a number"), std::string::npos) << bad.err;
  EXPECT_EQ(command.files(), files);
  const auto json = command.run("predict model.safetensors breast_cancer.csv --stream --json");
  EXPECT_EQ(json.code, 2);
  EXPECT_NE(json.err.find("needs -o FILE"), std::string::npos) << json.err;
}

TEST_F(StreamCommand, RefusesInOneLineWhatItCannotDo) {
  const std::pair<const char*, std::pair<int, const char*>> cases[] = {
      {"--target diagnosis --stream --optimizer lbfgs", {2, "lbfgs takes all rows at once"}},
      {"--target diagnosis --stream --split-by mean_texture", {2, "cannot be held out by a column"}},
      {"--target nothing --stream", {2, "no column 'nothing'"}},
      {"--target diagnosis --stream --drop nothing", {2, "no column 'nothing'"}},
  };
  for (const auto& [flags, expected] : cases) {
    const auto finished = command.run("train breast_cancer.csv -o m.safetensors " + std::string(flags));
    EXPECT_EQ(finished.code, expected.first) << flags << finished.err;
    EXPECT_EQ(finished.error_lines(), 1) << finished.err;
    EXPECT_NE(finished.err.find(expected.second), std::string::npos) << finished.err;
  }
  const auto piped = command.run("train - --target diagnosis --stream -o m.safetensors < breast_cancer.csv");
  EXPECT_EQ(piped.code, 2);
  EXPECT_NE(piped.err.find("--stream needs a file"), std::string::npos) << piped.err;
  const auto homeless = command.run(train_ + "--stream -o m.safetensors", "export TMPDIR=/nowhere;");
  EXPECT_EQ(homeless.code, 1);
  EXPECT_EQ(homeless.error_lines(), 1) << homeless.err;
  EXPECT_NE(homeless.err.find("/nowhere"), std::string::npos) << homeless.err;
  EXPECT_FALSE(command.has("m.safetensors"));
}

// IDX of bytes, and gzipped NPY of the same numbers in single precision: whether the second is greater than the first.
class StreamedArrays : public ::testing::Test {
 protected:
  static constexpr int kRows = 2000;
  void SetUp() override {
    const auto extent = [](int count) { return std::string{0, 0, static_cast<char>(count >> 8), static_cast<char>(count & 0xFF)}; };
    std::string pixels, labels;
    std::vector<float> numbers;
    for (int i = 0; i < kRows; ++i) {
      const std::array<int, 3> row{i * 37 % 251, i * 101 % 241, i % 5};
      for (const int value : row) {
        pixels += static_cast<char>(value);
        numbers.push_back(static_cast<float>(value));
      }
      labels += static_cast<char>(row[1] > row[0]);
    }
    command.write("x", std::string("\0\0\x08\x02", 4) + extent(kRows) + extent(3) + pixels);
    command.write("y.gz", gzipped(std::string("\0\0\x08\x01", 4) + extent(kRows) + labels));
    command.write("x.npy.gz", gzipped(npy_of("<f4", "(2000, 3)", bytes_of(std::span<const float>(numbers)))));
    command.write("y.npy", npy_of("|b1", "(2000,)", labels));
  }
  CommandLine command;
};

TEST_F(StreamedArrays, AreLearnedFromPredictedAndEvaluatedAsInMemory) {
  const std::string flags = " --epochs 3 --no-refit -o ";
  ASSERT_EQ(command.run("train x --labels y.gz --validation x.npy.gz --validation-labels y.npy" + flags + "memory.safetensors").code, 0);
  for (const char* const data : {"x --labels y.gz", "x.npy.gz --labels y.npy", "x --labels y.npy"}) {
    SCOPED_TRACE(data);
    for (const char* const threads : {"1", "3"}) {
      const auto trained = command.run("train " + std::string(data) + " --validation x --validation-labels y.gz --stream --threads " + threads + flags + "blocks.safetensors");
      ASSERT_EQ(trained.code, 0) << trained.err;
      EXPECT_TRUE(command.read("blocks.safetensors") == command.read("memory.safetensors"));
    }
    for (const char* const what : {"evaluate", "predict"}) {
      const auto in_memory = command.run(std::string(what) + " memory.safetensors " + data);
      ASSERT_EQ(in_memory.code, 0) << in_memory.err;
      EXPECT_EQ(command.run(std::string(what) + " memory.safetensors " + data + " --stream").out, in_memory.out) << what;
    }
  }
  const auto unlabelled = command.run("evaluate memory.safetensors x --stream");
  EXPECT_EQ(unlabelled.code, 2);
  EXPECT_NE(unlabelled.err.find("--labels is needed: x has no column 'label'"), std::string::npos) << unlabelled.err;
}

TEST_F(StreamedArrays, AreRefusedInOneLine) {
  ASSERT_EQ(command.run("train x --labels y.gz --epochs 1 -o m.safetensors").code, 0);
  const auto x = command.read("x"), packed = command.read("x.npy.gz");
  command.write("cut", x.substr(0, x.size() - 1));
  command.write("cut.gz", packed.substr(0, packed.size() / 2));
  command.write("fortran.gz", gzipped(npy_of("|u1", "(2, 3)", "123456", true)));
  const auto files = command.files();
  const struct {
    const char* data;
    int code;
    const char* part;
  } cases[] = {
      {"cut", 3, "cut: 2,000 rows of 3 columns take 6,000 bytes, but the file has 5,999"},
      {"cut.gz", 3, "cut.gz: the gzip file is cut short"},
      {"fortran.gz", 2, "fortran.gz: an array in Fortran's order that is packed is read whole only"},
      {"x --labels cut.gz", 3, "cut.gz: 3 numbers a row, where one label is expected"},
      {"x --labels none", 3, "none"},
      {"x --labels -", 2, "--labels needs a file"},
      {"x --drop 4", 2, "no column '4' among 1 to 3"},
  };
  for (const auto& [data, code, part] : cases) {
    for (const char* const command_line : {"train -o new.safetensors --target 1 ", "predict m.safetensors -o new.csv "}) {
      if (std::string(data).find("--drop") != std::string::npos && command_line[0] == 'p') continue;
      SCOPED_TRACE(std::string(command_line) + data);
      const auto finished = command.run(std::string(command_line) + data + " --stream");
      EXPECT_EQ(finished.code, code);
      EXPECT_EQ(finished.error_lines(), 1) << finished.err;
      EXPECT_NE(finished.err.find(part), std::string::npos) << finished.err;
      EXPECT_EQ(command.files(), files);
    }
  }
}

TEST_F(StreamCommand, ReadsPackedCsvAsInMemory) {
  const auto table = command.read("breast_cancer.csv");
  command.write("t.csv.gz", gzipped(table.substr(0, 9999)) + gzipped(table.substr(9999)));
  ASSERT_EQ(command.run(train_ + "--no-refit -o memory.safetensors").code, 0);
  const auto trained = command.run("train t.csv.gz --target diagnosis --epochs 5 --stream -o packed.safetensors");
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_TRUE(command.read("packed.safetensors") == command.read("memory.safetensors"));
  for (const char* const what : {"predict", "evaluate"}) {
    EXPECT_EQ(command.run(std::string(what) + " memory.safetensors t.csv.gz --stream").out,
              command.run(std::string(what) + " memory.safetensors breast_cancer.csv").out);
  }
  const auto packed = gzipped(table);
  command.write("cut.gz", packed.substr(0, packed.size() - 100));
  command.write("damaged.gz", packed + "not gzip");
  const auto files = command.files();
  for (const char* const what : {"train -o new.safetensors --target diagnosis", "predict memory.safetensors -o new.csv", "evaluate memory.safetensors"}) {
    for (const auto& [name, part] : {std::pair{"cut.gz", "cut.gz: the gzip file is cut short"}, {"damaged.gz", "damaged.gz: the gzip file is damaged"}}) {
      const auto finished = command.run(std::string(what) + " " + name + " --stream");
      EXPECT_EQ(finished.code, 3) << what;
      EXPECT_EQ(finished.error_lines(), 1) << finished.err;
      EXPECT_NE(finished.err.find(part), std::string::npos) << finished.err;
      EXPECT_EQ(finished.out, "");
      EXPECT_EQ(command.files(), files);
    }
  }
}

TEST_F(StreamCommand, SaysWhatIsOfASample) {
  std::string many = "a,y\n";
  for (int i = 0; i < 510'000; ++i) many += std::to_string(i % 7) + (i % 3 == 0 || i % 7 < 2 ? ",yes\n" : ",no\n");
  command.write("many.csv", many);
  const auto trained = command.run("train many.csv --target y --stream --epochs 1 --hidden 4 --batch-size 4096 -o m.safetensors --report page.html");
  ASSERT_EQ(trained.code, 0) << trained.err;
  EXPECT_NE(trained.out.find("the metrics of train are of 80,000 of them, drawn at random"), std::string::npos) << trained.out;
  EXPECT_NE(command.read("page.html").find("drawn at random"), std::string::npos);

  const auto streamed = command.run("evaluate m.safetensors many.csv --stream --costs 1,2");
  EXPECT_NE(streamed.out.find("auc, the intervals and the costs are of 500,000 of these rows, drawn at random."), std::string::npos) << streamed.out;
  const auto json = command.run_json("evaluate m.safetensors many.csv --stream"), all = command.run_json("evaluate m.safetensors many.csv");
  EXPECT_EQ(json["sample_rows"], 500'000);
  EXPECT_EQ(json["rows"], 510'000);
  EXPECT_FALSE(all.contains("sample_rows"));
  EXPECT_EQ(json["metrics"]["confusion"], all["metrics"]["confusion"]);
  EXPECT_EQ(json["metrics"]["accuracy"], all["metrics"]["accuracy"]);
  EXPECT_NEAR(json["metrics"]["log_loss"].get<double>(), all["metrics"]["log_loss"].get<double>(), 1e-9);

  const auto inspected = command.run("inspect many.csv --stream");
  EXPECT_TRUE(inspected.out.starts_with("510,000 rows, 2 columns\nWhat is said of columns is of 100,000 of the rows, drawn at random.\n")) << inspected.out;
  const auto table = command.run_json("inspect many.csv --stream");
  EXPECT_EQ(table["rows"], 510'000);
  EXPECT_EQ(table["sample_rows"], 100'000);
  EXPECT_EQ(table["columns"][0]["distinct"], 7);
  EXPECT_EQ(command.run("inspect breast_cancer.csv --stream").out, command.run("inspect breast_cancer.csv").out);
}

}  // namespace
}  // namespace longhand::testing
