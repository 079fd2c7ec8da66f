#include "backends/cpu/random.h"

namespace longhand {
namespace {

template <class T>
class RandomUniform : public Call {
 public:
  RandomUniform(const Plan& plan, NodeId id) : result_(id), function_(uniform_function<T>()) {
    const auto& node = plan.graph.node(id);
    step_ = node.inputs[0];
    row_ = node.inputs[1];
    stream_ = static_cast<std::uint32_t>(node.attributes.stream);
    seed_ = node.attributes.seed;
    rows_ = product(node.type.shape, 0, 1);
    columns_ = product(node.type.shape, 1, 2);
  }

  void run(const Memory& memory) const override {
    constexpr double kNanosecondsAnEntry = 2;
    const auto rows = rows_.at(memory.rows), columns = columns_.at(memory.rows);
    const Draw draw{static_cast<std::uint32_t>(*buffer<std::int32_t>(memory, step_)), stream_,
                    seed_};
    const auto* row = buffer<std::int32_t>(memory, row_);
    T* y = buffer<T>(memory, result_);
    const int shares =
        shares_of(memory.pool, static_cast<double>(rows * columns) * kNanosecondsAnEntry);
    share_out(memory.pool, shares, [&](int, int index) {
      const auto share = part_of(rows, index, shares);
      for (auto i = share.begin; i < share.end; ++i) {
        function_(draw, static_cast<std::uint32_t>(row[i]), columns, y + i * columns);
      }
    });
  }

 private:
  NodeId step_, row_, result_;
  std::uint32_t stream_;
  std::uint64_t seed_;
  Extent rows_, columns_;
  UniformFunction<T> function_;
};

}  // namespace

std::unique_ptr<Call> make_random_uniform(const Plan& plan, NodeId id) {
  if (plan.dtype == DType::f32) return std::make_unique<RandomUniform<float>>(plan, id);
  return std::make_unique<RandomUniform<double>>(plan, id);
}

}  // namespace longhand
