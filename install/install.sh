#!/bin/sh
# Installs the release that this file lies in: user, directories, configuration, link, service. docs/install.md explains it.
# Also for an upgrade: run it in the new release, once the hub is stopped. May be repeated. It starts and stops nothing.
# --root DIR: everything below DIR, no user, no service; to look at what it does, also without being root.
set -eu

fail() {
  echo "install: $*" >&2
  exit 1
}

root=
case ${1:-} in
  '') ;;
  --root)
    [ -d "${2:-}" ] || fail "--root ${2:-}: no such directory; make it first"
    root=$(CDPATH= cd -- "$2" && pwd -P)
    ;;
  *) fail "unknown option $1; there is --root DIR" ;;
esac

release=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
[ -d "$release/app" ] || fail "$release is no unpacked archive (it has no app/); mvn package makes target/caravan-VERSION.tar.gz"
link=$root/opt/caravan
etc=$root/etc/caravan
state=$root/var/lib/caravan
cache=$root/var/cache/caravan
spool=$root/var/spool/caravan
shipped=app/shipped.sha256

if [ -z "$root" ]; then
  [ "$(id -u)" = 0 ] || fail "makes a user and a service: run it as root, or with --root DIR"
  case $release in
    /home/* | /root/* | /tmp/* | /var/tmp/*) fail "the service may not see $release; unpack the archive in /opt" ;;
  esac
  if command -v systemctl >/dev/null && systemctl is-active --quiet caravan 2>/dev/null; then
    fail "the hub runs; systemctl stop caravan first, so that old and new never work on one ledger"
  fi
  getent passwd caravan >/dev/null ||
    useradd --system --user-group --home-dir "$state" --no-create-home --shell /usr/sbin/nologin caravan
fi

# place MODE OWNER PATH: a directory
place() {
  mkdir -p "$3"
  chmod "$1" "$3"
  [ -n "$root" ] || chown "$2" "$3"
}

mkdir -p "$root/opt" "$root/usr/local/bin"
place 0750 root:caravan "$etc"
place 0750 caravan:caravan "$state"
place 0750 caravan:caravan "$cache"
place 0755 root:root "$spool"
place 0770 caravan:caravan "$spool/in"
place 0750 caravan:caravan "$spool/invoices"

# What the release brought, before anybody changes it: tells an operator's own files from shipped ones.
cd "$release"
if [ ! -f "$shipped" ]; then
  find config connectors lib routes -type f | LC_ALL=C sort | while read -r file; do sha256sum "$file"; done >"$shipped.new"
  mv "$shipped.new" "$shipped"
fi

old=
if [ -L "$link" ]; then
  old=$(readlink -f "$link")
  if [ "$old" = "$release" ] || [ ! -f "$old/$shipped" ]; then
    old=
  fi
fi

# as_shipped FILE PATH: true if FILE has the content that the former release shipped as PATH
as_shipped() {
  [ -n "$old" ] && sum=$(sha256sum "$1") && grep -qxF "${sum%% *}  $2" "$old/$shipped"
}

# Configuration lives in /etc, for all releases.
if [ ! -L config ]; then
  mv config config.shipped
fi
ln -sfn "$etc" config
first=true
[ ! -e "$etc/application.properties" ] || first=false
(cd config.shipped && find . -type f) | sed 's|^\./||' | LC_ALL=C sort | while read -r file; do
  if [ -e "$etc/$file" ] && ! cmp -s "config.shipped/$file" "$etc/$file" && ! as_shipped "$etc/$file" "config/$file"; then
    [ "$file" = application.properties ] || echo "kept $etc/$file, which was changed; this release's is $release/config.shipped/$file"
    continue
  fi
  [ -d "$(dirname "$etc/$file")" ] || place 0750 root:caravan "$(dirname "$etc/$file")"
  cp "config.shipped/$file" "$etc/$file"
  # only what is written here: secrets beside it keep what their owner gave them
  chmod 0640 "$etc/$file"
  [ -n "$root" ] || chown root:caravan "$etc/$file"
done
if $first; then
  cat >>"$etc/application.properties" <<EOF

# Where the installed service keeps things; docs/install.md.
caravan.data=$state/data
caravan.database.cache=$cache
caravan.inbox=$spool/in
caravan.out=$spool/invoices
EOF
fi

# An operator's own routes, connectors and jars come along; what was changed of the shipped ones is for a person to decide.
if [ -n "$old" ]; then
  (cd "$old" && find connectors lib routes -type f) | LC_ALL=C sort | while read -r file; do
    if ! grep -q "^[0-9a-f]\{64\}  $file\$" "$old/$shipped"; then
      if [ -e "$file" ]; then
        cmp -s "$old/$file" "$file" || echo "not carried over: $old/$file; this release brings one of that name"
      else
        cp -p "$old/$file" "$file"
        echo "carried over: $file"
      fi
    elif ! as_shipped "$old/$file" "$file" && ! cmp -s "$old/$file" "$file"; then
      echo "changed in the former release, not carried over: $old/$file; compare it with $release/$file"
    fi
  done
fi

ln -sfn "$release" "$link"
ln -sfn "$link/caravan" "$root/usr/local/bin/caravan"
if [ -z "$root" ] && [ -d /etc/systemd/system ]; then
  cp install/caravan.service /etc/systemd/system/caravan.service
  chmod 0644 /etc/systemd/system/caravan.service
  # not where systemd does not run, as in a container
  [ ! -d /run/systemd/system ] || systemctl daemon-reload
fi
# Written once, it lets each start map classes instead of parsing them; without it the hub only starts slower.
[ -n "$root" ] || "$release/caravan" class-archive || true

echo "installed: $link -> $release; configuration $etc; ledger $state/data; inbox $spool/in"
echo "next: say what usage costs in $etc/application.properties (caravan.tariff), then systemctl enable --now caravan"
