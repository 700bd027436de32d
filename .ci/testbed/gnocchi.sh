#!/usr/bin/env bash
# A real Gnocchi of Debian's on loopback, for tests. Needs root (packages; a PostgreSQL cluster run by its own user).
#
#   gnocchi.sh install      the packages, if they are not there
#   gnocchi.sh start DIR    a Gnocchi in DIR that answers when this returns; prints its address
#   gnocchi.sh stop DIR     ends it
#   gnocchi.sh kill DIR     ends its API and metricd without warning; its database stays, and start goes on with both
#
# PORT and PGPORT: where it and its database listen; MAX_LIMIT: most resources of one answer; KEYSTONE: address of a Keystone
# whose tokens it takes (KEYSTONE_PASSWORD: its administrator's); without, it takes any user.
set -euo pipefail

port=${PORT:-15110}
pgport=${PGPORT:-15111}

install() {
  if command -v gnocchi-upgrade uwsgi runuser >/dev/null && [ -n "$(pgbin)" ]; then
    return
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update
  apt-get -qq -o DPkg::Lock::Timeout=600 install -y --no-install-recommends \
    postgresql python3-gnocchi python3-psycopg2 uwsgi-core uwsgi-plugin-python3 >/dev/null
}

pgbin() { find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1; }

# Ends the group of processes whose leader a file names, and waits for it.
end() {
  [ -f "$1" ] || return 0
  local leader
  leader=$(cat "$1")
  kill "-${2:-TERM}" -- "-$leader" 2>/dev/null || true
  for _ in $(seq 60); do
    kill -0 "$leader" 2>/dev/null || break
    sleep 0.25
  done
  kill -KILL -- "-$leader" 2>/dev/null || true
  rm -f "$1"
}

# Debian's package has no driver for SQLite.
database() {
  mkdir -p "$dir/pg"
  chmod 755 "$dir"
  chown postgres "$dir/pg"
  if [ ! -f "$dir/pg/cluster/PG_VERSION" ]; then
    runuser -u postgres -- "$(pgbin)/initdb" -D "$dir/pg/cluster" -U postgres -A trust -E UTF8 >/dev/null
  fi
  if ! runuser -u postgres -- "$(pgbin)/pg_ctl" -D "$dir/pg/cluster" status >/dev/null 2>&1; then
    runuser -u postgres -- "$(pgbin)/pg_ctl" -D "$dir/pg/cluster" -w -l "$dir/pg/log" \
      -o "-p $pgport -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off" start >/dev/null
  fi
  if ! psql_ postgres -tAc "select 1 from pg_database where datname = 'gnocchi'" | grep -q 1; then
    psql_ postgres -c 'create database gnocchi'
  fi
}

psql_() { "$(pgbin)/psql" -q -h 127.0.0.1 -p "$pgport" -U postgres -d "$@"; }

configure() {
  mkdir -p "$dir/storage" "$dir/coordination"
  printf '%s\n' \
    '[DEFAULT]' "coordination_url = file://$dir/coordination" \
    '[api]' "auth_mode = basic" "max_limit = ${MAX_LIMIT:-1000}" \
    '[indexer]' "url = postgresql://postgres@127.0.0.1:$pgport/gnocchi" \
    '[storage]' 'driver = file' "file_basepath = $dir/storage" \
    '[incoming]' 'driver = file' "file_basepath = $dir/storage" \
    '[metricd]' 'workers = 1' 'metric_processing_delay = 1' > "$dir/gnocchi.conf"
  if [ -n "${KEYSTONE:-}" ]; then
    # keystonemiddleware would look for the configuration in /etc alone
    /usr/bin/python3 -c 'import gnocchi.rest, os; print(open(os.path.dirname(gnocchi.rest.__file__) + "/api-paste.ini").read())' |
      sed "s|^oslo_config_project = .*|&\noslo_config_file = $dir/gnocchi.conf|" > "$dir/api-paste.ini"
    sed -i "s|^auth_mode = .*|auth_mode = keystone\npaste_config = $dir/api-paste.ini|" "$dir/gnocchi.conf"
    printf '%s\n' \
      '[keystone_authtoken]' "www_authenticate_uri = $KEYSTONE" "auth_url = $KEYSTONE" 'auth_type = password' \
      'username = admin' "password = ${KEYSTONE_PASSWORD:?}" 'project_name = admin' 'user_domain_name = Default' \
      'project_domain_name = Default' 'token_cache_time = 1' >> "$dir/gnocchi.conf"
  fi
}

start() {
  mkdir -p "$dir"
  database
  configure
  gnocchi-upgrade --config-file "$dir/gnocchi.conf" > "$dir/upgrade.log" 2>&1 || { tail -n 20 "$dir/upgrade.log" >&2; return 1; }
  setsid uwsgi --plugin python3 --http-socket "127.0.0.1:$port" --master --processes 2 --threads 2 --enable-threads \
    --lazy-apps --die-on-term --post-buffering 65536 --buffer-size 65535 --chdir / --wsgi gnocchi.rest.wsgi \
    --pyargv "--config-file $dir/gnocchi.conf" > "$dir/uwsgi.log" 2>&1 < /dev/null &
  echo $! > "$dir/uwsgi.pid"
  setsid gnocchi-metricd --config-file "$dir/gnocchi.conf" > "$dir/metricd.log" 2>&1 < /dev/null &
  echo $! > "$dir/metricd.pid"
  for _ in $(seq 240); do
    if /usr/bin/python3 -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1])' "$url/" 2>/dev/null; then
      echo "$url"
      return
    fi
    kill -0 "$(cat "$dir/uwsgi.pid")" 2>/dev/null || break
    sleep 0.5
  done
  tail -n 20 "$dir/uwsgi.log" >&2
  stop
  return 1
}

stop() {
  end "$dir/uwsgi.pid"
  end "$dir/metricd.pid"
  if [ -f "$dir/pg/cluster/postmaster.pid" ]; then
    runuser -u postgres -- "$(pgbin)/pg_ctl" -D "$dir/pg/cluster" -m fast stop >/dev/null || true
  fi
}

kill_() {
  end "$dir/uwsgi.pid" KILL
  end "$dir/metricd.pid" KILL
}

url=http://127.0.0.1:$port
dir=${2:-}
case ${1:-} in
  install) install ;;
  start | stop) : "${dir:?a directory}"; "$1" ;;
  kill) : "${dir:?a directory}"; kill_ ;;
  *) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
