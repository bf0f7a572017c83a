# shellcheck shell=sh
#
# Installs what package-lock.json names into build/npm, bit for bit. For tools/setup.sh to read.
#
# npm's cache and logs are there too: without these options they go to the user's home.

NPM=build/npm

# The lock file is copied at the end: that it is there says that the rest is.
install_npm() {
    rm -rf "$NPM/node_modules" "$NPM/package-lock.json"
    mkdir -p "$NPM"
    cp package.json package-lock.json "$NPM" || return 1
    set -- npm ci --prefix "$NPM" --cache "$NPM/cache" --logs-dir "$NPM/logs" --ignore-scripts \
        --no-audit --no-fund --no-update-notifier --loglevel=error
    echo "+ $*"
    NODE_DISABLE_COMPILE_CACHE=1 "$@" >build/setup.log 2>&1 && return 0
    rm -f "$NPM/package-lock.json"
    tools/setup/failure.sh "npm could not install what package-lock.json names" build/setup.log
    return 1
}
