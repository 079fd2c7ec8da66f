#!/usr/bin/env bash
# test.sh [--sanitizers]: builds and runs all tests, optimised, with warnings as errors;
# --sanitizers: again under the address and undefined-behaviour sanitizers, and under the thread
# sanitizer. The last line is `N passed, N failed` over all of them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

presets=(release)
case "${1-}" in
  "") ;;
  --sanitizers) presets=(release asan tsan) ;;
  *) echo "usage: scripts/test.sh [--sanitizers]" >&2; exit 2 ;;
esac

scripts/install_packages.sh

jobs=$(nproc)
passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# The thread sanitizer of GCC 12 stops at start where the kernel randomises addresses widely.
fixed_addresses=()
if setarch -R true 2>/dev/null; then
  fixed_addresses=(setarch -R)
fi

build() {
  local werror=OFF  # the sanitizers bring on false warnings
  [[ $1 == release ]] && werror=ON
  cmake --preset "$1" -DLONGHAND_BUILD_TESTS=ON -DLONGHAND_WERROR=$werror \
    && cmake --build --preset "$1" -j "$jobs"
}

# The number before PATTERN in ctest's last lines, such as "2 tests failed out of 8".
count() { sed -nE "s/$1/\1/p" "$log" | tail -n 1; }

for preset in "${presets[@]}"; do
  printf '\n== %s\n\n' "$preset"
  if ! build "$preset"; then
    echo "$preset: the build failed"
    failed=$((failed + 1))
    continue
  fi
  status=0
  "${fixed_addresses[@]}" ctest --preset "$preset" -j "$jobs" | tee "$log" || status=$?
  run=$(count '.* tests failed out of ([0-9]+)')
  bad=$(count '.* ([0-9]+) tests failed out of .*')
  skipped=$(grep -c '\*\*\*Skipped' "$log" || true)
  if [[ -z $run ]] || ((status != 0 && bad == 0)); then
    echo "$preset: ctest itself failed"
    failed=$((failed + 1))
    continue
  fi
  passed=$((passed + run - bad - skipped))
  failed=$((failed + bad))
done

echo
echo "$passed passed, $failed failed"
((failed == 0))
