// Several entry-by-entry operations in one sweep: over whole values, or over the tiles of a
// product.
#pragma once

#include <map>

#include "backends/cpu/elementwise.h"
#include "backends/cpu/loops.h"

namespace longhand {

inline constexpr std::size_t kSweepAlignment = 64;  // the widest vector

// Blocks, and what is read and written beside them, share a first-level cache of 32 KB.
inline constexpr std::size_t kBlockBytes = 4096;
// Between blocks, so that the same entry of two of them does not lie 4096 bytes apart: a load then
// waits for a store that it does not depend on.
inline constexpr std::size_t kBlockSkew = 64;

/// A part of a product: entry (row + i, column + j) is values[i * stride + j].
template <class T>
struct Part {
  T* values;
  std::int64_t stride;
  std::int64_t row, column, rows, columns;
};

/// The instructions of a sweep and the order of its places: entries, rows, columns, ones,
/// constants, registers, and last the part that the caller hands over.
template <class T>
class Sweep {
 public:
  static constexpr auto kBlock = static_cast<std::int64_t>(kBlockBytes / sizeof(T));
  static constexpr std::size_t kSplat = kSweepAlignment / sizeof(T);
  struct alignas(kSweepAlignment) Splat {
    T lanes[kSplat];
  };

  /// `part_of` is the product over whose parts `nodes` are computed, or kNoNode.
  Sweep(const Plan& plan, const std::vector<NodeId>& nodes, NodeId part_of);

  /// About the nanoseconds that an entry takes.
  double work() const { return work_; }
  /// What each thread needs.
  std::size_t scratch_bytes() const { return scratch_bytes_; }
  /// How many values with an entry for each it reads or writes in memory.
  std::size_t streams() const { return entries_.size(); }
  /// Whether any operand has one value a column or one a row.
  bool has_vectors() const { return !rows_.empty() || !columns_.empty(); }

 private:
  template <class>
  friend class SweepRun;

  std::size_t first_column() const { return entries_.size() + rows_.size(); }
  std::size_t first_one() const { return first_column() + columns_.size(); }
  void find_places(const Plan& plan, const std::vector<SweepLoop>& loops);
  void add_operand(const Plan& plan, NodeId id, const Shape& shape);
  void number_places();

  double work_ = 0;
  NodeId part_of_;  // kNoNode where its value lies in memory of its own
  // Nodes by how they are read; those with an entry for each entry are also where results go.
  std::vector<NodeId> entries_, rows_, columns_, ones_, constant_ids_;
  std::vector<Splat> constants_;
  std::map<NodeId, std::size_t> register_;
  std::size_t registers_ = 0;
  std::map<NodeId, std::uint32_t> number_;
  std::size_t places_ = 0;
  std::vector<Instruction<T>> instructions_;
  std::size_t splats_at_ = 0, blocks_at_ = 0, scratch_bytes_ = 0;
};

/// One thread's run of a sweep: the places, a splat for each operand of one value or one a row, and
/// the blocks of values that nothing outside the sweep reads, of rows and of columns.
template <class T>
class SweepRun {
 public:
  SweepRun(const Sweep<T>& sweep, const Memory& memory, std::byte* scratch);

  /// Entries begin, …, end - 1, where every operand has an entry for each, or one for all.
  void flat(Share share);
  /// Rows of `inner` entries, so short that a block holds several.
  void whole_rows(Share share, std::int64_t inner);
  /// Rows longer than that, a part at a time.
  void parts_of_rows(Share share, std::int64_t inner);
  /// Part of a product with rows of `inner` entries.
  void part(const Part<T>& part, std::int64_t inner);
  static constexpr std::size_t kMostAhead = 64;
  /// Lists where the first kMostAhead rows of memory start that `part` will read; returns how many.
  std::size_t list_ahead(const Part<T>& part, std::int64_t inner, const void** ahead) const;

 private:
  using Splat = typename Sweep<T>::Splat;
  static constexpr auto kBlock = Sweep<T>::kBlock;

  static Place<T> splat_of(T value, Splat& splat) {
    for (auto& lane : splat.lanes) lane = value;
    return {splat.lanes, 0};
  }
  Splat* first_column_splat() const { return splats_ + sweep_.ones_.size(); }
  T* block(std::size_t i) const {
    return reinterpret_cast<T*>(blocks_ + i * (kBlockBytes + kBlockSkew));
  }
  void place_entries(std::int64_t begin);
  void run_block(std::int64_t n, std::size_t moving);
  void compute(Area area) {
    for (const auto& instruction : sweep_.instructions_) {
      instruction.function(places_, instruction, area);
    }
  }

  const Sweep<T>& sweep_;
  const Memory& memory_;
  Place<T>* places_;
  Splat* splats_;
  std::byte* blocks_;
};

}  // namespace longhand
