#include "data/csv_source.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "base/text.h"
#include "longhand/base.h"

namespace longhand::data {

CsvSource::CsvSource(std::string_view bytes) : window_(bytes), size_(bytes.size()) {
  find_fast_end();
}

CsvSource::CsvSource(std::unique_ptr<ByteSource> source, std::size_t piece)
    : source_(std::move(source)), buffer_(std::max<std::size_t>(piece, 4)), size_(source_->size().value_or(0)) {
  fill(0);
}

void CsvSource::rewind() {
  if (offset_ == 0) return;
  source_->rewind();
  size_ = source_->size().value_or(0);
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
  if (is_short) grow();
  fill(filled_ - passed);
}

void CsvSource::fill(std::size_t kept) {
  filled_ = kept;
  is_last_ = false;
  for (;;) {
    const std::span free(buffer_.data() + filled_, buffer_.size() - filled_);
    const std::size_t came = read_all(*source_, std::as_writable_bytes(free));
    is_last_ = came < free.size();
    filled_ += came;
    if (is_last_) {
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
    grow();
  }
  find_fast_end();
}

// More than half of the buffer is one row.
void CsvSource::grow() {
  if (buffer_.size() / 2 >= kLongestRow) {
    throw DataError(source_->name() + ": a row of over " + with_commas(static_cast<std::int64_t>(kLongestRow)) +
                    " bytes begins at byte " + with_commas(static_cast<std::int64_t>(offset_ + 1)) + "; is this a table, and is each quote closed?");
  }
  buffer_.resize(buffer_.size() * 2);
}

void CsvSource::find_fast_end() {
  fast_end_ = window_.data();
  const std::size_t last = window_.find_last_of("\n\r");
  if (last != window_.npos) fast_end_ += last;
}

}  // namespace longhand::data
