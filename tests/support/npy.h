// NPY files, as numpy.save writes them, good and bad.
#pragma once

#include <span>
#include <string>

namespace longhand::testing {

inline std::string npy(const std::string& header, const std::string& data = "") {
  const std::string start("\x93NUMPY\x01\0", 8);
  return start + static_cast<char>(header.size() & 0xFF) + static_cast<char>(header.size() >> 8) + header + data;
}
/// `shape` is a tuple of Python's: "(3, 2)".
inline std::string npy_of(const std::string& descr, const std::string& shape, const std::string& data = "",
                          bool is_fortran_order = false) {
  return npy("{'descr': '" + descr + "', 'fortran_order': " + (is_fortran_order ? "True" : "False") + ", 'shape': " + shape + ", }", data);
}

/// Little-endian where the machine is.
template <class T>
std::string bytes_of(std::span<const T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

}  // namespace longhand::testing
