#!/bin/sh
# Debian's Chromium with what others leave of the processor. Playwright gives every browser a session of its own, and Linux may share
# the processor among sessions before "nice" counts within one (sched(7), "The autogroup feature").
echo 19 2> /dev/null > /proc/self/autogroup || :
exec /usr/bin/chromium "$@"
