// One subcommand a class: its flags, and what it does. cli is the only reader of flags, environment
// and options in TOML.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "longhand/base.h"

namespace longhand::cli {

/// The command line or the file of --config is wrong.
class UsageError : public Error {
 public:
  using Error::Error;
};

enum ExitCode : int {
  kDone = 0,
  kFailed = 1,
  kBadUsage = 2,
  kBadData = 3,
  kBadModel = 4,
  kInterrupted = 130,
};

class Command {
 public:
  virtual ~Command() = default;
  virtual const char* name() const = 0;
  virtual const char* description() const = 0;
  /// A line that can be typed as it is where the files exist.
  virtual const char* example() const = 0;
  virtual void add_options(CLI::App& app) = 0;
  /// The exit code. Everything that goes wrong is thrown.
  virtual int run() = 0;

  /// Adds --json, --seed, --threads and --config, which all commands have.
  void add_common_options(CLI::App& app);

 protected:
  bool json_ = false;
  std::uint64_t seed_ = 0;
  int threads_ = 1;
  std::string config_;  // the file's path; empty where there is none
};

std::vector<std::unique_ptr<Command>> all_commands();

std::unique_ptr<Command> make_train();
std::unique_ptr<Command> make_tune();
std::unique_ptr<Command> make_predict();
std::unique_ptr<Command> make_evaluate();
std::unique_ptr<Command> make_explain();
std::unique_ptr<Command> make_grade();
std::unique_ptr<Command> make_inspect();
std::unique_ptr<Command> make_bench();
std::unique_ptr<Command> make_check();
std::unique_ptr<Command> make_worksheet();

}  // namespace longhand::cli
