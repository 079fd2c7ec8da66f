#include "backends/cpu/cpu_backend.h"

#include <algorithm>
#include <vector>

#include "backends/cpu/dense_row.h"
#include "backends/cpu/elementwise.h"
#include "backends/cpu/fallback.h"
#include "backends/cpu/gemm.h"
#include "backends/cpu/movement.h"
#include "backends/cpu/random.h"
#include "backends/cpu/reduce.h"
#include "backends/cpu/tiny_step.h"

namespace longhand {
namespace {

// Null where there is no kernel.
std::unique_ptr<Call> prepare_kernel(const Plan& plan, NodeId id) {
  if (can_sweep(plan.graph, id)) return make_elementwise(plan, {id});
  switch (plan.graph.node(id).op) {
    case Op::sum:
    case Op::reduce_max:
    case Op::argmax:
      return make_reduction(plan, id);
    case Op::softmax_cross_entropy:
      return make_cross_entropy(plan, id);
    case Op::random_uniform:
      return make_random_uniform(plan, id);
    default:
      return make_movement(plan, id);
  }
}

std::unique_ptr<Call> make_call(const Plan& plan, const Step& step) {
  switch (step.kind) {
    case Step::Kind::copy:
      return make_copy(plan, step.nodes[0], step.nodes[1]);
    case Step::Kind::elementwise:
      return make_elementwise(plan, step.nodes);
    case Step::Kind::product:
      return make_product(plan, step.nodes);
    case Step::Kind::node:
      break;
  }
  auto call = prepare_kernel(plan, step.nodes[0]);
  return call ? std::move(call) : make_fallback(plan, step.nodes[0]);
}

class CpuExecutable : public Executable {
 public:
  explicit CpuExecutable(const Plan& plan)
      : chain_(find_dense_chain(plan)), tiny_(find_tiny_step(plan)) {
    for (const auto& step : plan.steps) calls_.push_back(make_call(plan, step));
  }

  std::size_t scratch_bytes(int threads) const override {
    std::size_t most = chain_ ? chain_->scratch_bytes() : 0;
    for (const auto& call : calls_) most = std::max(most, call->scratch_bytes(threads));
    return most;
  }

  std::size_t prepared_bytes() const override { return chain_ ? chain_->prepared_bytes() : 0; }
  void prepare(const Memory& memory) const override {
    if (chain_) chain_->prepare(memory);
  }

  bool run_rows(const Memory& memory, const RowSteps& steps) const override {
    if (!tiny_) return false;
    tiny_->run_rows(memory, steps);
    return true;
  }

  void run(const Memory& memory) const override {
    if (tiny_ && memory.rows == 1) {
      tiny_->run(memory);
      return;
    }
    std::size_t first = 0;
    if (chain_ && memory.rows == 1) {
      chain_->run(memory);
      first = chain_->steps();
    }
    for (auto i = first; i < calls_.size(); ++i) calls_[i]->run(memory);
  }

 private:
  std::unique_ptr<DenseChain> chain_;
  std::unique_ptr<TinyStepCall> tiny_;
  std::vector<std::unique_ptr<Call>> calls_;
};

class CpuBackend : public Backend {
 public:
  std::string_view name() const override { return "cpu"; }
  std::unique_ptr<Executable> compile(const Plan& plan) const override {
    return std::make_unique<CpuExecutable>(plan);
  }
};

}  // namespace

std::unique_ptr<Backend> make_cpu_backend() { return std::make_unique<CpuBackend>(); }

}  // namespace longhand
