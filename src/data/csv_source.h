// The bytes of a CSV file, a window at a time: what is in memory does not grow with the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/files.h"

namespace longhand::data {

/// A window ends behind a row end or with the file, so that only a cell in quotes can be cut by it.
class CsvSource {
 public:
  static constexpr std::size_t kPiece = std::size_t{1} << 18;

  /// Bytes that the caller keeps: one window.
  explicit CsvSource(std::string_view bytes);
  /// An ordinary file, `piece` bytes at a time unless a row is longer. `file` has not been read.
  explicit CsvSource(FileReader file, std::size_t piece = kPiece);

  std::string_view window() const { return window_; }
  /// True where the window ends with the file.
  bool is_last() const { return is_last_; }
  /// A row end in the window: what begins before it ends before the memory does. The window's start
  /// where there is none.
  const char* fast_end() const { return fast_end_; }
  /// How many bytes of the file are before the window, and how many there are.
  std::uint64_t offset() const { return offset_; }
  std::uint64_t size() const { return size_; }

  /// Moves the window so that it begins at `keep`, which is in it, and ends later than it did. Not
  /// for the last window.
  void advance(const char* keep);
  /// Back to the start of the file.
  void rewind();

 private:
  void fill(std::size_t kept);
  void find_fast_end();

  std::optional<FileReader> file_;
  std::vector<char> buffer_;
  std::size_t filled_ = 0;  // bytes of the file in buffer_; the window may end before them
  std::string_view window_;
  const char* fast_end_ = nullptr;
  bool is_last_ = true;
  std::uint64_t offset_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace longhand::data
