#include "backends/cpu/sweep.h"

#include <algorithm>

#include "backends/cpu/reach.h"

namespace longhand {
namespace {

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

void add(std::vector<NodeId>& list, NodeId id) {
  if (std::ranges::find(list, id) == list.end()) list.push_back(id);
}

}  // namespace

template <class T>
Sweep<T>::Sweep(const Plan& plan, const std::vector<NodeId>& nodes, NodeId part_of) {
  const bool is_kept = part_of == kNoNode ||
                       plan.buffers[static_cast<std::size_t>(part_of)].space != Buffer::Space::none;
  part_of_ = is_kept ? kNoNode : part_of;
  for (const auto id : nodes) work_ += weight(plan.graph.node(id).op) * sizeof(T) / sizeof(float);
  const auto loops = find_loops(plan, nodes);
  find_places(plan, loops);
  number_places();
  for (const auto& loop : loops) {
    Instruction<T> instruction;
    switch (loop.kind) {
      case SweepLoop::Kind::one:
        instruction.function = instruction_function<T>(loop.op);
        break;
      case SweepLoop::Kind::pair:
        instruction.function = pair_function<T>(loop.op, loop.inner, loop.inner_is_left);
        break;
      case SweepLoop::Kind::adam:
        instruction.function = adam_function<T>();
        break;
    }
    instruction.result = number_.at(loop.result);
    for (std::size_t i = 0; i < loop.operands.size(); ++i) {
      instruction.operands[i] = number_.at(loop.operands[i]);
    }
    for (std::size_t i = 0; i < loop.more_results.size(); ++i) {
      instruction.more_results[i] = number_.at(loop.more_results[i]);
    }
    instructions_.push_back(instruction);
  }
}

template <class T>
void Sweep<T>::find_places(const Plan& plan, const std::vector<SweepLoop>& loops) {
  const auto& shape = plan.graph.node(loops[0].result).type.shape;
  const auto in_register = [&](NodeId id) {
    return id != part_of_ &&
           plan.buffers[static_cast<std::size_t>(id)].space == Buffer::Space::none;
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
      if (operand == part_of_) continue;
      if (!in_register(operand)) {
        add_operand(plan, operand, shape);
      } else if (const auto last = last_use.find(operand);
                 last != last_use.end() && last->second == i) {
        free.push_back(register_.at(operand));  // makes room for the result
        last_use.erase(last);
      }
    }
    for (const auto id : loops[i].more_results) add(entries_, id);
    if (!in_register(loops[i].result)) {
      add(entries_, loops[i].result);
      continue;
    }
    if (free.empty()) free.push_back(registers_++);
    register_[loops[i].result] = free.back();
    free.pop_back();
  }
}

