#include "backends/cpu/elementwise.h"

#include <algorithm>
#include <map>

#include "backends/cpu/pairs.h"

namespace longhand {
namespace {

constexpr std::size_t kAlignment = 64;  // the widest vector

// Blocks, and what is read and written beside them, share a first-level cache of 32 KB.
constexpr std::size_t kBlockBytes = 4096;
// Between blocks, so that the same entry of two of them does not lie 4096 bytes apart: a load then
// waits for a store that it does not depend on.
constexpr std::size_t kSkew = 64;

// How an operand is read in a sweep over entries of the result.
enum class Reach : std::uint8_t { entry, one, row, column, other };

Shape without_leading_ones(const Shape& shape) {
  std::size_t first = 0;
  while (first < shape.rank() && shape[first] == 1) ++first;
  return Shape(shape.extents().subspan(first));
}

Reach reach(const Shape& operand, const Shape& result) {
  if (without_leading_ones(operand) == without_leading_ones(result)) return Reach::entry;
  if (!operand.has_batch() && operand.count() == 1) return Reach::one;
  const auto rank = operand.rank();
  if (rank == 0 || result.rank() == 0) return Reach::other;
  const auto columns = result[result.rank() - 1];
  const auto last = operand[rank - 1];
  const auto others = operand.extents().first(rank - 1);
  if (last == columns && std::ranges::all_of(others, [](auto extent) { return extent == 1; })) {
    return Reach::row;
  }
  if (last == 1 && rank == result.rank() && operand.with_extent(rank - 1, columns) == result) {
    return Reach::column;
  }
  return Reach::other;
}

// About the nanoseconds that an entry of float32 takes.
double weight(Op op) {
  switch (op) {
    case Op::exp:
    case Op::log:
    case Op::log1p:
    case Op::expm1:
    case Op::erf:
    case Op::tanh:
    case Op::sigmoid:
    case Op::sigmoid_cross_entropy:
      return 0.8;
    case Op::sin:
    case Op::cos:
    case Op::power:
      return 10;
    case Op::divide:
    case Op::sqrt:
      return 0.2;
    default:
      return 0.1;
  }
}

template <class T>
class Elementwise : public Call {
 public:
  Elementwise(const Plan& plan, const std::vector<NodeId>& nodes) {
    const auto& shape = plan.graph.node(nodes[0]).type.shape;
    inner_ = shape.rank() == 0 ? Extent{} : product(shape, shape.rank() - 1, shape.rank());
    outer_ = shape.rank() == 0 ? Extent{} : product(shape, 0, shape.rank() - 1);
    for (const auto id : nodes) work_ += weight(plan.graph.node(id).op) * sizeof(T) / sizeof(float);
    const auto loops = pair_up(plan, nodes);
    find_places(plan, loops);
    number_places();
    for (const auto& loop : loops) {
      Instruction<T> instruction;
      instruction.function = loop.is_pair
                                 ? pair_function<T>(loop.op, loop.inner, loop.inner_is_left)
                                 : instruction_function<T>(loop.op);
      instruction.result = number_.at(loop.result);
      for (std::size_t i = 0; i < loop.operands.size(); ++i) {
        instruction.operands[i] = number_.at(loop.operands[i]);
      }
      instructions_.push_back(instruction);
    }
  }

  std::size_t scratch_bytes(int threads) const override {
    return thread_bytes_ * static_cast<std::size_t>(threads);
  }

  void run(const Memory& memory) const override {
    const auto outer = outer_.at(memory.rows), inner = inner_.at(memory.rows);
    const auto count = outer * inner;
    const bool flat = outer == 1 || (rows_.empty() && columns_.empty());
    if (flat && count <= kBlock) {  // of a tiny network, every sweep
      if (count != 0) Sweep{*this, memory, memory.scratch}.flat({0, count});
      return;
    }
    share_out(memory.pool, static_cast<double>(count) * work_, [&](int index, int shares) {
      Sweep sweep{*this, memory, memory.scratch + thread_bytes_ * static_cast<std::size_t>(index)};
      if (flat) {
        sweep.flat(part_of(count, index, shares, kAlignment));
      } else if (inner * 2 <= kBlock) {
        sweep.whole_rows(part_of(outer, index, shares), inner);
      } else {
        sweep.parts_of_rows(part_of(outer, index, shares), inner);
      }
    });
  }

 private:
  static constexpr auto kBlock = static_cast<std::int64_t>(kBlockBytes / sizeof(T));
  static constexpr std::size_t kSplat = kAlignment / sizeof(T);
  struct alignas(kAlignment) Splat {
    T lanes[kSplat];
  };

