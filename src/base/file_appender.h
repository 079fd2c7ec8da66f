// A file that grows while a program runs: a log.
#pragma once

#include <string>
#include <string_view>

namespace longhand {

class FileAppender {
 public:
  /// Begins the file anew, or goes on at its end. Throws IoError.
  FileAppender(const std::string& path, bool goes_on);
  ~FileAppender();
  FileAppender(const FileAppender&) = delete;
  FileAppender& operator=(const FileAppender&) = delete;

  /// What was written is seen by others at once. Throws IoError.
  void write(std::string_view bytes);

 private:
  std::string path_;
  int descriptor_;
};

}  // namespace longhand
