// What is wrong ends with one line on standard error, the contract's exit code, and nothing changed
// on disk.
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/command_line.h"
#include "support/gzipped.h"

namespace longhand::testing {
namespace {

constexpr const char* kGood = "a,b,y\n1,2,no\n2,1,yes\n3,5,no\n4,4,yes\n5,1,no\n6,7,yes\n7,2,no\n8,9,yes\n";

class BadInput : public ::testing::Test {
 protected:
  void SetUp() override { command.write("good.csv", kGood); }

  void train_model() {
    ASSERT_EQ(command.run("train good.csv --target y --epochs 3 -o model.safetensors").code, 0);
  }

  // `part` is what the one line has to say.
  void expect_refused(const std::string& arguments, int code, const std::string& part,
                      const std::string& before = "") {
    SCOPED_TRACE(arguments);
    const auto files_before = command.files();
    const auto model_before = command.read("model.safetensors");
    const auto finished = command.run(arguments, before);
    EXPECT_EQ(finished.code, code);
    EXPECT_EQ(finished.out, "");
    EXPECT_EQ(finished.error_lines(), 1) << finished.err;
    EXPECT_TRUE(finished.err.starts_with("longhand: error: ")) << finished.err;
    EXPECT_NE(finished.err.find(part), std::string::npos) << finished.err;
    EXPECT_EQ(command.files(), files_before);
    EXPECT_EQ(command.read("model.safetensors"), model_before);
  }
  void expect_bad_table(const std::string& table, const std::string& part) {
    command.write("bad.csv", table);
    expect_refused("train bad.csv --target y -o new.safetensors", 3, part);
    train_model();
    expect_refused("train bad.csv --target y", 3, part);  // would replace the model that there is
  }

