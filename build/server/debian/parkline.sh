#!/bin/sh
# The command line of the installed server: it works on the service's data, as the service's own user.
set -eu
export PARKLINE_DATA="${PARKLINE_DATA:-/var/lib/parkline}"
program="/usr/lib/parkline/node /usr/lib/parkline/shared/server/cli.js"
if [ "$(id -u)" = 0 ] && [ "$PARKLINE_DATA" = /var/lib/parkline ]; then
  export XDG_CACHE_HOME=/var/cache/parkline
  exec runuser -u parkline -- $program "$@"
fi
exec $program "$@"
