// Two trainings that are to be the same, bit for bit.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "longhand/train.h"

namespace longhand::testing {

inline void expect_same(const TrainResult& a, const TrainResult& b, const std::string& what) {
  ASSERT_EQ(a.model.state.size(), b.model.state.size());
  for (const auto& [name, tensor] : a.model.state.entries()) {
    EXPECT_TRUE(identical(tensor, b.model.state.get(name))) << what << ": " << name;
  }
  EXPECT_EQ(a.model.training, b.model.training) << what;
  EXPECT_EQ(a.train.values, b.train.values) << what;
  ASSERT_EQ(a.validation.has_value(), b.validation.has_value()) << what;
  if (a.validation) {
    EXPECT_EQ(a.validation->values, b.validation->values) << what;
    EXPECT_EQ(a.validation->confusion, b.validation->confusion) << what;
  }
  EXPECT_EQ(a.epochs, b.epochs) << what;
  EXPECT_EQ(a.history, b.history) << what;
  EXPECT_EQ(a.split.held_out, b.split.held_out) << what;
  ASSERT_EQ(a.before_refit.has_value(), b.before_refit.has_value()) << what;
  if (a.before_refit) {
    EXPECT_EQ(a.before_refit->inputs.front().mean, b.before_refit->inputs.front().mean) << what;
    for (const auto& [name, tensor] : a.before_refit->state.entries()) {
      EXPECT_TRUE(identical(tensor, b.before_refit->state.get(name))) << what << ": before the refit, " << name;
    }
  }
  EXPECT_EQ(a.epochs_run, b.epochs_run) << what;
}

}  // namespace longhand::testing
