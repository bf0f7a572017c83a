#!/bin/sh
#
# Prints, as one sentence on stderr, why an installation failed and what to do.
#
#   tools/setup/failure.sh WHAT_FAILED LOG
#
# The reason is the log's first line that names one: apt's after E: or W:, npm's after "npm error".

set -eu

what=$1
log=$2

reason=$(sed -nE '
    s/^[EW]: Failed to fetch ([^ ]+) +(.*)/\2 (\1)/p
    s/^[EW]: //p
    /^npm (error|ERR!) (code|errno|syscall)/d
    s/^npm (error|ERR!) (.)/\2/p' "$log" | head -n 1)
network='resolv|connect|network|unreachable|timed out|timeout|getaddrinfo|EAI_AGAIN|ENOTFOUND'

if echo "$reason" | grep -qiE "$network"; then
    advice="connect this machine to the network, then run make again"
else
    advice="all that it said is in $log"
fi
echo "setup: $what: ${reason:-it gave no reason}; $advice" >&2
