#!/bin/sh
# Makes .venv and installs the packages of a requirements file into it, once for each content of the file.
# Usage: scripts/prepare.sh requirements.txt
set -eu
cd "$(dirname "$0")/.."
wanted=$1
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Python 3.11 or newer is needed; $python is $("$python" --version 2>&1). Say which: make PYTHON=python3.12 run" >&2
  exit 1
}
if [ ! -x .venv/bin/python ]; then
  if ! "$python" -m venv .venv; then
    rm -rf .venv
    # Debian keeps what venv needs in a package of its own.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      apt-get update -qq
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv
      "$python" -m venv .venv
    else
      echo "Python's venv module is missing; install the package python3-venv." >&2
      exit 1
    fi
  fi
fi

mark=.venv/installed-$(basename "$wanted" .txt)
sum=$(cat "$wanted" | cksum)
if [ "$(cat "$mark" 2>/dev/null)" != "$sum" ]; then
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$wanted"
  echo "$sum" > "$mark"
fi