  CommandLine command;
};

TEST_F(BadInput, CellThatIsInfinite) {
  expect_bad_table("a,b,y\n1,2,no\n2,1,yes\n3,-inf,no\n4,1,yes\n", "row 3 (line 4), column 'b'");
}
TEST_F(BadInput, CellBeyondTheNumbers) {
  expect_bad_table("a,b,y\n1,2,no\n1e400,1,yes\n3,1,no\n4,1,yes\n", "row 2 (line 3), column 'a'");
}
TEST_F(BadInput, ColumnOfFewCellsThatAreNotFinite) {
  expect_bad_table("a,b,y\nnan,2,no\ninf,1,yes\n1e400,1,no\n4,1,yes\n", "row 2 (line 3), column 'a': 'inf' is not a finite number");
}
TEST_F(BadInput, TargetThatIsNotFinite) {
  expect_bad_table("a,y\n1,0\n2,1\n3,inf\n4,1\n", "row 3 (line 4), column 'y': 'inf' is not a finite number");
}
TEST_F(BadInput, OneRow) { expect_bad_table("a,b,y\n1,2,no\n", "bad.csv: 1 row, and a network needs two or more to learn from"); }
TEST_F(BadInput, StrayTextAmongNumbers) {
  expect_bad_table("a,b,y\n1,2,no\nabc,1,yes\n3,1,no\n4,1,yes\n", "bad.csv: row 2 (line 3), column 'a': 'abc' is not a number");
}
TEST_F(BadInput, SeparatorsOfThousands) {
  expect_bad_table("a,b,y\n\"1,234\",2,no\n7,1,yes\n\"2,000\",3,no\n", "row 1 (line 2), column 'a': '1,234' has a thousands separator");
}
TEST_F(BadInput, DecimalCommas) {
  command.write("comma.csv", "a;b;y\n1,5;2;no\n2,25;1;yes\n3,5;3;no\n");
  expect_refused("train comma.csv --delimiter ';' --target y", 3, "row 1 (line 2), column 'a': '1,5' has a thousands separator or a decimal comma");
}
TEST_F(BadInput, DatesThatCanBeReadInTwoWays) {
  expect_bad_table("a,b,y\n01/02/2020,2,no\n03/04/2020,1,yes\n05/06/2020,3,no\n", "row 1 (line 2), column 'a': '01/02/2020' may have its day or its month first");
}
TEST_F(BadInput, NothingInTheTarget) {
  expect_bad_table("a,b,y\n1,2,no\n2,1,\n3,1,yes\n4,1,yes\n", "row 2 (line 3), column 'y': the cell is empty");
}
TEST_F(BadInput, ColumnsThatRowsCannotBeHeldOutBy) {
  command.write("held.csv", "a,g,t,y\n1,p,2020-01-01,no\n2,p,,yes\n3,p,2020-01-03,no\n4,p,2020-01-04,yes\n");
  expect_refused("train held.csv --target y --split-by g", 3, "held.csv: column 'g' has one value in all rows");
  expect_refused("train held.csv --target y --split-time t", 3, "held.csv: row 2 (line 3), column 't': the cell has no time");
  expect_refused("train held.csv --target y --split-time g", 3, "held.csv: row 1 (line 2), column 'g': 'p' is neither a number nor a date");
  command.write("days.csv", "a,t,y\n1,01/02/2020,no\n2,03/04/2020,yes\n3,05/06/2020,no\n4,07/08/2020,yes\n");
  expect_refused("train days.csv --target y --split-time t", 3, "days.csv: column 't': its dates can be read in two ways");
}
TEST_F(BadInput, OnlyConstantColumns) { expect_bad_table("a,y\n1,no\n1,yes\n1,no\n", "no column to learn from"); }
TEST_F(BadInput, CategoriesThatAreNotUtf8) {
  expect_bad_table("a,b,y\n\xe4,2,no\nb,1,yes\n\xe4,1,no\nb,1,yes\n", "is not UTF-8");
}
TEST_F(BadInput, RaggedRow) { expect_bad_table("a,b,y\n1,2,no\n2,1\n3,1,yes\n", "line 3"); }
TEST_F(BadInput, UnclosedQuote) { expect_bad_table("a,b,y\n1,2,\"no\n2,1,yes\n", "line 2"); }
TEST_F(BadInput, NoRows) { expect_bad_table("a,b,y\n", "bad.csv"); }
TEST_F(BadInput, EmptyFile) { expect_bad_table("", "bad.csv"); }
TEST_F(BadInput, OneClassOnly) {
  expect_bad_table("a,b,y\n1,2,no\n2,1,no\n3,1,no\n", "column 'y': only one class, 'no'");
}
TEST_F(BadInput, DuplicateHeader) { expect_bad_table("a,a,y\n1,2,no\n2,1,yes\n", "'a'"); }
TEST_F(BadInput, NothingToLearnFrom) { expect_bad_table("y\nno\nyes\nno\n", "no column to learn from"); }
TEST_F(BadInput, Utf16) { expect_bad_table(std::string("\xff\xfe" "a\0,\0", 6), "UTF-16"); }
TEST_F(BadInput, ZeroByte) { expect_bad_table(std::string("a,b,y\n1,\0,no\n2,1,yes\n", 21), "line 2"); }

TEST_F(BadInput, PackedTableThatIsCutShort) {
  const auto packed = gzipped(kGood);
  expect_bad_table(packed.substr(0, packed.size() - 1), "bad.csv: the gzip file is cut short");
  expect_bad_table(packed + "x", "bad.csv: the gzip file is ");
}
TEST_F(BadInput, ARowWithoutAnEnd) {
  const auto piece = gzipped(std::string(1 << 22, 'a'));
  std::string packed = gzipped("a,b,y\n1,2,no\n\"");
  for (int i = 0; i < 33; ++i) packed += piece;
  expect_bad_table(packed, "bad.csv: a row of over 67,108,864 bytes begins at byte 14");
}
TEST_F(BadInput, AFolderThatCannotBeWrittenTo) {
  expect_refused("train good.csv --target y --epochs 1 -o /proc/m.safetensors", 1, "cannot write /proc/m.safetensors");
}

TEST_F(BadInput, MissingTable) { expect_refused("train none.csv --target y", 3, "none.csv"); }

TEST_F(BadInput, CellOfANumberTargetThatIsNone) {
  std::string table = "a,y\n";
  for (int i = 0; i < 60; ++i) table += std::to_string(i % 7) + "," + (i == 40 ? "n/a" : std::to_string(i * 1.5)) + "\n";
  command.write("bad.csv", table);
  expect_refused("train bad.csv --target y", 3, "row 41 (line 42), column 'y': 'n/a' is no value, where a target is needed");
}

TEST_F(BadInput, UnknownColumns) {
  train_model();
  expect_refused("train good.csv --target nosuch", 2, "no column 'nosuch'");
  expect_refused("train good.csv --target y --drop nosuch", 2, "'nosuch'");
  expect_refused("train good.csv --target y --categorical nosuch", 2, "--categorical: good.csv has no column 'nosuch'");
  expect_refused("train good.csv --target y --numeric a --categorical a,b", 2, "'a' cannot be both");
  expect_refused("inspect good.csv --numeric nosuch", 2, "'nosuch'");
  expect_refused("train good.csv --target y --missing ,", 2, "--missing");
  expect_refused("train good.csv --target y --sample-weight nosuch", 2, "'nosuch'");
  expect_refused("predict model.safetensors good.csv --keep nosuch", 2, "'nosuch'");
}

TEST_F(BadInput, WrongFlags) {
  for (const char* flags :
       {"--epochs abc", "--epochs 0", "--epochs -3", "--epochs 1.5", "--batch-size 0", "--learning-rate 0",
        "--learning-rate -1", "--learning-rate nan", "--learning-rate inf", "--learning-rate x", "--hidden 64,abc",
        "--hidden 0", "--hidden 64,,64", "--hidden -5", "--activation nosuch", "--optimizer nosuch", "--dropout 1",
        "--dropout -0.1", "--dropout nan", "--validation 1", "--validation -0.5", "--patience -1", "--momentum 0.9",
        "--optimizer sgd --momentum -1", "--optimizer adam --nesterov", "--weight-decay -1", "--weight-decay nan",
        "--seed -1", "--seed x", "--threads 0", "--threads x", "--task nosuch", "--dtype f16", "--class-weight nosuch", "--number-scaling nosuch", "--number-steps -1", "--number-steps x", "--number-steps 100000",
        "--split-by nosuch", "--split-by y", "--split-time nosuch", "--split-by a --split-time b",
        "--epochs 0x10", "--epochs ''", "--epochs 99999999999999999999", "--batch-size 1e3", "--learning-rate 0x1",
        "--learning-rate 1e400", "--learning-rate ''", "--seed 18446744073709551616", "--hidden ''", "--validation ''",
        "--target ''", "-o ''", "--delimiter ab", "--delimiter 1", "--nosuch", "--config none.toml", "--task regression --class-weight nosuch"}) {
    expect_refused(std::string("train good.csv --target y ") + flags, 2, "");
  }
}

TEST_F(BadInput, LeadingZerosAreNoOctal) {
  ASSERT_EQ(command.run("train good.csv --target y --epochs 010 --validation 0").code, 0);
  EXPECT_EQ(command.run_json("inspect model.safetensors")["training"]["epochs"], 10);
}

TEST_F(BadInput, BalancedWeightsForATargetOfNumbers) {
  command.write("numbers.csv", "a,y\n1,1.5\n2,2.5\n3,3.5\n4,4.5\n5,0.5\n");
  expect_refused("train numbers.csv --target y --class-weight balanced", 2, "'y' is learned as a number");
}

TEST_F(BadInput, OutputsThatWouldReplaceWhatIsRead) {
  train_model();
  command.write("net.toml", "[[layer]]\ntype = \"linear\"\nout = 1\n[loss]\ntype = \"bce_with_logits\"\n");
  const auto table = command.read("good.csv"), network = command.read("net.toml");
  expect_refused("train good.csv --target y -o good.csv", 2, "would replace good.csv, which is read too");
  expect_refused("train good.csv --target y -o ./good.csv", 2, "good.csv");
  expect_refused("train good.csv --target y --network net.toml -o net.toml", 2, "net.toml");
  expect_refused("predict model.safetensors good.csv -o good.csv", 2, "good.csv");
  expect_refused("predict model.safetensors good.csv -o model.safetensors", 2, "model.safetensors");
  expect_refused("explain model.safetensors --data good.csv --row 1 -o good.csv", 2, "good.csv");
  EXPECT_EQ(command.read("good.csv"), table);
  EXPECT_EQ(command.read("net.toml"), network);
}

TEST_F(BadInput, KeptColumnsOfOneName) {
  train_model();
  expect_refused("predict model.safetensors good.csv --keep a,a", 2, "two columns 'a'");
  command.write("predicted.csv", "a,b,prediction,p_yes\n1,2,no,0.5\n");
  expect_refused("predict model.safetensors predicted.csv --keep prediction", 2, "two columns 'prediction'");
  expect_refused("predict model.safetensors predicted.csv --keep p_yes", 2, "two columns 'p_yes'");
}

TEST_F(BadInput, ANetworkBeyondTheMemory) {
  expect_refused("train good.csv --target y --hidden 1000000000,1000000000", 1, "not enough memory for the network");
}

TEST_F(BadInput, WrongCommandLines) {
  for (const char* arguments : {"", "nosuch", "train", "train good.csv", "train --target y", "predict", "predict good.csv",
                                "evaluate model.safetensors", "explain", "inspect", "train good.csv other.csv --target y",
                                "predict - - ", "explain --format nosuch " LONGHAND_SOURCE_DIR "/examples/article.toml"}) {
    expect_refused(arguments, 2, "");
  }
}

TEST_F(BadInput, ATaskThatTheTargetCannotHave) {
  command.write("three.csv", "a,y\n1,x\n2,y\n3,z\n4,x\n");
  expect_refused("train three.csv --target y --task binary", 3, "3 classes");
  expect_refused("train good.csv --target y --task regression", 3, "row 1 (line 2), column 'y': 'no' is not a number");
}

TEST_F(BadInput, ModelsThatAreNone) {
  train_model();
  const auto model = command.read("model.safetensors");
  expect_refused("predict none.safetensors good.csv", 4, "none.safetensors");
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{7}, std::size_t{8}, std::size_t{200}, model.size() / 2, model.size() - 1}) {
    command.write("cut.safetensors", model.substr(0, bytes));
    expect_refused("predict cut.safetensors good.csv", 4, "cut.safetensors");
    expect_refused("evaluate cut.safetensors good.csv", 4, "cut.safetensors");
    expect_refused("inspect cut.safetensors", 4, "cut.safetensors");
  }
  auto flipped = model;
  flipped[model.size() - 1] = static_cast<char>(flipped[model.size() - 1] ^ 0x40);
  command.write("flipped.safetensors", flipped);
  expect_refused("predict flipped.safetensors good.csv", 4, "flipped.safetensors");
  command.write("bad.toml", "[network]\ninputs = 2\n");
  expect_refused("explain bad.toml", 4, "bad.toml");
  expect_refused("train good.csv --target y --network bad.toml", 4, "bad.toml");
  expect_refused("predict " + source_file("examples/article.toml") + " good.csv", 4, "article.toml");
}

