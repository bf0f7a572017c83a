# shellcheck shell=sh
#
# Installs packages with apt, and never removes one. For tools/setup.sh to read.
#
# What apt-get prints goes to build/setup.log: dozens of lines for each package, and without a
# network a dozen for each that could not be fetched, would hide the sentence that matters.

LOG=build/setup.log
LOCK_SECONDS=600
INSTALL="install --no-install-recommends --no-remove"

# True if commands can be run as root; sudo may ask for a password.
can_be_root() {
    [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null 2>&1 && sudo true; }
}

# Runs apt-get as root. stdin is closed: nobody is there to answer a question.
apt_get() {
    as_root=
    [ "$(id -u)" = 0 ] || as_root=sudo
    $as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -qq -y "$@" </dev/null >"$LOG" 2>&1
}

# Shows and runs an apt-get command. Waits while another process holds one of apt's locks:
# DPkg::Lock::Timeout would wait for dpkg's locks, but not for those of the lists and the archives.
apt_step() {
    echo "+ apt-get $*"
    mkdir -p build
    waited=0
    until apt_get "$@"; do
        lock=$(sed -n '/Could not get lock/ { s/^E: //; p; q; }' "$LOG")
        [ -n "$lock" ] && [ "$waited" -lt "$LOCK_SECONDS" ] || return 1
        [ "$waited" = 0 ] && echo "setup: waiting up to $((LOCK_SECONDS / 60)) minutes: $lock"
        sleep 2
        waited=$((waited + 2))
    done
}

# One attempt: all is fetched before anything is installed.
apt_fetch() {
    # shellcheck disable=SC2086 # one word for each package
    apt_step $INSTALL --download-only $1
}

apt_update() {
    apt_step update -o APT::Update::Error-Mode=any
}

# Old lists name files that the mirror has dropped, and a download may fail once by chance.
apt_install() {
    have_file /var/lib/apt/lists/*Packages* || apt_update || return 1
    apt_fetch "$1" || { apt_update && apt_fetch "$1"; } || return 1
    # shellcheck disable=SC2086
    apt_step $INSTALL $1
}

# The command that a user without rights asks the administrator for.
tell_root() {
    update=
    have_file /var/lib/apt/lists/*Packages* || update="apt-get update && "
    echo "setup: run as root: ${update}apt-get $INSTALL $1" >&2
}

# Installs the packages of one argument. Prints one sentence and returns 1 if it cannot.
install_with_apt() {
    can_be_root || { tell_root "$1"; return 1; }
    echo "setup: installing $1"
    apt_install "$1" && return 0
    tools/setup/failure.sh "apt-get could not install the packages" "$LOG"
    return 1
}
