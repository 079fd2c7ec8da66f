// What a Program holds, for Runner.
#pragma once

#include "exec/backend.h"
#include "longhand/exec.h"

namespace longhand {

struct Program::Impl {
  Plan plan;
  std::unique_ptr<Executable> executable;
  std::vector<Slot> inputs, states, outputs;
};

}  // namespace longhand
