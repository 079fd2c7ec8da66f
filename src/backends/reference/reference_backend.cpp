#include "backends/reference/reference_backend.h"

#include <algorithm>
#include <cstring>

#include "ir/evaluate.h"
#include "ir/op_table.h"

namespace longhand {
namespace {

class ReferenceExecutable : public Executable {
 public:
  explicit ReferenceExecutable(const Plan& plan) : plan_(plan) {}

  std::size_t scratch_bytes(int) const override { return 0; }

  void run(const Memory& memory) const override {
    std::vector<std::vector<std::byte>> computed(plan_.graph.size());
    std::vector<const void*> values(plan_.graph.size());
    for (std::size_t i = 0; i < plan_.graph.size(); ++i) {
      const auto& node = plan_.graph.nodes()[i];
      if (info(node.op).op_class == OpClass::leaf) {
        values[i] = memory.buffers[i];
        continue;
      }
      computed[i].resize(bytes(static_cast<NodeId>(i), memory.rows));
      evaluate(node, values, computed[i].data(), memory.rows);
      values[i] = computed[i].data();
    }
    // All values are known before any is stored: a state keeps its old value until here.
    for (const auto& [name, id] : plan_.graph.outputs()) store(computed, id, id, memory);
    for (const auto id : plan_.output_slots) store(computed, id, id, memory);
    store_writes(values, memory);
  }

 private:
  std::size_t bytes(NodeId id, std::int64_t rows) const {
    return static_cast<std::size_t>(plan_.graph.node(id).type.shape.count(rows)) *
           plan_.entry_bytes(id);
  }

  void evaluate(const Node& node, const std::vector<const void*>& values, void* result,
                std::int64_t rows) const {
    std::vector<Operand> operands;
    for (const auto input : node.inputs) {
      const auto& type = plan_.graph.node(input).type;
      operands.push_back(
          {values[static_cast<std::size_t>(input)], type.shape.with_rows(rows), type.kind});
    }
    const auto shape = node.type.shape.with_rows(rows);
    if (plan_.dtype == DType::f32) {
      evaluate_node<float>(node, operands, result, shape);
    } else {
      evaluate_node<double>(node, operands, result, shape);
    }
  }

  // Leaves are where they are; a value that lies in a state is stored as a write.
  void store(const std::vector<std::vector<std::byte>>& computed, NodeId from, NodeId to,
             const Memory& memory) const {
    const auto& value = computed[static_cast<std::size_t>(from)];
    const auto space = plan_.buffers[static_cast<std::size_t>(to)].space;
    if (space != Buffer::Space::output && space != Buffer::Space::arena) return;
    if (!value.empty()) {
      std::memcpy(memory.buffers[static_cast<std::size_t>(to)], value.data(), value.size());
    }
  }

  // A value may be another state's old one, so every value is read before any state changes.
  void store_writes(const std::vector<const void*>& values, const Memory& memory) const {
    std::vector<std::vector<std::byte>> staged;
    for (const auto& [state, value] : plan_.graph.writes()) {
      const auto* from = static_cast<const std::byte*>(values[static_cast<std::size_t>(value)]);
      staged.emplace_back(from, from + bytes(state, memory.rows));
    }
    for (std::size_t i = 0; i < staged.size(); ++i) {
      const auto state = plan_.graph.writes()[i].first;
      std::ranges::copy(staged[i],
                        static_cast<std::byte*>(memory.buffers[static_cast<std::size_t>(state)]));
    }
  }

  const Plan& plan_;
};

class ReferenceBackend : public Backend {
 public:
  std::string_view name() const override { return "reference"; }
  std::unique_ptr<Executable> compile(const Plan& plan) const override {
    return std::make_unique<ReferenceExecutable>(plan);
  }
};

}  // namespace

std::unique_ptr<Backend> make_reference_backend() { return std::make_unique<ReferenceBackend>(); }

}  // namespace longhand
