#!/bin/bash
# Runs in a guest that has a real cgroup v2: guards, one case after another, and for each case one line of JSON about
# what can be seen only from inside. Reports are left in FOLDER.
#   cgroup-v2-guest.sh FOLDER NAME NODE CLI CASE...
folder=$1 name=$2 node=$3 cli=$4
shift 4
export TMPDIR=$folder/tmp-$name GOCACHE=$folder/gocache
mkdir -p "$TMPDIR"
cd "$folder/hungry" || exit 1
mark=GBG_TEST_MARK=$name-$$

# What the runner has beside the build: it must not be hit by what hits the build.
sleep 600 &
neighbour=$!

# Read here, the tools are charged to the runner, as on a machine where Go was used before. Charged to the cage they
# would be thrown out at its cap and read again through the slow file system of the guest, for minutes.
cat "$(go env GOROOT)/bin/go" "$(go env GOTOOLDIR)/compile" "$node" >/dev/null

# Cages, directories and processes of guards that are still there.
left() {
  find /sys/fs/cgroup -type d -name 'go-build-guard-*'
  find "$TMPDIR" -mindepth 1 -maxdepth 1 -name 'go-build-guard-*'
  grep -lsz "^$mark\$" /proc/[0-9]*/environ
}

tell() { # case, exit code
  for _ in {1..50}; do
    remains=$(left)
    [ -z "$remains" ] && break
    sleep 0.2
  done
  alive=false
  kill -0 "$neighbour" && alive=true
  printf '{"case":"%s-%s","code":%d,"left":"%s","neighbourIsAlive":%s}\n' \
    "$name" "$1" "$2" "$(tr '\n' ' ' <<<"$remains" | sed 's/ *$//')" "$alive"
}

build() { # case, flag...
  env "$mark" "$node" "$cli" run --report-file="$folder/$name-$1.json" --memory-limit=120M --go-memory-limit=off \
    --on-out-of-memory=fail "${@:2}" -- go build -o "$TMPDIR/out" .
  tell "$1" $?
}

capped() { build capped; }

watched() { build watched --enforcement=watch; }

killed() {
  rm -f "$TMPDIR/begun"
  env "$mark" "$node" "$cli" run --memory-limit=200M \
    --command='setsid sleep 600 & sleep 600 & touch "$TMPDIR/begun"; wait' &
  main=$!
  until [ -e "$TMPDIR/begun" ]; do sleep 0.1; done
  find /sys/fs/cgroup -type d -name 'go-build-guard-*' | grep -q . || echo 'no cage was made' >&2
  kill -9 "$main"
  wait "$main" 2>/dev/null
  tell killed $?
}

for case in "$@"; do "$case"; done
kill "$neighbour"
