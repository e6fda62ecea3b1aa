#!/usr/bin/env bash
# Makes or renews .venv:  scripts/setup.sh runtime | server | dev | bench
# `runtime` is what the `doudi` command needs, `server` adds the server, `dev` what tests and checks need, `bench` what
# we measure beside.
# Run by make whenever a requirement file changed. Needs Python 3.11 or newer with its venv module.
set -eu
cd "$(dirname "$0")/.."
wanted=${1:-dev}

say() { printf '%s\n' "$*" >&2; }

good_python() { # is this a Python we can use?
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

can_make_venv() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 python3.14; do
        if good_python "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
}

install_packages() { # install_packages PACKAGE...: as root on Debian and Ubuntu; false elsewhere
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
    say "Installing $* ..."
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } </dev/null >&2
}

case $wanted in
    runtime) files="build runtime" ;;
    server) files="server" ;;
    dev) files="dev" ;;
    bench) files="bench" ;;
    *) say "usage: scripts/setup.sh runtime | server | dev | bench"; exit 2 ;;
esac

# A .venv whose checkout was moved, or whose Python is gone, is made anew.
usable() { [ "$(cat .venv/place 2>/dev/null)" = "$(pwd -P)" ] && .venv/bin/python -m pip --version >/dev/null 2>&1; }
if [ -e .venv ] && ! usable; then
    say "Making .venv anew."
    rm -rf .venv
fi

if [ ! -e .venv ]; then
    python=$(find_python)
    if [ -z "$python" ]; then
        install_packages python3 python3-venv || true
        python=$(find_python)
    fi
    if [ -z "$python" ]; then
        say "Doudi needs Python 3.11 or newer. Debian 12, Ubuntu 24.04: sudo apt-get install python3 python3-venv"
        exit 1
    fi
    if ! can_make_venv "$python"; then
        install_packages python3-venv || true
    fi
    if ! can_make_venv "$python"; then
        say "$python has no venv module. Debian 12, Ubuntu 24.04: sudo apt-get install python3-venv"
        exit 1
    fi
    "$python" -m venv .venv
    pwd -P >.venv/place
fi

for file in $files; do
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "requirements/$file.txt"
done
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
.venv/bin/python -m compileall -q src # a fifth of a short command's time, also where Python may not write caches

touch .venv/runtime.installed
[ "$wanted" = runtime ] || touch .venv/server.installed
[ "$wanted" = runtime ] || [ "$wanted" = server ] || touch .venv/dev.installed
[ "$wanted" != bench ] || touch .venv/bench.installed
