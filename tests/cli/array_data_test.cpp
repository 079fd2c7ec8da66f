// Arrays and packed files as DATA of the commands.
#include <gtest/gtest.h>

#include "cli/command_line.h"
#include "support/gzipped.h"

namespace longhand::testing {
namespace {

using std::string_literals::operator""s;

// IDX of bytes: images of 2 x 2, which are 1 where their first pixel is bright.
std::string images(int count) {
  std::string bytes = "\0\0\x08\x03\0\0\0"s + static_cast<char>(count) + "\0\0\0\x02\0\0\0\x02"s;
  for (int i = 0; i < count; ++i) bytes += {static_cast<char>(i % 2 == 0 ? 10 + i : 200 + i % 50), static_cast<char>(i), static_cast<char>(7 * i % 100), '\1'};
  return bytes;
}
std::string labels(int count) {
  std::string bytes = "\0\0\x08\x01\0\0\0"s + static_cast<char>(count);
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(i % 2);
  return bytes;
}

class ArrayData : public ::testing::Test {
 protected:
  void SetUp() override {
    command.write("x.gz", gzipped(images(40)));
    command.write("y", labels(40));
    command.write("few", images(12));
    command.write("few_y", labels(12));
  }
  void train() { ASSERT_EQ(command.run("train x.gz --labels y --epochs 30 -o m.safetensors").code, 0); }

  CommandLine command;
};

TEST_F(ArrayData, IsLearnedFromAndPredicted) {
  train();
  const auto inspected = command.run_json("inspect m.safetensors");
  EXPECT_EQ(command.run_json("evaluate m.safetensors few --labels few_y")["target"], "label");
  EXPECT_EQ(command.run_json("evaluate m.safetensors few --labels few_y")["rows"], 12);
  const auto predicted = command.run("predict m.safetensors few").out;
  EXPECT_TRUE(predicted.starts_with("prediction,p_0,p_1\n")) << predicted;
  EXPECT_EQ(std::count(predicted.begin(), predicted.end(), '\n'), 13);
  EXPECT_EQ(command.run("predict m.safetensors few --labels few_y").out, predicted);
  EXPECT_EQ(command.run_json("explain m.safetensors --data few --labels few_y --row 2")["steps"].empty(), false);
  const auto table = command.run_json("inspect x.gz --labels y");
  EXPECT_EQ(table["rows"], 40);
  EXPECT_EQ(table["columns"].size(), 5U);
}

TEST_F(ArrayData, ComesFromStandardInputToo) {
  train();
  const auto predicted = command.run("predict m.safetensors few").out;
  EXPECT_EQ(command.run("predict m.safetensors - <few").out, predicted);
  command.write("few.gz", gzipped(images(12)));
  EXPECT_EQ(command.run("predict m.safetensors - <few.gz").out, predicted);
  EXPECT_EQ(command.run("evaluate m.safetensors - --labels few_y <few.gz").code, 0);
  EXPECT_EQ(command.run("inspect - --labels few_y <few.gz").code, 0);
  EXPECT_EQ(command.run("train - --labels y --epochs 2 -o n.safetensors <x.gz").code, 0);
}

TEST_F(ArrayData, IsHeldOutFromAFileOfItsOwn) {
  const auto trained = command.run_json("train x.gz --labels y --validation few --validation-labels few_y --epochs 5 -o m.safetensors");
  EXPECT_FALSE(trained["metrics"]["validation"].is_null());
}

TEST_F(ArrayData, ReadsPackedCsvFromFilesAndStandardInput) {
  const std::string table = "a,b,y\n1,2,no\n2,1,yes\n3,5,no\n4,4,yes\n5,1,no\n6,7,yes\n7,2,no\n8,9,yes\n";
  command.write("t.csv", table);
  command.write("packed", gzipped(table.substr(0, 30)) + gzipped(table.substr(30)));
  ASSERT_EQ(command.run("train t.csv --target y --epochs 5 -o one.safetensors").code, 0);
  ASSERT_EQ(command.run("train - --target y --epochs 5 -o two.safetensors <packed").code, 0);
  const auto predicted = command.run("predict one.safetensors t.csv").out;
  for (const char* data : {"packed", "- <packed", "- <t.csv"}) {
    EXPECT_EQ(command.run("predict one.safetensors "s + data).out, predicted) << data;
    EXPECT_EQ(command.run("predict two.safetensors "s + data).out, predicted) << data;
    EXPECT_EQ(command.run("evaluate one.safetensors "s + data).code, 0) << data;
    EXPECT_EQ(command.run("inspect "s + data).code, 0) << data;
  }
}

TEST_F(ArrayData, IsRefusedInOneLine) {
  train();
  command.write("t.csv", "a,y\n1,0\n2,1\n");
  command.write("cut.gz", gzipped("a,y\n1,0\n2,1\n").substr(0, 20));
  command.write("wide", "\0\0\x08\x02\0\0\0\x01\0\0\0\x09"s + "123456789");
  command.write("object.npy", "\x93NUMPY\x01\0\x3a\0"s + "{'descr': '|O', 'fortran_order': False, 'shape': (3,), }  ");
  const struct {
    const char* arguments;
    int code;
    const char* part;
  } cases[] = {
      {"train x.gz", 2, "--target is needed"},
      {"train t.csv --labels y", 2, "labels in a file of their own are for NPY and IDX"},
      {"train x.gz --labels -", 2, "--labels needs a file"},
      {"train x.gz --labels y --target 9", 2, "no column '9'"},
      {"train x.gz --labels y --drop 5", 2, "no column '5' among 1 to 4"},
      {"train x.gz --labels none", 3, "none"},
      {"train x.gz --labels few_y", 3, "few_y: 12 rows of labels, but x.gz has 40 rows"},
      {"train x.gz --labels few", 3, "few: 4 numbers a row, where one label is expected"},
      {"train x.gz --labels y --validation-labels y", 2, "--validation-labels needs --validation FILE"},
      {"train x.gz --labels y -o y", 2, "would replace y"},
      {"train x.gz --labels y --validation few --validation-labels few_y -o few_y", 2, "would replace few_y"},
      {"train cut.gz --target y", 3, "cut.gz: the gzip file is cut short"},
      {"train - --target y <cut.gz", 3, "standard input: the gzip file is cut short"},
      {"inspect object.npy", 3, "object.npy: the NPY header tells of elements of type '|O'"},
      {"evaluate m.safetensors few", 2, "--labels is needed: few has no column 'label'"},
      {"predict m.safetensors wide", 3, "wide: 9 columns, expected 5, or 4 without the target"},
  };
  for (const auto& [arguments, code, part] : cases) {
    SCOPED_TRACE(arguments);
    const auto finished = command.run(arguments);
    EXPECT_EQ(finished.code, code);
    EXPECT_EQ(finished.error_lines(), 1) << finished.err;
    EXPECT_NE(finished.err.find(part), std::string::npos) << finished.err;
  }
}

}  // namespace
}  // namespace longhand::testing
