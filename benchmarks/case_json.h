// Cases from outside: {"name", "batch", "trains", "description"}, the last a network description as JSON.
#pragma once

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "bench/case.h"

namespace longhand::benchmarks {

inline bench::Case read_case(std::FILE* file) {
  std::string text;
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
  const auto json = nlohmann::json::parse(text);
  const auto name = json.at("name").get<std::string>();
  return {name, parse_network(json.at("description").dump(), name), json.at("batch").get<std::int64_t>(),
          json.at("trains").get<bool>()};
}

}  // namespace longhand::benchmarks
