// Files and streams: every call to the operating system about them. Knows nothing of what is
// inside. Every failure is an IoError that names the path and says what the system said.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace longhand {

/// A file opened for reading from its start to its end. A missing file, a directory and a file that
/// may not be read throw when it is opened, with the reason in words.
class FileReader {
 public:
  explicit FileReader(const std::string& path);
  ~FileReader();
  FileReader(FileReader&& other) noexcept;
  FileReader& operator=(FileReader&& other) noexcept;

  const std::string& path() const { return path_; }
  /// The size in bytes of an ordinary file when it was opened; nothing for a pipe or a device.
  std::optional<std::uint64_t> size() const { return size_; }

  /// Whether an ordinary file has another size or time of change than when it was opened.
  bool has_changed() const;

  /// Reads up to into.size() bytes and returns how many came; 0 means the end.
  std::size_t read(std::span<std::byte> into);
  /// Goes to that byte of an ordinary file.
  void seek(std::uint64_t place);
  /// Fills `into`. Throws IoError where the file ends before.
  void read_exactly(std::span<std::byte> into);

 private:
  std::string path_;
  std::optional<std::uint64_t> size_;
  std::int64_t changed_ = 0;  // when, in nanoseconds
  int descriptor_ = -1;
};

/// The whole of a file in memory. It is read rather than mapped: a mapped file that another program
/// cuts short kills the process, where a read one is an error. Copies share the memory.
class FileBytes {
 public:
  /// Throws IoError also where an ordinary file turns out shorter than it was when opened.
  explicit FileBytes(const std::string& path) : FileBytes(FileReader(path)) {}
  /// A file that is open and of which nothing has been read; a pipe cannot be opened a second time.
  explicit FileBytes(FileReader reader);

  const std::string& path() const { return path_; }
  std::span<const std::byte> bytes() const { return {memory_.get(), size_}; }
  std::string_view text() const { return {reinterpret_cast<const char*>(memory_.get()), size_}; }

 private:
  std::string path_;
  std::shared_ptr<std::byte[]> memory_;
  std::size_t size_ = 0;
};

/// The whole of a file.
std::string read_text(const std::string& path);

/// All that is left of an open descriptor, such as standard input (0); `name` is for errors.
std::string read_stream(int descriptor, const std::string& name = "standard input");

using Bytes = std::span<const std::byte>;

/// Writes `parts`, one after another, as the file `path`: all of it or nothing. The bytes go to a
/// new file in the same directory, which is flushed to the disk and then renamed; on any failure it
/// is removed and what was at `path` is as it was. The new file has the permissions of the file it
/// replaces, else those of any new file. A symbolic link is followed. A directory is refused. A
/// pipe or device, such as /dev/stdout, is written to directly.
void write_file_atomically(const std::string& path, std::span<const Bytes> parts);
inline void write_file_atomically(const std::string& path, std::initializer_list<Bytes> parts) {
  write_file_atomically(path, std::span<const Bytes>(parts.begin(), parts.size()));
}
inline void write_file_atomically(const std::string& path, std::string_view text) {
  write_file_atomically(path, {std::as_bytes(std::span(text))});
}

/// A file that is written piece by piece and gets its name when it is whole, as write_file_atomically does
/// it; a pipe or device gets each piece as it comes.
class AtomicFile {
 public:
  explicit AtomicFile(const std::string& path);
  /// Without `commit`, what was at the path is as it was.
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view text);
  void commit();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Writes each text as the file of its path. None gets its name before all are written, so that where
/// one cannot be written, nothing has changed.
void write_files_atomically(std::span<const std::pair<std::string, std::string>> files);

bool is_terminal(int descriptor);

/// Columns of the terminal behind `descriptor`; 80 where it is none or does not say.
int terminal_width(int descriptor);

}  // namespace longhand