template <class T>
void Sweep<T>::add_operand(const Plan& plan, NodeId id, const Shape& shape) {
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

template <class T>
void Sweep<T>::number_places() {
  std::uint32_t next = 0;
  for (const auto* list : {&entries_, &rows_, &columns_, &ones_, &constant_ids_}) {
    for (const auto id : *list) number_[id] = next++;
  }
  for (const auto& [id, index] : register_) number_[id] = next + static_cast<std::uint32_t>(index);
  const auto part = next + static_cast<std::uint32_t>(registers_);
  number_[part_of_] = part;
  places_ = part + 1;
  const auto padded = [](std::size_t bytes) {
    return (bytes + kSweepAlignment - 1) / kSweepAlignment * kSweepAlignment;
  };
  splats_at_ = padded(places_ * sizeof(Place<T>));
  blocks_at_ = splats_at_ + (ones_.size() + columns_.size()) * sizeof(Splat);
  scratch_bytes_ =
      blocks_at_ + (registers_ + rows_.size() + columns_.size()) * (kBlockBytes + kBlockSkew);
}

template <class T>
SweepRun<T>::SweepRun(const Sweep<T>& sweep, const Memory& memory, std::byte* scratch)
    : sweep_(sweep),
      memory_(memory),
      places_(reinterpret_cast<Place<T>*>(scratch)),
      splats_(reinterpret_cast<Splat*>(scratch + sweep.splats_at_)),
      blocks_(scratch + sweep.blocks_at_) {
  auto* place = places_ + sweep.first_one();
  auto* splat = splats_;
  for (const auto id : sweep.ones_) {
    *place++ = splat_of(*buffer<T>(memory, id), *splat++);
  }
  for (const auto& constant : sweep.constants_) {
    *place++ = {const_cast<T*>(constant.lanes), 0};  // only ever read
  }
  for (std::size_t i = 0; i < sweep.registers_; ++i) *place++ = {block(i), 1};
}

template <class T>
void SweepRun<T>::place_entries(std::int64_t begin) {
  auto* place = places_;
  for (const auto id : sweep_.entries_) *place++ = {buffer<T>(memory_, id) + begin, 1};
}

// Then moves the first places on.
template <class T>
void SweepRun<T>::run_block(std::int64_t n, std::size_t moving) {
  compute({1, static_cast<std::size_t>(n)});
  for (std::size_t i = 0; i < moving; ++i) places_[i].pointer += n;
}

template <class T>
void SweepRun<T>::flat(Share share) {
  place_entries(share.begin);
  auto* place = places_ + sweep_.entries_.size();
  for (const auto id : sweep_.rows_) *place++ = {buffer<T>(memory_, id) + share.begin, 1};
  auto* splat = first_column_splat();
  for (const auto id : sweep_.columns_) {
    *place++ = splat_of(*buffer<T>(memory_, id), *splat++);
  }
  for (auto i = share.begin; i < share.end; i += kBlock) {
    run_block(std::min(kBlock, share.end - i), sweep_.entries_.size() + sweep_.rows_.size());
  }
}

// Rows so short that a block holds several: the block of a row operand holds that row again and
// again, the block of a column operand each of its values `inner` times.
template <class T>
void SweepRun<T>::whole_rows(Share share, std::int64_t inner) {
  if (share.begin == share.end) return;
  const auto at_once = std::min(kBlock / inner, share.end - share.begin);
  place_entries(share.begin * inner);
  auto* place = places_ + sweep_.entries_.size();
  auto next_block = sweep_.registers_;
  for (const auto id : sweep_.rows_) {
    T* repeated = block(next_block++);
    for (std::int64_t i = 0; i < at_once; ++i) {
      std::copy_n(buffer<T>(memory_, id), inner, repeated + i * inner);
    }
    *place++ = {repeated, 1};
  }
  for (std::size_t i = 0; i < sweep_.columns_.size(); ++i) *place++ = {block(next_block++), 1};
  for (auto row = share.begin; row < share.end; row += at_once) {
    const auto height = std::min(at_once, share.end - row);
    for (std::size_t i = 0; i < sweep_.columns_.size(); ++i) {
      const T* column = buffer<T>(memory_, sweep_.columns_[i]) + row;
      T* spread = places_[sweep_.first_column() + i].pointer;
      for (std::int64_t k = 0; k < height; ++k) {
        spread = std::fill_n(spread, inner, column[k]);
      }
    }
    run_block(height * inner, sweep_.entries_.size());
  }
}

template <class T>
void SweepRun<T>::parts_of_rows(Share share, std::int64_t inner) {
  place_entries(share.begin * inner);
  for (auto row = share.begin; row < share.end; ++row) {
    auto* place = places_ + sweep_.entries_.size();
    for (const auto id : sweep_.rows_) *place++ = {buffer<T>(memory_, id), 1};
    auto* splat = first_column_splat();
    for (const auto id : sweep_.columns_) {
      *place++ = splat_of(buffer<T>(memory_, id)[row], *splat++);
    }
    for (std::int64_t i = 0; i < inner; i += kBlock) {
      run_block(std::min(kBlock, inner - i), sweep_.entries_.size() + sweep_.rows_.size());
    }
  }
}

template <class T>
void SweepRun<T>::part(const Part<T>& part, std::int64_t inner) {
  // A value a row takes a splat a row, of which a block holds so many.
  constexpr auto kMostRows = static_cast<std::int64_t>(kBlock / Sweep<T>::kSplat);
  for (std::int64_t done = 0; done < part.rows; done += kMostRows) {
    const auto rows = std::min(kMostRows, part.rows - done), row = part.row + done;
    auto* place = places_;
    for (const auto id : sweep_.entries_) {
      *place++ = {buffer<T>(memory_, id) + row * inner + part.column, 1, inner};
    }
    for (const auto id : sweep_.rows_) *place++ = {buffer<T>(memory_, id) + part.column, 1, 0};
    auto next_block = sweep_.registers_ + sweep_.rows_.size();
    for (const auto id : sweep_.columns_) {
      T* splats = block(next_block++);
      for (std::int64_t i = 0; i < rows; ++i) {
        std::fill_n(splats + i * Sweep<T>::kSplat, Sweep<T>::kSplat,
                    buffer<T>(memory_, id)[row + i]);
      }
      *place++ = {splats, 0, Sweep<T>::kSplat};
    }
    auto* registers = places_ + sweep_.places_ - 1 - sweep_.registers_;
    for (std::size_t i = 0; i < sweep_.registers_; ++i) registers[i].row = part.columns;
    places_[sweep_.places_ - 1] = {part.values + done * part.stride, 1, part.stride};
    const bool is_whole = part.columns == inner && part.stride == inner;
    if (is_whole && !sweep_.has_vectors())
      compute({1, static_cast<std::size_t>(rows * inner)});
    else
      compute({static_cast<std::size_t>(rows), static_cast<std::size_t>(part.columns)});
  }
}

template <class T>
std::size_t SweepRun<T>::list_ahead(const Part<T>& part, std::int64_t inner,
                                    const void** ahead) const {
  std::size_t count = 0;
  for (const auto id : sweep_.entries_) {
    const T* row = buffer<T>(memory_, id) + part.row * inner + part.column;
    for (std::int64_t i = 0; i < part.rows && count < kMostAhead; ++i, row += inner)
      ahead[count++] = row;
  }
  return count;
}

template class Sweep<float>;
template class Sweep<double>;
template class SweepRun<float>;
template class SweepRun<double>;

}  // namespace longhand
