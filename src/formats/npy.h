// The header of a file that numpy.save writes, versions 1 to 3
// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). Only for this room.
#pragma once

#include <string_view>

#include "formats/array_reader.h"

namespace longhand::npy {

constexpr std::string_view kMagic = "\x93NUMPY";

/// Reads to the first byte of data. Nothing in the header is run: it is one dictionary of three keys with
/// texts, True or False, and whole numbers. Throws DataError, which begins with the source's name.
ArrayHeader read_header(ByteSource& source);

}  // namespace longhand::npy
