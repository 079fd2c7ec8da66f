#include "backends/cpu/cpu_backend.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "backends/cpu/elementwise.h"
#include "backends/cpu/fallback.h"
#include "backends/cpu/gemm.h"

namespace longhand {
namespace {

class Copy : public Call {
 public:
  Copy(const Plan& plan, NodeId to, NodeId from)
      : to_(to), from_(from), count_(count(plan.graph.node(from).type.shape)),
        entry_bytes_(plan.entry_bytes(from)) {}

  void run(const Memory& memory) const override {
    const auto bytes = static_cast<std::size_t>(count_.at(memory.rows)) * entry_bytes_;
    if (bytes != 0) std::memcpy(memory.buffers[to_], memory.buffers[from_], bytes);
  }

 private:
  NodeId to_, from_;
  Extent count_;
  std::size_t entry_bytes_;
};

std::unique_ptr<Call> prepare_node(const Plan& plan, NodeId id) {
  if (can_sweep(plan.graph, id)) return make_elementwise(plan, {id});
  switch (plan.graph.node(id).op) {
    case Op::linear: case Op::matmul: return make_product(plan, id);
    case Op::reshape: return std::make_unique<Copy>(plan, id, plan.graph.node(id).inputs[0]);
    default: return make_fallback(plan, id);
  }
}

std::unique_ptr<Call> prepare(const Plan& plan, const Step& step) {
  switch (step.kind) {
    case Step::Kind::copy: return std::make_unique<Copy>(plan, step.nodes[0], step.nodes[1]);
    case Step::Kind::elementwise: return make_elementwise(plan, step.nodes);
    case Step::Kind::node: break;
  }
  return prepare_node(plan, step.nodes[0]);
}

class CpuExecutable : public Executable {
 public:
  explicit CpuExecutable(const Plan& plan) {
    for (const auto& step : plan.steps) calls_.push_back(prepare(plan, step));
  }

  std::size_t scratch_bytes(int threads) const override {
    std::size_t most = 0;
    for (const auto& call : calls_) most = std::max(most, call->scratch_bytes(threads));
    return most;
  }

  void run(const Memory& memory) const override {
    for (const auto& call : calls_) call->run(memory);
  }

 private:
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
