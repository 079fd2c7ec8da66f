// bench: how fast a network is predicted with and learnt on this machine, beside what the machine
// could do. It knows programs and runners, no flags, and nothing of how they are made fast.
#pragma once

#include <string>
#include <vector>

#include "longhand/model.h"

namespace longhand::bench {

/// What is timed: one row through the network, or one step of training on a batch in memory.
struct Case {
  std::string name;
  NetworkSpec network;
  std::int64_t batch = 1;
  bool trains = true;
};

/// Fully connected layers of these widths with ReLU between; a sigmoid at the end where the loss is
/// "bce". SGD has a learning rate of 0.1, any other optimiser 0.001.
NetworkSpec make_network_spec(const std::vector<std::int64_t>& widths, const std::string& loss,
                              const std::string& optimizer);

/// The cases of `longhand bench`.
std::vector<Case> standard_cases();

}  // namespace longhand::bench
