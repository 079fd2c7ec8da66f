#include "report/rows.h"

#include <algorithm>
#include <numeric>

#include "base/philox.h"

namespace longhand::report {

Rows draw_rows(std::int64_t count, std::int64_t most, std::uint64_t seed) {
  Rows rows(static_cast<std::size_t>(count));
  std::iota(rows.begin(), rows.end(), 0);
  if (count <= most) return rows;
  PhiloxStream stream(seed, hash_name("rows of a report"));
  shuffle(rows, stream);
  rows.resize(static_cast<std::size_t>(most));
  std::ranges::sort(rows);
  return rows;
}

}  // namespace longhand::report
