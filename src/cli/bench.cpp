#include <fmt/format.h>

#include <algorithm>

#include "bench/measure.h"
#include "cli/command.h"
#include "cli/output.h"

namespace longhand::cli {
namespace {

// "4.02 us": three digits or more, in the unit that keeps them few.
std::string time_text(double nanoseconds) {
  constexpr const char* kUnits[] = {"ns", "us", "ms", "s"};
  std::size_t unit = 0;
  for (; nanoseconds >= 1000 && unit + 1 < std::size(kUnits); ++unit) nanoseconds /= 1000;
  const int decimals = nanoseconds < 10 ? 2 : nanoseconds < 100 ? 1 : 0;
  return fmt::format("{:.{}f} {}", nanoseconds, decimals, kUnits[unit]);
}

std::string percent(double share) { return fmt::format("{:.{}f}%", 100 * share, share < 0.1 ? 1 : 0); }

class Bench : public Command {
 public:
  const char* name() const override { return "bench"; }
  const char* description() const override { return "Time the standard cases on this machine, beside what it could do."; }
  const char* example() const override { return "longhand bench --cases 2-2-1 --threads 1 --seconds 0.1"; }

  void add_options(CLI::App& app) override {
    constexpr double kLeast = 1e-3, kMost = 3600;
    app.add_option("--cases", part_, "only the cases whose name has this part (default: all)")->type_name("PART");
    app.add_option("--seconds", seconds_, "how long each case is timed")
        ->capture_default_str()
        ->check(CLI::Range(kLeast, kMost).description(""));
  }

  int run() override {
    auto json = document("bench");
    json["cases"] = Json::array();
    bench::Machine machine(threads_);
    std::vector<std::vector<std::string>> rows{{"case", "threads", "best", "median", "floor", "bound by", "reached"}};
    for (const auto& what : chosen()) {
      const auto timing = bench::measure(what, machine, {.threads = threads_, .seconds = seconds_, .seed = seed_});
      json["cases"].push_back({{"name", what.name},
                               {"threads", threads_},
                               {"best_ns", timing.best_ns},
                               {"median_ns", timing.median_ns},
                               {"floor_ns", timing.floor_ns}});
      rows.push_back({what.name, std::to_string(threads_), time_text(timing.best_ns), time_text(timing.median_ns),
                      time_text(timing.floor_ns), timing.is_memory_bound ? "memory" : "arithmetic",
                      percent(timing.floor_ns / timing.best_ns)});
    }
    write_output(json_ ? to_text(json) : text_of(rows, machine));
    return kDone;
  }

 private:
  std::vector<bench::Case> chosen() const {
    std::vector<bench::Case> cases;
    std::string names;
    for (auto& what : bench::standard_cases()) {
      names += (names.empty() ? "" : ", ") + what.name;
      if (what.name.find(part_) != std::string::npos) cases.push_back(std::move(what));
    }
    if (cases.empty()) throw UsageError(fmt::format("--cases: no case has '{}' in its name; there are {}", part_, names));
    return cases;
  }

  std::string text_of(const std::vector<std::vector<std::string>>& rows, bench::Machine& machine) const {
    return aligned(rows, {false, true, true, true, true, false, true}) +
           fmt::format("\nThe floor is the longer of two: the products at {:.0f} GFLOP/s, which a loop of multiply-adds\n"
                       "reached here on {} thread{}, or the bytes to be moved at the speed at which as many were read.\n"
                       "A case is first checked against the reference backend.\n",
                       machine.flops() / 1e9, machine.threads(), machine.threads() == 1 ? "" : "s");
  }

  std::string part_;
  double seconds_ = 0.5;
};

}  // namespace

std::unique_ptr<Command> make_bench() { return std::make_unique<Bench>(); }

}  // namespace longhand::cli
