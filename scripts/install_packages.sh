#!/usr/bin/env bash
# Installs the Debian packages that building and testing need, those that are missing; silent and
# instant where none is.
set -euo pipefail

packages=(
  build-essential cmake ninja-build pkg-config ccache git python3
  libhwy-dev libfmt-dev libcli11-dev nlohmann-json3-dev libtomlplusplus-dev zlib1g-dev
  libgtest-dev librapidcheck-dev
)

if ! command -v dpkg-query >/dev/null; then
  echo "not a Debian system: taking these Debian packages to be installed under their names here:" \
    "${packages[*]}" >&2
  exit 0
fi

installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null \
  | sed -n 's/^installed //p') || true
mapfile -t missing < <(comm -23 <(printf '%s\n' "${packages[@]}" | sort) <(sort <<<"$installed"))
if ((${#missing[@]} == 0)); then
  exit 0
fi

if ((EUID != 0)); then
  echo "missing packages; install them and run this again:" >&2
  echo "  sudo apt-get install ${missing[*]}" >&2
  exit 1
fi

echo "installing ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
