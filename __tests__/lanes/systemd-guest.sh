#!/bin/bash
# Runs in a guest with systemd, as a runner in a service: guards whose cage is a scope, and for each case one line of JSON
# about what can be seen only from inside. Reports are left in FOLDER.
#   systemd-guest.sh FOLDER NODE CLI CASE...
folder=$1 node=$2 cli=$3
shift 3
export TMPDIR=$folder/tmp
mkdir -p "$TMPDIR"
cd "$TMPDIR" || exit 1

left() {
  find /sys/fs/cgroup -type d -name 'go-build-guard-*'
  find "$TMPDIR" -mindepth 1 -maxdepth 1 -name 'go-build-guard-*'
  systemctl list-units --all --plain --no-legend 'go-build-guard-*'
  pgrep -x sleep
}

tell() { # case, exit code, groups of the build, cgroup of the build
  for _ in {1..50}; do
    remains=$(left)
    [ -z "$remains" ] && break
    sleep 0.2
  done
  printf '{"case":"%s","code":%d,"left":"%s","isSameUser":%s,"cgroup":"%s"}\n' "$1" "$2" "$(tr '\n' ' ' <<<"$remains" | sed 's/ *$//')" \
    "$([ "$3" = "$(id)" ] && echo true || echo false)" "$4"
}

hungry() { # case, flag...
  "$node" "$cli" run --report-file="$folder/$1.json" --memory-limit=150M --steering=off --on-out-of-memory=fail "${@:2}" -- \
    sh -c 'id >seen; cut -d: -f3 /proc/self/cgroup >where; "$0" -e "Buffer.alloc(400e6, 1)"; exit 3' "$node"
  tell "$1" $? "$(cat seen)" "$(cat where)"
}

# Through sudo.
scope() { hungry scope --enforcement=systemd; }

killed() {
  "$node" "$cli" run --enforcement=systemd --memory-limit=150M --steering=off \
    --command='setsid sleep 600 & id >seen; cut -d: -f3 /proc/self/cgroup >where; touch begun; sleep 600' &
  main=$!
  until [ -e begun ]; do
    kill -0 "$main" || break
    sleep 0.1
  done
  kill -9 "$main"
  wait "$main" 2>/dev/null
  tell killed $? "$(cat seen)" "$(cat where)"
}

# A guard in the cage of another one.
nested() {
  "$node" "$cli" run --memory-limit=400M --steering=off -- "$node" "$cli" run --memory-limit=150M --steering=off -- \
    sh -c 'id >seen; cut -d: -f3 /proc/self/cgroup >where; exit 3'
  tell nested $? "$(cat seen)" "$(cat where)"
}

# No root, no sudo, and a manager of our own, as `loginctl enable-linger` starts it; logind is not there.
own() {
  run=/run/user/$(id -u)
  sudo mkdir -p /etc/systemd/user "/etc/systemd/system/user@.service.d" "$run"
  sudo chown "$(id -u):$(id -g)" "$run"
  sudo chmod 700 "$run"
  printf '[Socket]\nListenStream=%%t/bus\n' | sudo tee /etc/systemd/user/dbus.socket >/dev/null
  printf '[Unit]\nRequires=dbus.socket\n[Service]\nType=notify\nNotifyAccess=main\nExecStart=%s\n' \
    '/usr/bin/dbus-daemon --session --address=systemd: --nofork --nopidfile --systemd-activation --syslog-only' |
    sudo tee /etc/systemd/user/dbus.service >/dev/null
  printf '[Service]\nEnvironment=XDG_RUNTIME_DIR=/run/user/%%i\n' | sudo tee /etc/systemd/system/user@.service.d/run.conf >/dev/null
  sudo systemctl daemon-reload
  sudo systemctl start "user@$(id -u).service"
  XDG_RUNTIME_DIR=$run systemctl --user start dbus.service
  mkdir -p "$folder/bin"
  printf '#!/bin/sh\necho "sudo: a password is required" >&2\nexit 1\n' >"$folder/bin/sudo"
  chmod +x "$folder/bin/sudo"
  PATH=$folder/bin:$PATH hungry own
}

for case in "$@"; do "$case"; done
