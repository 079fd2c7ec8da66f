// TensorBoard's event files: TFRecords, each with an Event of tensorflow/core/util/event.proto.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace longhand {

/// The record that an event file begins with. `seconds` are those since 1970.
std::string first_event(double seconds);

/// A record of scalars, by tag, at a step.
std::string scalars_event(double seconds, std::int64_t step, std::span<const std::pair<std::string, double>> scalars);

/// CRC-32C (Castagnoli), by which records are checked.
std::uint32_t crc32c(std::string_view bytes);

}  // namespace longhand
