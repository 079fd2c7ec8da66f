#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "longhand/base.h"

namespace longhand {
namespace {

TEST(Tensor, RoundsToNearest) {
  Tensor whole(Shape{2}, DType::i32);
  whole.set(0, 1.9);
  whole.set(1, -1.9);
  EXPECT_EQ(to_string(whole), "[2, -2]");
  EXPECT_EQ(Tensor::scalar(0.1, DType::f64).cast(DType::f32).item(), static_cast<double>(0.1F));
}

// In any number, as whole tensors are converted by vectors.
TEST(Tensor, ConvertsEveryEntryAsItIsSet) {
  for (const auto from : {DType::f32, DType::f64, DType::i32, DType::u8, DType::boolean}) {
    for (const auto to : {DType::f32, DType::f64, DType::i32, DType::u8, DType::boolean}) {
      for (std::int64_t count = 0; count <= 37; ++count) {
        Tensor values(Shape{count}, from);
        const bool is_real = from == DType::f32 || from == DType::f64;
        for (std::int64_t i = 0; i < count; ++i) values.set(i, static_cast<double>(i) + (is_real ? 0.3 : 0));
        const auto found = values.cast(to);
        Tensor expected(Shape{count}, to);
        for (std::int64_t i = 0; i < count; ++i) expected.set(i, values.at(i));
        EXPECT_TRUE(identical(found, expected)) << name(from) << " to " << name(to) << ", " << count;
      }
    }
  }
  EXPECT_THROW(Tensor::from(std::vector{1.0, 256.0}, {2}).cast(DType::u8), ArgumentError);
}

TEST(Tensor, RefusesWhatAnIntegerCannotHold) {
  Tensor whole(Shape{1}, DType::i32), byte(Shape{1}, DType::u8);
  for (const double value : {2147483648.0, -2147483649.0, 1e300, std::nan(""), HUGE_VAL}) {
    EXPECT_THROW(whole.set(0, value), ArgumentError) << value;
  }
  EXPECT_THROW(byte.set(0, 256), ArgumentError);
  EXPECT_THROW(byte.set(0, -1), ArgumentError);
}

TEST(Tensor, ABooleanIsWhetherItIsNotZero) {
  Tensor truth(Shape{2}, DType::boolean);
  truth.set(0, 0.25);
  EXPECT_TRUE(truth.values<bool>()[0]);
  EXPECT_FALSE(truth.values<bool>()[1]);
}

TEST(Tensor, NestedBracesAreEntries) {
  const Tensor rows{{1, 2, 3}, {4, 5, 6}};
  EXPECT_EQ(rows.shape(), (Shape{2, 3}));
  EXPECT_EQ(rows.dtype(), DType::f32);
  EXPECT_EQ(to_string(rows), "[[1, 2, 3], [4, 5, 6]]");
  EXPECT_THROW((Tensor{{1, 2}, {3}}), ShapeError);
  EXPECT_THROW((Tensor{{1, 2}, 3}), ShapeError);
}

TEST(Tensor, RefusesShapesThatDoNotFit) {
  EXPECT_THROW(Tensor(Shape{Shape::kBatch, 2}), ShapeError);
  EXPECT_THROW((Tensor{{1, 2}}).reshaped({3}), ShapeError);
  EXPECT_THROW((Tensor{{1, 2}}).item(), ShapeError);
  EXPECT_THROW((Tensor{{1, 2}}).values<double>(), ShapeError);
  EXPECT_THROW(Tensor::from(std::vector{1.0, 2.0}, {3}), ShapeError);
  EXPECT_THROW((Shape{std::int64_t{1} << 40, std::int64_t{1} << 40}).count(), ShapeError);
}

}  // namespace
}  // namespace longhand
