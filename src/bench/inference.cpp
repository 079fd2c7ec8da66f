// One row through a network, a call a row.
#include <fmt/format.h>

#include <optional>

#include "bench/clock.h"
#include "bench/rows.h"
#include "bench/work.h"
#include "longhand/exec.h"

namespace longhand::bench {
namespace {

// The network's own output: no softmax after logits.
Graph build_outputs(const NetworkSpec& network) {
  Graph graph;
  graph.output("y", make_network(network)->forward(graph.input("x", {Shape::kBatch, network.inputs})));
  return graph;
}

class Inference : public Work {
 public:
  Inference(const Case& what, int threads, std::uint64_t seed)
      : what_(what), model_(Model::from_network(what.network, seed, DType::f32)),
        x_(make_rows(what.network, what.batch, seed).x),
        program_(build_outputs(what.network), {.max_rows = what.batch, .fixed_state = true}),
        runner_(program_, std::as_const(model_.state), threads > 1 ? make_thread_pool(threads) : nullptr) {
    runner_.bind("x", x_);
  }

  double run(std::int64_t count) override {
    const double seconds = seconds_of([&] {
      for (std::int64_t i = 0; i < count; ++i) runner_.run(what_.batch);
    });
    const Tensor y = runner_.output("y");
    if (expected_ && !identical(y, *expected_)) {
      throw WrongResult(what_.name + ": the same row does not give the same output each time");
    }
    expected_ = y.clone();
    return seconds;
  }

  void check() override {
    runner_.run(what_.batch);
    const Tensor y = runner_.output("y");
    const Program program(build_outputs(what_.network),
                          {.dtype = DType::f64, .max_rows = what_.batch, .backend = "reference"});
    const State state = model_.state.cast(DType::f64);
    const Tensor x = x_.cast(DType::f64);
    Runner runner(program, state);
    runner.bind("x", x);
    runner.run(what_.batch);
    const Tensor expected = runner.output("y");
    for (std::int64_t i = 0; i < y.count(); ++i) {
      require_close(fmt::format("{}: output {}", what_.name, i), y.at(i), expected.at(i));
    }
  }

 private:
  const Case what_;
  const Model model_;
  const Tensor x_;
  const Program program_;
  Runner runner_;
  std::optional<Tensor> expected_;
};

}  // namespace

std::unique_ptr<Work> make_inference(const Case& what, int threads, std::uint64_t seed) {
  return std::make_unique<Inference>(what, threads, seed);
}

}  // namespace longhand::bench