TEST_F(BadInput, ANetworkThatDoesNotFitTheTable) {
  command.write("net.toml", "[network]\ninputs = 5\n[[layer]]\ntype = \"linear\"\nout = 1\n[loss]\ntype = \"bce_with_logits\"\n");
  expect_refused("train good.csv --target y --network net.toml", 4, "5 inputs");
  command.write("net.toml", "[[layer]]\ntype = \"linear\"\nout = 3\n[loss]\ntype = \"bce_with_logits\"\n");
  expect_refused("train good.csv --target y --network net.toml", 4, "3 outputs");
  command.write("net.toml", "[[layer]]\ntype = \"linear\"\nout = 1\n[loss]\ntype = \"mse\"\n");
  expect_refused("train good.csv --target y --network net.toml", 4, "mse");
}

TEST_F(BadInput, WrongColumnsAtPredict) {
  train_model();
  command.write("few.csv", "a,y\n1,no\n2,yes\n");
  expect_refused("predict model.safetensors few.csv", 3, "no column 'b'");
  expect_refused("evaluate model.safetensors few.csv", 3, "no column 'b'");
  command.write("other.csv", "a,b\n1,2\n");
  expect_refused("evaluate model.safetensors other.csv", 3, "no column 'y'");
  command.write("new_class.csv", "a,b,y\n1,2,no\n2,1,maybe\n");
  expect_refused("evaluate model.safetensors new_class.csv", 3, "row 2 (line 3), column 'y': 'maybe' is not among the classes");
  command.write("nan.csv", "a,b\n1,2\n1,x\n");
  expect_refused("predict model.safetensors nan.csv", 3, "row 2 (line 3), column 'b': 'x' is not a number");
  command.write("far.csv", "a,b\n1,2\n1e300,1\n");
  expect_refused("predict model.safetensors far.csv", 3, "row 2 (line 3)");
}

