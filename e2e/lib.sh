# shellcheck shell=bash
# What the cases are written with. A case is one page of bash that sources this; it ends well or not.

set -Eeuo pipefail
. "$E2E/bed/bed.sh"
REPOSITORY=$(dirname "$E2E")
DOMAIN=swarmadventures.com
PROXY=fairlead_proxy
SCENARIOS=$BED_STATE/scenarios # a line for each scenario, proxy and kind of request (scenario.sh)

trap 'say "  failed: $BASH_COMMAND ($(basename "${BASH_SOURCE[0]}"), line $LINENO)"' ERR

# note TEXT: a measured value, shown in the case's line.
note() { printf '%s\n' "$*" >>"$NOTES"; }
fail() { say "  $*"; exit 1; }
# expect WHAT WANTED SEEN
expect() { [ "$2" = "$3" ] || fail "$1: expected '$2', saw '$3'"; }

swarm() { on n1 "$@"; }
deploy() { # deploy STACK FILE…
  local stack=$1 files=()
  shift
  for file in "$@"; do files+=(-c "$file"); done
  swarm stack deploy --resolve-image never "${files[@]}" "$stack" >/dev/null
}

# deploy_proxy STACK STORAGE OVERRIDE…: our stack file as a user deploys it, with bed.yml over it.
deploy_proxy() {
  local stack=$1 storage=$2
  shift 2
  mkdir -p -m 700 "$storage"
  chown 10001:10001 "$storage"
  FAIRLEAD_IMAGE=fairlead:e2e FAIRLEAD_DOMAIN=$DOMAIN FAIRLEAD_ACME_EMAIL=admin@$DOMAIN \
    NFS_SERVER=none NFS_EXPORT=/none DOCKER_GID=$(stat -c %g "$(node_socket n1)") \
    PEBBLE_DIRECTORY=$PEBBLE_DIRECTORY PEBBLE_CA=$PEBBLE/ca.pem STORAGE=$storage \
    deploy "$stack" "$REPOSITORY/deploy/stack.yml" "$E2E/stacks/bed.yml" "$@"
}

# remove_stack STACK: returns when its containers are gone.
remove_stack() {
  swarm stack rm "$1" >/dev/null 2>&1
  wait_for 40 "the end of stack $1" without_containers "$1"
}
without_containers() {
  local node
  for node in $NODES; do
    [ -z "$(on "$node" ps -q --filter "label=com.docker.stack.namespace=$1")" ] || return 1
  done
}

# log_of SERVICE [OPTION…]: what its containers wrote, on all nodes. From the containers: `docker
# service logs` shows nothing of a task before its first health probe.
log_of() {
  local node service=$1
  shift
  for node in $NODES; do
    on "$node" ps -aq --filter "label=com.docker.swarm.service.name=$service" |
      while read -r container; do on "$node" logs "$@" "$container" 2>&1; done
  done
}

# How many tasks of a service run, and are to run.
running() {
  swarm service ps --filter desired-state=running --format '{{.CurrentState}}' "$1" | grep -c '^Running' || true
}
runs() { [ "$(running "$1")" = "$2" ]; } # runs SERVICE COUNT
await_tasks() { wait_for 60 "$2 tasks of $1" runs "$1" "$2"; }

# When the youngest running task of a service began to run, in milliseconds of the epoch.
running_since() {
  swarm service ps -q --no-trunc --filter desired-state=running "$1" | xargs -r -n1 \
    timeout 20 /usr/bin/docker -H "unix://$(node_socket n1)" inspect -f '{{.Status.Timestamp}}' |
    sed 's/ +0000 UTC//' | while read -r at; do date -u -d "$at" +%s%3N; done | sort -n | tail -n 1
}

# visit URL CURL-OPTION…: a visitor's request, by way of n1 (or $AT); trusts Pebble's root alone.
visit() {
  from_client curl -sS -m 5 --cacert "$PEBBLE/root.pem" --connect-to "::$(node_ip "${AT:-n1}"):" "$@"
}
# the status alone; -k: some have no certificate of the CA's yet
status_of() { visit -k -o /dev/null -w '%{http_code}' "$@" 2>/dev/null || true; }
answers() { [ "$(status_of "$2")" = "$1" ]; } # answers STATUS URL
trusted() { visit -f -o /dev/null "$1"; }     # trusted URL: 200, with a certificate of the CA's

# in_proxy USER COMMAND…: beside the proxy, in its container
in_proxy() {
  local user=$1 container
  shift
  container=$(on n1 ps -q --filter "label=com.docker.swarm.service.name=$PROXY" | head -n 1)
  on n1 exec -u "$user" "$container" "$@"
}

# field NAME: that line of the answer of an origin, from standard input
field() { sed -n "s/^$1=//p"; }
# tasks_seen URL COUNT: which tasks answered that many requests, one a line
tasks_seen() { visit -kf "$1?[1-$2]" | field task | sort -u; }

serial_of() { # serial_of HOST: of the certificate that is served for it
  from_client openssl s_client -connect "$(node_ip "${AT:-n1}"):443" -servername "$1" </dev/null 2>/dev/null |
    openssl x509 -noout -serial | cut -d= -f2
}

# The example service with three tasks, and its certificate.
whoami_up() {
  deploy hello "$REPOSITORY/deploy/whoami.yml" "$E2E/stacks/whoami.yml"
  await_tasks hello_whoami 3
  wait_for 60 "a trusted certificate for whoami.$DOMAIN" trusted "https://whoami.$DOMAIN/"
}

# load_start URL KIND=RATE…, load_stop: steady requests in between (tools/Load.java). load_stop prints
# a line per kind; LOAD holds all that the tool printed.
load_start() {
  load_begin load "$(node_ip n1)" "$@"
}
load_stop() {
  load_end load
  LOAD=$(cat "$BED_STATE/load.out")
}

# load_begin NAME ADDRESSES URL KIND=RATE…, load_end NAME: the same for several at once, each with files
# of its own: $BED_STATE/NAME.out, .failures, .tasks.
declare -A LOAD_JOBS
load_begin() {
  local name=$1 addresses=$2
  shift 2
  rm -f "$BED_STATE/$name."{stop,started}
  from_client "$JDK/bin/java" -XX:+UseSerialGC -Xmx256m -cp "$BED_STATE/tools" Load \
    "$addresses" "$PEBBLE/root.pem" "$BED_STATE/$name" "$@" >"$BED_STATE/$name.out" &
  LOAD_JOBS[$name]=$!
  wait_for 15 "the load to start" test -e "$BED_STATE/$name.started"
}
load_end() {
  touch "$BED_STATE/$1.stop"
  wait "${LOAD_JOBS[$1]}"
}

# watch COMMAND…: polls it in the background until it succeeds; begun before the change that it is to
# see. followed WHAT SINCE: notes how long after SINCE that was, and fails when over two seconds.
watch() {
  rm -f "$BED_STATE/seen"
  (
    until "$@" >/dev/null 2>&1; do sleep 0.02; done
    now_ms >"$BED_STATE/seen"
  ) &
  WATCH=$!
}
followed() {
  local took
  wait_for 10 "$1" test -s "$BED_STATE/seen"
  wait "$WATCH"
  took=$(($(cat "$BED_STATE/seen") - $2))
  note "$1 $took ms"
  ((took >= -1000)) || fail "$1: seen before it was done; the case looks for the wrong thing"
  ((took <= 2000)) || fail "$1: followed after $took ms (expected: 2000 ms at most)"
}

# quiet: for one second no order was placed
quiet() {
  local before
  before=$(orders)
  sleep 1
  [ "$(orders)" = "$before" ]
}
