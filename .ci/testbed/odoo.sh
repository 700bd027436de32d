#!/usr/bin/env bash
# A real Odoo of Debian's on loopback, for tests: 14 (of bullseye) or 19 (of sid, on trixie), each in a root directory of
# its own with its own PostgreSQL. Needs root on Debian 12 or later, 2 GB a release, and a mirror that has those suites.
#
#   odoo.sh install RELEASE   the root directory and a database with a chart of accounts to begin from; minutes, once
#   odoo.sh start RELEASE     a database made anew from that, and an Odoo that answers; prints KEY=VALUE lines about it
#   odoo.sh stop RELEASE      ends both
#   odoo.sh sql RELEASE QUERY what a query of the database answers while it runs, columns parted by |
#
# HOME_OF_ODOO: where it all is. PORT, PGPORT: where it listens. WORKERS: processes that answer calls. FRESH=no: start with
# the database as it was left.
set -euo pipefail

release=${2:-}
home=${HOME_OF_ODOO:-/var/cache/caravan-testbed}
root=$home/root-$release
state=$home/state-$release
workers=${WORKERS:-2}
database=billing
pristine=pristine
database_password=of-the-testbed
cluster=/var/lib/postgresql/caravan
sockets=/run/caravan-postgresql

case $release in
  # its chart of accounts is a module of its own
  14) suite=bullseye chart=l10n_generic_coa port=${PORT:-28014} pgport=${PGPORT:-25414} ;;
  # sid's Python is too new for it, so all but Odoo itself is trixie's; time zones under their old names are a package there
  19) suite=trixie chart= port=${PORT:-28019} pgport=${PGPORT:-25419} ;;
  *) sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

say() { printf '# odoo %s: %s\n' "$release" "$*" >&2; }

# Runs a command in the root directory as a user of it. Mounts are its own and go with it.
within() {
  local user=$1
  shift
  unshare --mount --propagation private sh -c '
    root=$1 user=$2
    shift 2
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    exec chroot --userspec="$user" "$root" env -i HOME=/tmp LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
      PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
  ' within "$root" "$user" "$@"
}

# The same in the background, in a process group of its own whose leader a file names.
apart() {
  local name=$1
  shift
  # shellcheck disable=SC2016
  setsid unshare --mount --propagation private sh -c '
    root=$1 user=$2
    shift 2
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    exec chroot --userspec="$user" "$root" env -i HOME=/tmp LANG=C.UTF-8 \
      PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
  ' apart "$root" "$@" > "$state/$name.log" 2>&1 < /dev/null &
  echo $! > "$state/$name.pid"
  # on a busy machine it takes its time to get into the root directory, by which it is known
  for _ in $(seq 200); do
    if lives "$name" || ! kill -0 $!; then
      return
    fi
    sleep 0.05
  done
}

# Is what a file names alive, and ours? A number alone may be another's by now.
lives() {
  local leader
  leader=$(cat "$state/$1.pid" 2>/dev/null) && [ "$(readlink "/proc/$leader/root" 2>/dev/null)" = "$(readlink -f "$root")" ]
}

end() {
  local leader
  if lives "$1"; then
    leader=$(cat "$state/$1.pid")
    kill "-$2" "$leader"
    for _ in $(seq 60); do
      pgrep -g "$leader" > /dev/null || break
      sleep 0.5
    done
    kill -KILL -- "-$leader" 2>/dev/null || true
  fi
  rm -f "$state/$1.pid"
}

programs() { (cd "$root" && find usr/lib/postgresql -maxdepth 2 -name bin | sort -V | tail -n 1 | sed 's|^|/|'); }

sql() { within postgres:postgres env PGOPTIONS='-c client_min_messages=warning' "$(programs)/psql" -qtA -v ON_ERROR_STOP=1 -h "$sockets" -p "$pgport" "$@"; }

# With a subcommand, or "" for none.
odoo() {
  local sub=$1
  shift
  within odoo:odoo /usr/bin/odoo ${sub:+"$sub"} -c /etc/odoo/caravan.conf --no-http --log-level=error "$@"
}

base() {
  local mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
  [ -n "$mirror" ] || { say "apt knows no mirror"; return 1; }
  command -v debootstrap > /dev/null || apt-get -qq -o DPkg::Lock::Timeout=600 install -y --no-install-recommends debootstrap > /dev/null
  rm -rf --one-file-system "$root"
  debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" "$mirror" > "$state/base.log" 2>&1
  echo "deb $mirror $suite main" > "$root/etc/apt/sources.list"
  if [ "$release" = 19 ]; then
    echo "deb $mirror sid main" >> "$root/etc/apt/sources.list"
    printf '%s\n' 'Package: *' 'Pin: release n=sid' 'Pin-Priority: -1' '' 'Package: odoo-19' 'Pin: release n=sid' \
      'Pin-Priority: 500' > "$root/etc/apt/preferences"
  fi
  # as this machine reaches its mirror, which may be one of a day that is long gone
  { apt-config dump | grep -E '^Acquire::(https?|Retries)' || true; echo 'Acquire::Check-Valid-Until "false";'; } \
    > "$root/etc/apt/apt.conf.d/00caravan"
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
  # nothing that is installed there starts by itself
  printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  install -d "$root/etc/postgresql-common"
  echo 'create_main_cluster = false' > "$root/etc/postgresql-common/createcluster.conf"
}

