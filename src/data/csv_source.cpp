#include "data/csv_source.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "longhand/base.h"

namespace longhand::data {

CsvSource::CsvSource(std::string_view bytes) : window_(bytes), size_(bytes.size()) {
  find_fast_end();
}

CsvSource::CsvSource(FileReader file, std::size_t piece)
    : file_(std::move(file)), buffer_(std::max<std::size_t>(piece, 4)) {
  size_ = file_->size().value_or(0);
  fill(0);
}

void CsvSource::rewind() {
  if (offset_ == 0) return;
  file_.emplace(std::string(file_->path()));
  size_ = file_->size().value_or(0);
  offset_ = 0;
  fill(0);
}

void CsvSource::advance(const char* keep) {
  const auto passed = static_cast<std::size_t>(keep - buffer_.data());
  // A row that is longer than half of the buffer gets a larger one, so that rows are not moved
  // again and again.
  const bool is_short = filled_ - passed > buffer_.size() / 2;
  std::memmove(buffer_.data(), keep, filled_ - passed);
  offset_ += passed;
  if (is_short) buffer_.resize(buffer_.size() * 2);
  fill(filled_ - passed);
}

void CsvSource::fill(std::size_t kept) {
  filled_ = kept;
  is_last_ = false;
  for (;;) {
    while (filled_ < buffer_.size() && !is_last_) {
      const std::span free(buffer_.data() + filled_, buffer_.size() - filled_);
      const std::size_t came = file_->read(std::as_writable_bytes(free));
      is_last_ = came == 0;
      filled_ += came;
    }
    if (is_last_) {
      if (offset_ + filled_ < size_) {
        throw IoError("cannot read " + file_->path() + ": it was cut short while being read");
      }
      window_ = {buffer_.data(), filled_};
      break;
    }
    // A CR at the end may be half of a CRLF.
    const std::string_view bytes(buffer_.data(), filled_ - (buffer_[filled_ - 1] == '\r'));
    const std::size_t last = bytes.find_last_of("\n\r");
    if (last != bytes.npos) {
      window_ = bytes.substr(0, last + 1);
      break;
    }
    buffer_.resize(buffer_.size() * 2);
  }
  find_fast_end();
}

void CsvSource::find_fast_end() {
  fast_end_ = window_.data();
  const std::size_t last = window_.find_last_of("\n\r");
  if (last != window_.npos) fast_end_ += last;
}

}  // namespace longhand::data
