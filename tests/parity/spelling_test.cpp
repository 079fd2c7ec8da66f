// Every quantity of every kind of network is found by its id and by each way in which explain writes it.
#include <gtest/gtest.h>

#include "explain/ascii.h"
#include "explain/subjects.h"
#include "explain/symbols.h"
#include "parity/goldens.h"

namespace longhand::testing {
namespace {

TEST(Spellings, EveryQuantityIsFoundAsItIsWritten) {
  std::size_t found = 0;
  for (const auto& golden : read_goldens("explain.json")) {
    const auto model = model_of(golden, DType::f64);
    const auto& sample = *model.network.sample;
    const auto step = build_step(model, {.stable = false, .input_gradient = true, .loss_after = true});
    const Subjects subjects(step.graph, step_values(model, step, sample.input, class_numbers(model, sample.target)), sample.is_batch);
    for (const auto& id : subjects.ids()) {
      for (const auto& spelling : {id, unicode_symbol(id), ascii(unicode_symbol(id)), latex_symbol(id), "$" + latex_symbol(id) + "$"}) {
        const auto subject = subjects.find_spelt(spelling);
        ASSERT_TRUE(subject) << golden.name << ": " << id << " as " << spelling;
        EXPECT_EQ(subjects[*subject].id, id) << golden.name << ": as " << spelling;
        ++found;
      }
    }
  }
  EXPECT_GT(found, 1000U);
}

}  // namespace
}  // namespace longhand::testing
