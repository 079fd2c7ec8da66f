#!/usr/bin/env bash
# Builds the command, trains on a real table (569 tumours, 30 measurements each; UCI Wisconsin
# Diagnostic Breast Cancer), and works a small network out by hand.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD

heading() { printf '\n== %s\n\n' "$*"; }
longhand() {
  echo "\$ longhand $*"
  "$root/build/release/bin/longhand" "$@"
  echo
}

scripts/install_packages.sh

heading "Building build/release/bin/longhand"
cmake --preset release >/dev/null
cmake --build --preset release --target longhand_cli

temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"

# Every fifth row is kept from training.
awk 'NR == 1 { print > "train.csv"; print > "held_out.csv"; next }
     NR % 5 == 0 { print > "held_out.csv"; next }
     { print > "train.csv" }' "$root/examples/data/breast_cancer.csv"
head -n 6 held_out.csv >rows.csv

heading "Training on $(($(wc -l <train.csv) - 1)) rows"
longhand train train.csv --target diagnosis -o model.safetensors

heading "How good it is on the $(($(wc -l <held_out.csv) - 1)) rows it has not seen"
longhand evaluate model.safetensors held_out.csv

heading "Five of those rows, the true diagnosis first"
longhand predict model.safetensors rows.csv --keep diagnosis

heading "A 2-2-1 network, worked out step by step"
cd "$root"
longhand explain examples/article.toml