packages() {
  local more=
  [ "$release" = 14 ] || more=tzdata-legacy
  # shellcheck disable=SC2086
  { within root:root apt-get -q update && within root:root apt-get -q install -y --no-install-recommends \
    -o Dpkg::Options::=--path-exclude='/usr/share/doc/*' postgresql "odoo-$release" $more; } > "$state/packages.log" 2>&1
  within root:root apt-get clean
  within root:root install -d -o odoo -g odoo /var/lib/odoo-caravan
  within postgres:postgres "$(programs)/initdb" -D "$cluster" -E UTF8 --locale=C.UTF-8 --auth-local=trust \
    --auth-host=scram-sha-256 > "$state/initdb.log" 2>&1
}

configure() {
  local live=gevent_port
  [ "$release" = 19 ] || live=longpolling_port
  install -d "$root/etc/odoo"
  printf '%s\n' '[options]' 'admin_passwd = of-the-testbed' 'db_host = 127.0.0.1' "db_port = $pgport" 'db_user = odoo' \
    "db_password = $database_password" 'db_maxconn = 32' 'data_dir = /var/lib/odoo-caravan' 'http_interface = 127.0.0.1' \
    "http_port = $port" "$live = $((port + 1))" "dbfilter = ^$database\$" 'max_cron_threads = 0' \
    > "$root/etc/odoo/caravan.conf"
}

start_database() {
  lives postgresql && return
  rm -f "$root$cluster/postmaster.pid"
  within root:root install -d -m 700 -o postgres -g postgres "$sockets"
  apart postgresql postgres:postgres "$(programs)/postgres" -D "$cluster" -p "$pgport" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories="$sockets"
  for _ in $(seq 120); do
    sql -d postgres -c 'select 1' > /dev/null 2>&1 && return
    sleep 0.25
  done
  tail -n 5 "$state/postgresql.log" >&2
  return 1
}

# The key is the password of XML-RPC and JSON-RPC, and the bearer of /json/2.
first_database() {
  local expires=
  sql -d postgres -c "drop database if exists $pristine" -c "drop role if exists odoo" \
    -c "create role odoo login createdb password '$database_password'"
  odoo "" -d "$pristine" -i "account,sale_management${chart:+,$chart}" --without-demo=all --stop-after-init > "$state/first.log" 2>&1
  [ "$release" = 14 ] || expires=', None'
  printf '%s\n' "admin = env.ref('base.user_admin')" \
    "print('KEY=' + env['res.users.apikeys'].with_user(admin).sudo()._generate('rpc', 'caravan'$expires))" 'env.cr.commit()' |
    odoo shell -d "$pristine" 2>> "$state/first.log" | sed -n 's/.*KEY=//p' > "$state/key"
  [ -s "$state/key" ]
}

install_all() {
  [ "$(id -u)" = 0 ] || { say "needs root"; return 1; }
  mkdir -p "$state"
  [ ! -e "$state/installed" ] || return 0
  say "installing into $root; this takes some minutes"
  trap 'end postgresql INT' EXIT
  [ -e "$state/packages.done" ] || { base; packages; touch "$state/packages.done"; }
  configure
  start_database
  first_database
  end postgresql INT
  trap - EXIT
  touch "$state/installed"
}

fresh_database() {
  sql -d postgres -c "drop database if exists $database with (force)" -c "create database $database template $pristine owner odoo"
}

start() {
  install_all
  stop
  configure
  start_database
  if [ "${FRESH:-yes}" = yes ]; then
    fresh_database
  fi
  apart odoo odoo:odoo /usr/bin/odoo -c /etc/odoo/caravan.conf --workers "$workers" --log-level=warn
  for _ in $(seq 240); do
    if curl -sf -o /dev/null -H 'Content-Type: text/xml' "http://127.0.0.1:$port/xmlrpc/2/common" \
      -d '<?xml version="1.0"?><methodCall><methodName>version</methodName><params/></methodCall>'; then
      printf '%s\n' "URL=http://127.0.0.1:$port" "DATABASE=$database" USER=admin PASSWORD=admin "KEY=$(cat "$state/key")" \
        "PID=$(cat "$state/odoo.pid")"
      return
    fi
    lives odoo || break
    sleep 0.25
  done
  tail -n 20 "$state/odoo.log" >&2
  stop
  return 1
}

stop() {
  end odoo TERM
  end postgresql INT
}

case ${1:-} in
  install) install_all ;;
  start | stop) "$1" ;;
  sql) sql -d "$database" -c "$3" ;;
  *) sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
