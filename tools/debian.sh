#!/bin/sh
# Usage: tools/debian.sh COMMAND=PACKAGE …
# Installs the Debian package of every command that is missing; where that is not possible, says what to install.
set -eu

missing=
for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null 2>&1 || missing="$missing ${pair#*=}"
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq </dev/null
    # shellcheck disable=SC2086  # a list of package names
    exec apt-get install -qq -y --no-install-recommends $missing </dev/null
fi
echo "Thiếu gói phần mềm:$missing. Hãy cài rồi chạy lại, ví dụ trên Debian: sudo apt-get install$missing" >&2
exit 1
