#include "formats/gzip.h"

#include <algorithm>
#include <new>
#include <utility>

#include "longhand/base.h"

namespace longhand {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 16;
constexpr int kGzipOnly = 16 + MAX_WBITS;

}  // namespace

GzipSource::GzipSource(std::unique_ptr<ByteSource> packed) : packed_(std::move(packed)), input_(kPiece) {
  if (inflateInit2(&stream_, kGzipOnly) != Z_OK) throw std::bad_alloc();
}

GzipSource::~GzipSource() { inflateEnd(&stream_); }

void GzipSource::rewind() {
  packed_->rewind();
  stream_.avail_in = 0;
  is_in_member_ = false;
}

std::size_t GzipSource::read(std::span<std::byte> into) {
  const std::size_t most = std::min(into.size(), std::size_t{1} << 30);
  stream_.next_out = reinterpret_cast<Bytef*>(into.data());
  stream_.avail_out = static_cast<uInt>(most);
  while (stream_.avail_out == most && most > 0) {
    if (!is_in_member_ && !begin_member()) return 0;
    inflate_some();
  }
  return most - stream_.avail_out;
}

bool GzipSource::has_input() {
  if (stream_.avail_in > 0) return true;
  stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
  stream_.avail_in = static_cast<uInt>(packed_->read(input_));
  return stream_.avail_in > 0;
}

// False at the end of the file.
bool GzipSource::begin_member() {
  if (!has_input()) return false;
  inflateReset(&stream_);
  is_in_member_ = true;
  return true;
}

void GzipSource::inflate_some() {
  if (!has_input()) throw DataError(name() + ": the gzip file is cut short: it ends before what it holds does");
  switch (inflate(&stream_, Z_NO_FLUSH)) {
    case Z_OK:
    case Z_BUF_ERROR:
      return;
    case Z_STREAM_END:
      is_in_member_ = false;
      return;
    case Z_MEM_ERROR:
      throw std::bad_alloc();
    default:
      throw DataError(name() + ": the gzip file is damaged, or something follows it (" +
                      (stream_.msg != nullptr ? stream_.msg : "bad data") + ")");
  }
}

}  // namespace longhand
