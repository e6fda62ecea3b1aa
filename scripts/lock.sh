#!/usr/bin/env bash
# Renews the hashed requirement files from pyproject.toml. They name versions and hashes, never addresses.
set -eu
cd "$(dirname "$0")/.."

if command -v uv >/dev/null 2>&1; then
    uv=uv
else
    tools=$(mktemp -d)
    trap 'rm -rf "$tools"' EXIT
    "${PYTHON:-python3}" -m venv "$tools/venv"
    "$tools/venv/bin/python" -m pip install --quiet uv
    uv="$tools/venv/bin/uv"
fi

compile() { # compile OUTPUT ARGUMENT...
    output=$1
    shift
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade \
        --no-header --no-annotate --no-emit-index-url --output-file "$output" "$@"
    if grep -nE '[a-z]+://' "$output"; then
        echo "$output names an address: it must not." >&2
        exit 1
    fi
    echo "$output: $(grep -cE '^[A-Za-z0-9]' "$output") packages"
}

# dev.txt is compiled first and holds the others to its versions: one package, one version.
compile requirements/dev.txt pyproject.toml --extra dev requirements/build.in
compile requirements/bench.txt pyproject.toml --extra dev --extra bench requirements/build.in --constraint requirements/dev.txt
compile requirements/runtime.txt pyproject.toml --constraint requirements/dev.txt
compile requirements/server.txt pyproject.toml --extra server requirements/build.in --constraint requirements/dev.txt
compile requirements/build.txt requirements/build.in --constraint requirements/dev.txt
