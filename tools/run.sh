#!/bin/sh
# Serves, after filling a data folder without an installation with the demo.
# Ends by becoming the server, so that signals reach it.
set -eu
data=${TOANKHOA_DATA:?}
unfinished=$data/.demo-unfinished

mkdir -p "$data"
if [ -z "${DATABASE_URL:-}" ] && [ ! -e "$data/toankhoa.sqlite3" ] && [ ! -e "$data/installation.toml" ]; then
    touch "$unfinished"
fi
# The demo is loaded in one transaction: after an interrupted run it can simply be loaded again.
if [ -e "$unfinished" ]; then
    .venv/bin/toankhoa demo
    rm "$unfinished"
fi
exec .venv/bin/toankhoa serve
