// The header of an IDX file: two zero bytes, the elements' type, the number of axes, then the extents
// (http://yann.lecun.com/exdb/mnist). All is big-endian. Only for this room.
#pragma once

#include "formats/array_reader.h"

namespace longhand::idx {

bool is_magic(std::span<const std::byte> first);

/// Reads to the first byte of data. Throws DataError, which begins with the source's name.
ArrayHeader read_header(ByteSource& source);

}  // namespace longhand::idx
