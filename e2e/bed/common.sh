# shellcheck shell=bash
# What every part of the bed uses: where things lie, how to wait, how to reach a node. Source it.
#
# The bed is a room of its own. Each node is a Docker engine in its own network, mount, PID, IPC and
# UTS namespace; all of them, Pebble and the test clients hang on one bridge in the namespace
# $BED-net, and nothing leads from there to the machine's own network. So whatever runs in a network
# namespace named $BED-* is the bed's, and the end of those processes is the end of the bed.

BED=fl                                       # the prefix of all that the bed names on the machine
BED_STATE=${TMPDIR:-/tmp}/fairlead-e2e       # everything the bed writes; removed with it
BED_CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/fairlead-e2e   # image tars; safe to delete
NODES="n1 n2 n3"                             # the swarm's
BED_SUBNET=203.0.113                         # TEST-NET-3 (RFC 5737): routed nowhere
CLIENT_IP=$BED_SUBNET.1                      # where clients and Pebble are

export DOCKER_CONFIG=$BED_STATE/docker-config   # never read or write the user's own
export DOCKER_BUILDKIT=1

say() { printf '%s\n' "$*" >&2; }
die() { say "e2e: $*"; exit 1; }
now_ms() { date +%s%3N; }

# wait_for SECONDS WHAT COMMAND…: runs the command every 100 ms until it succeeds; 1 when it never does.
wait_for() {
  local seconds=$1 what=$2 end
  shift 2
  end=$(($(now_ms) + seconds * 1000))
  until "$@" >/dev/null 2>&1; do
    if (($(now_ms) >= end)); then
      say "waited ${seconds} s in vain for: $what"
      return 1
    fi
    sleep 0.1
  done
}

# The node n1 has the address .11, n2 .12 and so on; those of guests are known to guest.sh, and nobody
# has that of nowhere.
node_ip() {
  case $1 in
    nowhere) echo "$BED_SUBNET.66" ;;
    n[1-9]) echo "$BED_SUBNET.$((10 + ${1#n}))" ;;
    *) guest_ip "$1" ;;
  esac
}
node_socket() { echo "$BED_STATE/$1/docker.sock"; }

# on NODE ARGUMENT…: Docker's client against the engine of a node. Debian's own client, by its path:
# another one that comes first in PATH may lack BuildKit.
on() {
  local node=$1
  shift
  timeout 120 /usr/bin/docker -H "unix://$(node_socket "$node")" "$@"
}

# from_client COMMAND…: runs a program beside the nodes, as a visitor would. With nsenter, because
# `ip netns exec` mounts a new /sys.
from_client() { nsenter --net="/run/netns/$BED-net" -- "$@"; }
