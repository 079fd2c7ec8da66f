#include "formats/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace longhand {
namespace {

using Json = nlohmann::ordered_json;

TEST(ToJson, NestsRowByRow) {
  EXPECT_EQ(to_json(Tensor::scalar(2.5)).dump(), "2.5");
  EXPECT_EQ(to_json(Tensor{{1.5, 2.0}, {3.0, -4.0}}).dump(), "[[1.5,2.0],[3.0,-4.0]]");
  EXPECT_EQ(to_json(Tensor(Shape{2, 0})).dump(), "[[],[]]");
  EXPECT_EQ(to_json(Tensor(Shape{0, 2})).dump(), "[]");
  EXPECT_EQ(to_json(Tensor(Shape{1, 2, 1}, DType::u8)).dump(), "[[[0],[0]]]");
}

TEST(ToJson, KeepsFullPrecisionAndMakesNullOfWhatIsNotFinite) {
  EXPECT_EQ(to_json(Tensor::scalar(0.1, DType::f64)).dump(), "0.1");
  EXPECT_EQ(to_json(Tensor::scalar(0.1)).get<double>(), static_cast<double>(0.1F));
  const Json odd = to_json(Tensor{NAN, INFINITY, -INFINITY, -0.0});
  EXPECT_EQ(odd.dump(), "[null,null,null,-0.0]");
  EXPECT_TRUE(odd[0].is_null() && odd[1].is_null() && odd[2].is_null());
}

TEST(ToJson, WritesWholeNumbersAndTruthValuesAsSuch) {
  const std::vector<double> numbers{1, 0, 1};
  EXPECT_EQ(to_json(Tensor::from(numbers, Shape{3}, DType::i32)).dump(), "[1,0,1]");
  EXPECT_EQ(to_json(Tensor::from(numbers, Shape{3}, DType::u8)).dump(), "[1,0,1]");
  EXPECT_EQ(to_json(Tensor::from(numbers, Shape{3}, DType::boolean)).dump(), "[true,false,true]");
  EXPECT_EQ(to_json(Tensor::scalar(-2147483648.0, DType::i32)).dump(), "-2147483648");
}

TEST(TensorFromJson, ReadsBackWhatToJsonWrote) {
  for (const DType dtype : {DType::f32, DType::f64, DType::i32, DType::u8, DType::boolean}) {
    for (const Shape& shape :
         {Shape{}, Shape{3}, Shape{2, 3}, Shape{1, 2, 1, 2, 1, 3}, Shape{2, 0}}) {
      Tensor tensor(shape, dtype);
      for (std::int64_t i = 0; i < tensor.count(); ++i) tensor.set(i, static_cast<double>(i % 2));
      const auto back = tensor_from_json(Json::parse(to_json(tensor).dump()), "t", dtype);
      EXPECT_TRUE(identical(back, tensor)) << name(dtype) << to_string(shape);
    }
  }
  const Tensor odd = Tensor::from(std::vector<double>{0.1, 1e-320, 1e300}, Shape{3}, DType::f64);
  EXPECT_TRUE(identical(tensor_from_json(to_json(odd), "t"), odd));
}

TEST(TensorFromJson, TakesNullForAMissingNumber) {
  const auto tensor = tensor_from_json(Json::parse("[1, null]"), "t", DType::f32);
  EXPECT_EQ(tensor.at(0), 1);
  EXPECT_TRUE(std::isnan(tensor.at(1)));
}

std::string error_of(const std::string& text, DType dtype = DType::f64) {
  try {
    tensor_from_json(Json::parse(text), "rows", dtype);
  } catch (const ModelError& error) {
    return error.what();
  }
  return "no error";
}

TEST(TensorFromJson, SaysWhereAndWhatIsWrong) {
  EXPECT_EQ(error_of("[[1,2],[3]]"), "rows[2], counted from 1: found a list of 1, expected 2 as in the first");
  EXPECT_EQ(error_of("[[1],[2,3]]"), "rows[2], counted from 1: found a list of 2, expected 1 as in the first");
  EXPECT_EQ(error_of("[[],[1]]"), "rows[2], counted from 1: found a list of 1, expected 0 as in the first");
  EXPECT_EQ(error_of("[[1],2]"), "rows[2], counted from 1: found 2, expected a list");
  EXPECT_EQ(error_of("[1,[2]]"), "rows[2], counted from 1: found a list of 1, expected a number");
  EXPECT_EQ(error_of("[[[1],[2]],[[3],[\"x\"]]]"),
            "rows[2][2][1], counted from 1: found a string, expected a number");
  EXPECT_EQ(error_of("{}"), "rows: found an object, expected a number");
  EXPECT_EQ(error_of("[[[[[[[1]]]]]]]"), "rows: lists are nested more than 6 deep");
}

TEST(TensorFromJson, RefusesWhatTheTypeCannotHold) {
  EXPECT_EQ(error_of("[1e39]", DType::f32), "rows[1], counted from 1: found 1e+39, expected a number of f32");
  EXPECT_EQ(error_of("[1, 2.5]", DType::i32), "rows[2], counted from 1: found 2.5, expected a number of i32");
  EXPECT_EQ(error_of("2147483648", DType::i32), "rows: found 2147483648, expected a number of i32");
  EXPECT_EQ(error_of("-2147483649", DType::i32),
            "rows: found -2147483649, expected a number of i32");
  EXPECT_EQ(error_of("256", DType::u8), "rows: found 256, expected a number of u8");
  EXPECT_EQ(error_of("-1", DType::u8), "rows: found -1, expected a number of u8");
  EXPECT_EQ(error_of("2", DType::boolean), "rows: found 2, expected a number of bool");
  EXPECT_EQ(error_of("null", DType::i32), "rows: found null, expected a number");
  EXPECT_EQ(error_of("-2147483648", DType::i32), "no error");
  EXPECT_EQ(error_of("255", DType::u8), "no error");
}

TEST(TensorFromJson, DeepNestingCostsNoStack) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_EQ(error_of(deep), "rows: lists are nested more than 6 deep");
}

}  // namespace
}  // namespace longhand