TEST_F(BadInput, WrongNumberOfColumnsWithoutAHeader) {
  command.write("bare.csv", "1,2,0\n2,1,1\n3,5,0\n4,4,1\n5,1,0\n6,7,1\n");
  ASSERT_EQ(command.run("train bare.csv --no-header --target -1 --epochs 3").code, 0);
  for (const char* row : {"1\n", "1,2,3,4\n"}) {
    command.write("wrong.csv", row);
    expect_refused("predict model.safetensors wrong.csv", 3, "expected 3, or 2 without the target");
  }
  command.write("wrong.csv", "1,2\n3,1\n");
  expect_refused("evaluate model.safetensors wrong.csv", 3, "expected 3 with the target");
}

TEST_F(BadInput, OutputsThatCannotBeWritten) {
  train_model();
  expect_refused("train good.csv --target y -o no/such/folder/m.safetensors", 1, "no/such/folder");
  expect_refused("train good.csv --target y -o .", 1, "cannot write");
  expect_refused("predict model.safetensors good.csv -o no/such/p.csv", 1, "no/such/p.csv");
  expect_refused("predict model.safetensors good.csv -o /dev/full", 1, "No space left");
  expect_refused("predict model.safetensors good.csv >/dev/full", 1, "standard output: No space left");
  command.write("other.csv", "a,b,y\n1,3,no\n2,2,yes\n");
  expect_refused("evaluate model.safetensors other.csv >/dev/full", 1, "standard output: No space left");
  expect_refused("inspect good.csv >&-", 1, "standard output: Bad file descriptor");
  expect_refused("--help >/dev/full", 1, "standard output: No space left");
}

