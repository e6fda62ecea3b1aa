#!/usr/bin/env bash
# Sees to it that tests find chromium and a Chinese font, or says in one line how to get them. Never fails:
# without them the tests that need a browser are counted as not run. DOUDI_BROWSER=no leaves it alone.
set -u

have_browser() { command -v chromium >/dev/null 2>&1; }
have_font() { command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh family 2>/dev/null)" ]; }

[ "${DOUDI_BROWSER:-yes}" = no ] && exit 0
have_browser && have_font && exit 0

# On Ubuntu the package is only a pointer to a snap, which does not run in containers and services.
system=$(. /etc/os-release 2>/dev/null && printf '%s' "${ID:-}")
if [ "$(id -u)" = 0 ] && [ "$system" = debian ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing chromium and fonts-noto-cjk for the browser tests ..."
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends chromium fontconfig fonts-noto-cjk; } </dev/null >/dev/null 2>&1
fi
have_browser && have_font && exit 0

if [ "$system" = ubuntu ]; then
    echo "Browser tests are not run. For them: sudo apt-get install fontconfig fonts-noto-cjk, and a \`chromium\` on the PATH (sudo snap install chromium)"
else
    echo "Browser tests are not run. For them: sudo apt-get install --no-install-recommends chromium fontconfig fonts-noto-cjk"
fi
exit 0
