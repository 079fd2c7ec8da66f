// A file with a table in it.
#pragma once

#include <memory>
#include <string>

#include "formats/byte_source.h"
#include "longhand/base.h"

namespace longhand::data {

/// Throws DataError where it cannot be opened: a table that is missing is wrong data, not a failed machine.
inline std::unique_ptr<ByteSource> open_data(const std::string& path) try {
  return open_source(FileReader(path));
} catch (const IoError& error) {
  throw DataError(error.what());
}

}  // namespace longhand::data
