#!/usr/bin/env bash
# A real Keystone of Debian's on loopback, for tests. Needs root (packages; a PostgreSQL cluster run by its own user).
#
#   keystone.sh install      the packages, if they are not there
#   keystone.sh start DIR    a Keystone in DIR that is ready when this returns; prints KEY=VALUE lines about it
#   keystone.sh stop DIR     ends it
#
# PORT and PGPORT: where it and its database listen; RATING_URL: what the catalogue says of the service "rating".
set -euo pipefail

port=${PORT:-15100}
pgport=${PGPORT:-15101}
rating=${RATING_URL:-http://127.0.0.1:9534}
admin_password=admin-of-the-testbed
caravan_password=caravan-of-the-testbed

install() {
  if command -v keystone-manage uwsgi runuser >/dev/null && [ -n "$(pgbin)" ]; then
    return
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update
  apt-get -qq -o DPkg::Lock::Timeout=600 install -y --no-install-recommends \
    postgresql python3-keystone python3-psycopg2 uwsgi-core uwsgi-plugin-python3 >/dev/null
}

pgbin() { find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1; }

# Ends the group of processes whose leader a file names, and waits for it.
end() {
  [ -f "$1" ] || return 0
  local leader
  leader=$(cat "$1")
  kill -TERM -- "-$leader" 2>/dev/null || true
  for _ in $(seq 60); do
    kill -0 "$leader" 2>/dev/null || break
    sleep 0.25
  done
  kill -KILL -- "-$leader" 2>/dev/null || true
  rm -f "$1"
}

# SQLite would do, but it answers some writes with "database is locked".
database() {
  mkdir -p "$dir/pg"
  chmod 755 "$dir"
  chown postgres "$dir/pg"
  if [ ! -f "$dir/pg/cluster/PG_VERSION" ]; then
    runuser -u postgres -- "$(pgbin)/initdb" -D "$dir/pg/cluster" -U postgres -A trust -E UTF8 >/dev/null
  fi
  runuser -u postgres -- "$(pgbin)/pg_ctl" -D "$dir/pg/cluster" -w -l "$dir/pg/log" \
    -o "-p $pgport -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off" start >/dev/null
  if ! psql_ postgres -tAc "select 1 from pg_database where datname = 'keystone'" | grep -q 1; then
    psql_ postgres -c 'create database keystone'
  fi
}

psql_() { "$(pgbin)/psql" -q -h 127.0.0.1 -p "$pgport" -U postgres -d "$@"; }

configure() {
  install -d -m 700 "$dir/keys" "$dir/credentials"
  printf '%s\n' \
    '[DEFAULT]' "log_file = $dir/keystone.log" \
    '[database]' "connection = postgresql+psycopg2://postgres@127.0.0.1:$pgport/keystone" \
    '[token]' 'provider = fernet' \
    '[fernet_tokens]' "key_repository = $dir/keys" \
    '[credential]' "key_repository = $dir/credentials" > "$dir/keystone.conf"
  local manage=(keystone-manage --config-file "$dir/keystone.conf")
  {
    "${manage[@]}" db_sync
    "${manage[@]}" fernet_setup --keystone-user root --keystone-group root
    "${manage[@]}" credential_setup --keystone-user root --keystone-group root
    "${manage[@]}" bootstrap --bootstrap-username admin --bootstrap-project-name admin \
      --bootstrap-password "$admin_password" --bootstrap-service-name keystone --bootstrap-region-id RegionOne \
      --bootstrap-public-url "$url" --bootstrap-internal-url "$url" --bootstrap-admin-url "$url"
  } > "$dir/bootstrap.log" 2>&1 || { tail -n 20 "$dir/bootstrap.log" >&2; return 1; }
}

# Projects alpha and beta with a member each, a reader of alpha, one of alpha without a role that may read, the hub's own
# user in project service, and the rating service in the catalogue. Prints their ids.
populate() {
  /usr/bin/python3 - "$url" "$admin_password" "$caravan_password" "$rating" <<'PY'
import json
import sys
import urllib.request

url, admin_password, caravan_password, rating = sys.argv[1:]
token = None


def call(method, path, body=None):
    request = urllib.request.Request(url + path, method=method, data=json.dumps(body).encode() if body else None)
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("X-Auth-Token", token)
    with urllib.request.urlopen(request, timeout=60) as answer:
        text = answer.read()
        return answer.headers, json.loads(text) if text else {}


def made(kind, **what):
    """The id of something with this name (or type), made now unless it is there."""
    key = "type" if kind == "services" else "name"
    there = call("GET", "/%s?%s=%s" % (kind, key, what[key]))[1][kind]
    one = kind[:-1]
    return there[0]["id"] if there else call("POST", "/" + kind, {one: what})[1][one]["id"]


default = {"id": "default"}
headers, _ = call("POST", "/auth/tokens", {"auth": {
    "identity": {"methods": ["password"],
                 "password": {"user": {"name": "admin", "domain": default, "password": admin_password}}},
    "scope": {"project": {"name": "admin", "domain": default}}}})
token = headers["X-Subject-Token"]

projects = {name: made("projects", name=name, domain_id="default") for name in ("service", "alpha", "beta")}
roles = {name: made("roles", name=name) for name in ("admin", "member", "reader", "service", "auditor")}
for user, project, role, password in (
        ("caravan", "service", "service", caravan_password),
        ("ana", "alpha", "member", "ana-of-alpha"),
        ("rita", "alpha", "reader", "rita-of-alpha"),
        ("otto", "alpha", "auditor", "otto-of-alpha"),
        ("ben", "beta", "member", "ben-of-beta")):
    who = made("users", name=user, domain_id="default", password=password)
    call("PUT", "/projects/%s/users/%s/roles/%s" % (projects[project], who, roles[role]))
service = made("services", type="rating", name="caravan")
if not call("GET", "/endpoints?service_id=" + service)[1]["endpoints"]:
    for interface in ("public", "internal", "admin"):
        call("POST", "/endpoints", {"endpoint": {
            "service_id": service, "interface": interface, "url": rating, "region_id": "RegionOne"}})
for name, value in projects.items():
    print("PROJECT_%s=%s" % (name.upper(), value))
PY
}

start() {
  mkdir -p "$dir"
  database
  [ -f "$dir/keystone.conf" ] || configure
  OS_KEYSTONE_CONFIG_DIR=$dir setsid uwsgi --plugin python3 --http-socket "127.0.0.1:$port" --master --processes 2 \
    --enable-threads --lazy-apps --die-on-term --post-buffering 65536 --buffer-size 65535 --chdir / \
    --wsgi-file /usr/bin/keystone-wsgi-public \
    > "$dir/uwsgi.log" 2>&1 < /dev/null &
  echo $! > "$dir/uwsgi.pid"
  for _ in $(seq 240); do
    if /usr/bin/python3 -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1])' "$url" 2>/dev/null; then
      echo "AUTH_URL=$url"
      echo "ADMIN_PASSWORD=$admin_password"
      echo "CARAVAN_PASSWORD=$caravan_password"
      populate
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
  if [ -f "$dir/pg/cluster/postmaster.pid" ]; then
    runuser -u postgres -- "$(pgbin)/pg_ctl" -D "$dir/pg/cluster" -m fast stop >/dev/null || true
  fi
}

url=http://127.0.0.1:$port/v3
dir=${2:-}
case ${1:-} in
  install) install ;;
  start | stop) : "${dir:?a directory}"; "$1" ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
