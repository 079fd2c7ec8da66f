// Running the command as a user does: through a shell, in a folder of its own.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "temporary_directory.h"

namespace longhand::testing {

struct Finished {
  int code;
  std::string out, err;
  /// Lines of standard error.
  std::ptrdiff_t error_lines() const { return std::count(err.begin(), err.end(), '\n'); }
};

/// The step of that id in the document of explain.
inline const nlohmann::ordered_json& step(const nlohmann::ordered_json& document, const std::string& id) {
  for (const auto& entry : document["steps"]) {
    if (entry["id"] == id) return entry;
  }
  throw std::runtime_error("no step " + id);
}

inline std::string source_file(const std::string& name) { return std::string(LONGHAND_SOURCE_DIR) + "/" + name; }

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

class CommandLine {
 public:
  /// Runs `longhand ARGUMENTS`, words as a shell reads them, redirections and pipes too. `before`
  /// may set variables.
  Finished run(const std::string& arguments, const std::string& before = "") {
    const auto shell = "{ cd '" + folder_.path().string() + "' && " + before + " '" + LONGHAND_BINARY + "' " +
                       arguments + "\n} >'" + (captured_ / "out") + "' 2>'" + (captured_ / "err") + "'";
    const int status = std::system(shell.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_file(captured_ / "out"),
            read_file(captured_ / "err")};
  }
  /// Starts it, waits until standard error has `text`, and sends it `signal`.
  Finished interrupt(const std::vector<std::string>& arguments, const std::string& text, int signal) {
    const auto err = captured_ / "err";
    std::filesystem::remove(err);  // that of the run before has the text
    return interrupt_when(arguments, [&] { return read_file(err).find(text) != std::string::npos; }, signal);
  }
  /// Starts it, waits until `is_time` says so, and sends it `signal`.
  template <class IsTime>
  Finished interrupt_when(const std::vector<std::string>& arguments, const IsTime& is_time, int signal) {
    const auto out = captured_ / "out", err = captured_ / "err";
    const auto process = ::fork();
    if (process == 0) {
      std::vector<char*> words{const_cast<char*>("longhand")};
      for (const auto& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
      words.push_back(nullptr);
      const bool is_ready = ::chdir(folder_.path().c_str()) == 0 && std::freopen(out.c_str(), "w", stdout) != nullptr &&
                            std::freopen(err.c_str(), "w", stderr) != nullptr;
      if (is_ready) ::execv(LONGHAND_BINARY, words.data());
      ::_exit(127);
    }
    int status = 0;
    while (!is_time() && ::waitpid(process, &status, WNOHANG) == 0) ::usleep(1000);
    ::kill(process, signal);
    ::waitpid(process, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_file(out), read_file(err)};
  }
  nlohmann::ordered_json run_json(const std::string& arguments) {
    const auto finished = run(arguments + " --json");
    if (finished.code != 0) throw std::runtime_error(finished.err);
    return nlohmann::ordered_json::parse(finished.out);
  }

  /// Writes a file of the folder.
  void write(const std::string& name, const std::string& bytes) {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  std::string read(const std::string& name) const { return read_file(folder_ / name); }
  bool has(const std::string& name) const { return std::filesystem::exists(folder_ / name); }
  std::ptrdiff_t files() const { return folder_.files(); }
  const std::filesystem::path& path() const { return folder_.path(); }
  /// Copies a table of the repository into the folder.
  void copy(const std::string& table) {
    std::filesystem::copy_file(source_file("examples/data/" + table), folder_ / table,
                               std::filesystem::copy_options::overwrite_existing);
  }

 private:
  TemporaryDirectory folder_, captured_;
};

}  // namespace longhand::testing
