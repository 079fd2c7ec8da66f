#include "cli/command.h"

#include "base/thread_pool.h"

namespace longhand::cli {

void Command::add_common_options(CLI::App& app) {
  constexpr int kMostThreads = 1024;
  static const int kCores = physical_cores();  // each command asks
  threads_ = kCores;
  app.add_flag("--json", json_, "print one JSON document on standard output")->group("For all commands");
  app.add_option("--seed", seed_, "what random numbers are drawn from")
      ->capture_default_str()
      ->group("For all commands");
  app.add_option("--threads", threads_, "how many threads; never changes a result (default: all cores)")
      ->check(CLI::Range(1, kMostThreads).description(""))
      ->group("For all commands");
  app.add_option("--config", config_, "TOML with flags as keys: learning_rate = 0.01")
      ->type_name("FILE")
      ->group("For all commands");
}

std::vector<std::unique_ptr<Command>> all_commands() {
  std::vector<std::unique_ptr<Command>> commands;
  for (auto* make : {make_train, make_tune, make_predict, make_evaluate, make_explain, make_grade, make_inspect, make_bench, make_check,
                     make_worksheet}) {
    commands.push_back(make());
  }
  return commands;
}

}  // namespace longhand::cli