TEST_F(BadInput, AReaderThatLeaves) {
  train_model();
  std::string rows = "a,b\n";
  for (int i = 0; i < 50000; ++i) rows += "1,2\n";
  command.write("many.csv", rows);
  const auto finished = command.run("predict model.safetensors many.csv | true");
  EXPECT_EQ(finished.err, "longhand: error: cannot write standard output: Broken pipe\n");
}

TEST_F(BadInput, LeavesTheLogOfTheTrainingBefore) {
  const std::string logs = " --log log.jsonl --tensorboard events";
  command.write("log.jsonl", "of another training\n");
  command.write("bad.csv", "a,b,y\n1,2,no\nabc,1,yes\n3,1,no\n4,1,yes\n");
  expect_refused("train bad.csv --target y" + logs, 3, "'abc' is not a number");
  expect_refused("train good.csv --target y --batch-size 1 --learning-rate 1e30 --validation 0" + logs, 1, "diverged in epoch 1");
  EXPECT_EQ(command.read("log.jsonl"), "of another training\n");
  EXPECT_FALSE(command.has("events"));
}

TEST_F(BadInput, DivergenceLeavesNoModel) {
  expect_refused("train good.csv --target y --learning-rate 1e30 --validation 0", 1, "--learning-rate below 1e+30");
}

TEST_F(BadInput, UnknownKeysOfTheConfiguration) {
  command.write("c.toml", "learning_rat = 0.1\n");
  expect_refused("train good.csv --target y --config c.toml", 2, "c.toml: line 1: 'learning_rat'");
  command.write("c.toml", "config = \"c.toml\"\n");
  expect_refused("train good.csv --target y --config c.toml", 2, "c.toml: line 1: 'config'");
  command.write("c.toml", "epochs = \"many\"\n");
  expect_refused("train good.csv --target y --config c.toml", 2, "c.toml: line 1: 'epochs'");
  command.write("c.toml", "epochs = \n");
  expect_refused("train good.csv --target y --config c.toml", 2, "c.toml: line 1");
  expect_refused("train good.csv --target y", 2, "LONGHAND_EPOCHS", "LONGHAND_EPOCHS=x");
}

}  // namespace
}  // namespace longhand::testing