  // The memory of one thread: the places, a splat for each operand of one value or one a row, and
  // the blocks of values that nothing outside the sweep reads, of rows and of columns.
  class Sweep {
   public:
    Sweep(const Elementwise& step, const Memory& memory, std::byte* scratch)
        : step_(step),
          memory_(memory),
          places_(reinterpret_cast<Place<T>*>(scratch)),
          splats_(reinterpret_cast<Splat*>(scratch + step.splats_at_)),
          blocks_(scratch + step.blocks_at_) {
      auto* place = places_ + step.first_one();
      auto* splat = splats_;
      for (const auto id : step.ones_) {
        *place++ = splat_of(*buffer<T>(memory, id), *splat++);
      }
      for (const auto& constant : step.constants_) {
        *place++ = {const_cast<T*>(constant.lanes), 0};  // only ever read
      }
      for (std::size_t i = 0; i < step.registers_; ++i) *place++ = {block(i), 1};
    }

    // Every operand has an entry for each entry, or one for all.
    void flat(Share share) {
      place_entries(share.begin);
      auto* place = places_ + step_.entries_.size();
      for (const auto id : step_.rows_) *place++ = {buffer<T>(memory_, id) + share.begin, 1};
      auto* splat = first_column_splat();
      for (const auto id : step_.columns_) {
        *place++ = splat_of(*buffer<T>(memory_, id), *splat++);
      }
      for (auto i = share.begin; i < share.end; i += kBlock) {
        run_block(std::min(kBlock, share.end - i), step_.entries_.size() + step_.rows_.size());
      }
    }

    // Rows so short that a block holds several: the block of a row operand holds that row again and
    // again, the block of a column operand each of its values `inner` times.
    void whole_rows(Share share, std::int64_t inner) {
      if (share.begin == share.end) return;
      const auto at_once = std::min(kBlock / inner, share.end - share.begin);
      place_entries(share.begin * inner);
      auto* place = places_ + step_.entries_.size();
      auto next_block = step_.registers_;
      for (const auto id : step_.rows_) {
        T* repeated = block(next_block++);
        for (std::int64_t i = 0; i < at_once; ++i) {
          std::copy_n(buffer<T>(memory_, id), inner, repeated + i * inner);
        }
        *place++ = {repeated, 1};
      }
      for (std::size_t i = 0; i < step_.columns_.size(); ++i) *place++ = {block(next_block++), 1};
      for (auto row = share.begin; row < share.end; row += at_once) {
        const auto height = std::min(at_once, share.end - row);
        for (std::size_t i = 0; i < step_.columns_.size(); ++i) {
          const T* column = buffer<T>(memory_, step_.columns_[i]) + row;
          T* spread = places_[step_.first_column() + i].pointer;
          for (std::int64_t k = 0; k < height; ++k) {
            spread = std::fill_n(spread, inner, column[k]);
          }
        }
        run_block(height * inner, step_.entries_.size());
      }
    }

    // Rows longer than that, a part at a time.
    void parts_of_rows(Share share, std::int64_t inner) {
      place_entries(share.begin * inner);
      for (auto row = share.begin; row < share.end; ++row) {
        auto* place = places_ + step_.entries_.size();
        for (const auto id : step_.rows_) *place++ = {buffer<T>(memory_, id), 1};
        auto* splat = first_column_splat();
        for (const auto id : step_.columns_) {
          *place++ = splat_of(buffer<T>(memory_, id)[row], *splat++);
        }
        for (std::int64_t i = 0; i < inner; i += kBlock) {
          run_block(std::min(kBlock, inner - i), step_.entries_.size() + step_.rows_.size());
        }
      }
    }

   private:
    static Place<T> splat_of(T value, Splat& splat) {
      for (auto& lane : splat.lanes) lane = value;
      return {splat.lanes, 0};
    }

    Splat* first_column_splat() const { return splats_ + step_.ones_.size(); }
    T* block(std::size_t i) const {
      return reinterpret_cast<T*>(blocks_ + i * (kBlockBytes + kSkew));
    }

    void place_entries(std::int64_t begin) {
      auto* place = places_;
      for (const auto id : step_.entries_) *place++ = {buffer<T>(memory_, id) + begin, 1};
    }

    // Then moves the first places on.
    void run_block(std::int64_t n, std::size_t moving) {
      for (const auto& instruction : step_.instructions_) {
        instruction.function(places_, instruction, static_cast<std::size_t>(n));
      }
      for (std::size_t i = 0; i < moving; ++i) places_[i].pointer += n;
    }

