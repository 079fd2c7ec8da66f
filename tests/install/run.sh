#!/usr/bin/env bash
# run.sh BUILD_DIR CMAKE: installs the build to a temporary prefix, builds a project that finds it
# with find_package, and runs that. Exit code 77 means skipped.
set -euo pipefail

build_dir=$1
cmake=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
example=$(cd "$here/../.." && pwd)/examples/simple_nn.cpp

if [[ ! -f $example ]]; then
  echo "skipped: examples/simple_nn.cpp does not exist"
  exit 77
fi

temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

# The consumer is built as the library was: a sanitized library needs a sanitized program.
cached() { sed -n "s/^$1:[A-Z]*=//p" "$build_dir/CMakeCache.txt"; }

"$cmake" --install "$build_dir" --prefix "$temp/prefix" >"$temp/install.log" \
  || { cat "$temp/install.log"; exit 1; }
"$cmake" -S "$here" -B "$temp/build" -G "$(cached CMAKE_GENERATOR)" \
  -DCMAKE_PREFIX_PATH="$temp/prefix" \
  -DCMAKE_BUILD_TYPE="$(cached CMAKE_BUILD_TYPE)" \
  -DCMAKE_CXX_COMPILER="$(cached CMAKE_CXX_COMPILER)" \
  -DCMAKE_CXX_FLAGS="$(cached CMAKE_CXX_FLAGS)" \
  -DCONSUMER_SOURCE="$example"
"$cmake" --build "$temp/build"

"$temp/build/consumer" | tee "$temp/stdout"
grep -q '^Output: ' "$temp/stdout" || { echo "no line starts with 'Output: '"; exit 1; }
