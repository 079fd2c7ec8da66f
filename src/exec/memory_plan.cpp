#include "exec/memory_plan.h"

#include <algorithm>

namespace longhand {
namespace {

constexpr std::size_t kAlignment = 64;

struct Block {
  NodeId id;
  std::size_t first, last;  // steps between which the value lives
  std::size_t bytes;
  std::size_t offset = 0;
};

// The last step in which each node, or an alias of it, is read.
std::vector<std::size_t> last_reads(const Plan& plan, const std::vector<std::size_t>& position) {
  auto last = position;
  for (std::size_t step = 0; step < plan.steps.size(); ++step) {
    const auto read = [&](NodeId id) {
      auto& at = last[static_cast<std::size_t>(unreshaped(plan.graph, id))];
      at = std::max(at, step);
    };
    for (const auto id : plan.steps[step].nodes) {
      if (plan.steps[step].kind == Step::Kind::copy) read(id);
      for (const auto input : plan.graph.node(id).inputs) read(input);
    }
  }
  for (const auto& [name, id] : plan.graph.outputs()) {
    last[static_cast<std::size_t>(unreshaped(plan.graph, id))] = plan.steps.size();
  }
  return last;
}

std::size_t size_of_value(const Plan& plan, NodeId id) {
  const auto count = plan.graph.node(id).type.shape.count(plan.max_rows);
  const auto bytes = checked_multiply(count, static_cast<std::int64_t>(plan.entry_bytes(id)));
  return (static_cast<std::size_t>(bytes) + kAlignment - 1) / kAlignment * kAlignment;
}

}  // namespace

// The largest first, each at the lowest place where nothing that lives with it lies.
void plan_memory(Plan& plan, const std::vector<std::size_t>& position) {
  const auto last = last_reads(plan, position);
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < plan.buffers.size(); ++i) {
    if (plan.buffers[i].space != Buffer::Space::arena) continue;
    const auto id = static_cast<NodeId>(i);
    blocks.push_back({id, position[i], last[i], size_of_value(plan, id)});
  }
  std::ranges::stable_sort(blocks, [](const Block& a, const Block& b) { return a.bytes > b.bytes; });

  std::vector<Block> placed;  // by offset
  for (auto& block : blocks) {
    for (const auto& other : placed) {
      const bool together = other.first <= block.last && block.first <= other.last;
      if (together && other.offset < block.offset + block.bytes &&
          block.offset < other.offset + other.bytes) {
        block.offset = other.offset + other.bytes;
      }
    }
    placed.insert(std::ranges::upper_bound(placed, block.offset, {}, &Block::offset), block);
    plan.buffers[static_cast<std::size_t>(block.id)].offset = block.offset;
    plan.arena_bytes = std::max(plan.arena_bytes, block.offset + block.bytes);
  }
}

void verify(const Plan& plan) {
  // Walks the steps with the owner of each byte range; a read must find what was written there.
  struct Owner {
    std::size_t begin, end;
    NodeId id;
  };
  std::vector<Owner> owners;
  const auto range = [&](NodeId id) {
    const auto& buffer = plan.buffers[static_cast<std::size_t>(id)];
    return Owner{buffer.offset, buffer.offset + size_of_value(plan, id), id};
  };
  const auto in_arena = [&](NodeId id) {
    return plan.buffers[static_cast<std::size_t>(id)].space == Buffer::Space::arena;
  };
  const auto read = [&](NodeId id, std::size_t step) {
    id = unreshaped(plan.graph, id);
    if (!in_arena(id)) return;
    if (std::ranges::none_of(owners, [&](const Owner& owner) { return owner.id == id; })) {
      throw ArgumentError("step " + std::to_string(step) + " reads %" + std::to_string(id) +
                          " after its memory was taken");
    }
  };
  std::vector<bool> state_written(plan.graph.size(), false);
  for (std::size_t step = 0; step < plan.steps.size(); ++step) {
    for (const auto id : plan.steps[step].nodes) {
      if (plan.steps[step].kind == Step::Kind::copy) {
        read(plan.steps[step].nodes[1], step);
        break;
      }
      for (const auto input : plan.graph.node(id).inputs) {
        read(input, step);
        const auto source = unreshaped(plan.graph, input);
        if (plan.graph.node(source).op == Op::state && state_written[static_cast<std::size_t>(source)]) {
          throw ArgumentError("step " + std::to_string(step) + " reads the state '" +
                              plan.graph.node(source).attributes.name + "' after it was written");
        }
      }
      const auto& buffer = plan.buffers[static_cast<std::size_t>(id)];
      if (buffer.space == Buffer::Space::state) {
        state_written[static_cast<std::size_t>(plan.states[buffer.slot])] = true;
      }
      if (!in_arena(id)) continue;
      const auto mine = range(id);
      std::erase_if(owners, [&](const Owner& owner) {
        return owner.begin < mine.end && mine.begin < owner.end;
      });
      owners.push_back(mine);
    }
  }
}

}  // namespace longhand