    const Elementwise& step_;
    const Memory& memory_;
    Place<T>* places_;
    Splat* splats_;
    std::byte* blocks_;
  };

  std::size_t first_column() const { return entries_.size() + rows_.size(); }
  std::size_t first_one() const { return first_column() + columns_.size(); }

  void find_places(const Plan& plan, const std::vector<SweepLoop>& loops) {
    const auto& shape = plan.graph.node(loops[0].result).type.shape;
    const auto in_register = [&](NodeId id) {
      return plan.buffers[static_cast<std::size_t>(id)].space == Buffer::Space::none;
    };
    std::map<NodeId, std::size_t> last_use;  // of values that live in registers
    for (std::size_t i = 0; i < loops.size(); ++i) {
      for (const auto operand : loops[i].operands) {
        if (in_register(operand)) last_use[operand] = i;
      }
    }
    std::vector<std::size_t> free;
    for (std::size_t i = 0; i < loops.size(); ++i) {
      for (const auto operand : loops[i].operands) {
        if (!in_register(operand)) {
          add_operand(plan, operand, shape);
        } else if (const auto last = last_use.find(operand);
                   last != last_use.end() && last->second == i) {
          free.push_back(register_.at(operand));  // makes room for the result
          last_use.erase(last);
        }
      }
      if (!in_register(loops[i].result)) {
        add(entries_, loops[i].result);
        continue;
      }
      if (free.empty()) free.push_back(registers_++);
      register_[loops[i].result] = free.back();
      free.pop_back();
    }
  }

  void add(std::vector<NodeId>& list, NodeId id) {
    if (std::ranges::find(list, id) == list.end()) list.push_back(id);
  }

  void add_operand(const Plan& plan, NodeId id, const Shape& shape) {
    const auto& node = plan.graph.node(id);
    switch (reach(node.type.shape, shape)) {
      case Reach::entry:
        add(entries_, id);
        return;
      case Reach::row:
        add(rows_, id);
        return;
      case Reach::column:
        add(columns_, id);
        return;
      case Reach::one:
        break;
      case Reach::other:
        throw ArgumentError("an operand that a sweep cannot read");
    }
    if (node.op != Op::constant) {
      add(ones_, id);
    } else if (std::ranges::find(constant_ids_, id) == constant_ids_.end()) {
      constant_ids_.push_back(id);
      const auto value = static_cast<T>(node.attributes.value.item());
      std::ranges::fill(constants_.emplace_back().lanes, value);
    }
  }

  // The order in which Sweep fills them.
  void number_places() {
    std::uint32_t next = 0;
    for (const auto* list : {&entries_, &rows_, &columns_, &ones_, &constant_ids_}) {
      for (const auto id : *list) number_[id] = next++;
    }
    for (const auto& [id, index] : register_)
      number_[id] = next + static_cast<std::uint32_t>(index);
    const auto padded = [](std::size_t bytes) {
      return (bytes + kAlignment - 1) / kAlignment * kAlignment;
    };
    splats_at_ = padded((next + registers_) * sizeof(Place<T>));
    blocks_at_ = splats_at_ + (ones_.size() + columns_.size()) * sizeof(Splat);
    thread_bytes_ =
        blocks_at_ + (registers_ + rows_.size() + columns_.size()) * (kBlockBytes + kSkew);
  }

  Extent outer_, inner_;
  double work_ = 0;
  // Nodes by how they are read; those with an entry for each entry are also where results go.
  std::vector<NodeId> entries_, rows_, columns_, ones_, constant_ids_;
  std::vector<Splat> constants_;
  std::map<NodeId, std::size_t> register_;
  std::size_t registers_ = 0;
  std::map<NodeId, std::uint32_t> number_;
  std::vector<Instruction<T>> instructions_;
  std::size_t splats_at_ = 0, blocks_at_ = 0, thread_bytes_ = 0;
};

}  // namespace

bool can_sweep(const Graph& graph, NodeId id) {
  const auto& node = graph.node(id);
  if (node.type.kind == Kind::index || instruction_function<float>(node.op) == nullptr)
    return false;
  return std::ranges::all_of(node.inputs, [&](NodeId input) {
    const auto& type = graph.node(input).type;
    return type.kind != Kind::index && reach(type.shape, node.type.shape) != Reach::other;
  });
}

std::unique_ptr<Call> make_elementwise(const Plan& plan, const std::vector<NodeId>& nodes) {
  if (plan.dtype == DType::f32) return std::make_unique<Elementwise<float>>(plan, nodes);
  return std::make_unique<Elementwise<double>>(plan, nodes);
}

}  // namespace longhand
