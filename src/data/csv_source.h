// The bytes of a CSV file, a window at a time: what is in memory does not grow with the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "formats/byte_source.h"

namespace longhand::data {

/// A window ends behind a row end or with the file, so that only a cell in quotes can be cut by it.
class CsvSource {
 public:
  static constexpr std::size_t kPiece = std::size_t{1} << 18;
  /// A million columns of 64 letters.
  static constexpr std::size_t kLongestRow = std::size_t{1} << 26;

  /// Bytes that the caller keeps: one window.
  explicit CsvSource(std::string_view bytes);
  /// `piece` bytes at a time unless a row is longer. Nothing of `source` has been read.
  explicit CsvSource(std::unique_ptr<ByteSource> source, std::size_t piece = kPiece);
  explicit CsvSource(FileReader file, std::size_t piece = kPiece)
      : CsvSource(open_source(std::move(file)), piece) {}

  std::string_view window() const { return window_; }
  /// True where the window ends with the file.
  bool is_last() const { return is_last_; }
  /// A row end in the window: what begins before it ends before the memory does. The window's start
  /// where there is none.
  const char* fast_end() const { return fast_end_; }
  /// How many bytes are before the window, and how many there are; 0 where that is not known.
  std::uint64_t offset() const { return offset_; }
  std::uint64_t size() const { return size_; }

  /// Moves the window so that it begins at `keep`, which is in it, and ends later than it did. Not
  /// for the last window. Throws DataError for a row over kLongestRow bytes.
  void advance(const char* keep);
  /// Back to the start of the file.
  void rewind();

 private:
  void fill(std::size_t kept);
  void grow();
  void find_fast_end();

  std::unique_ptr<ByteSource> source_;
  std::vector<char> buffer_;
  std::size_t filled_ = 0;  // bytes of the file in buffer_; the window may end before them
  std::string_view window_;
  const char* fast_end_ = nullptr;
  bool is_last_ = true;
  std::uint64_t offset_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace longhand::data
