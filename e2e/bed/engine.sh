# shellcheck shell=bash
# One Docker engine per node, in namespaces of its own. Source it after common.sh.

# engine_start NODE: returns when the engine answers. nsenter and unshare exec one another, and
# --kill-child ties the engine to them.
engine_start() {
  local node=$1 directory=$BED_STATE/$1
  mkdir -p "$directory"
  setsid nsenter --net="/run/netns/$BED-$node" -- \
    unshare --mount --propagation private --pid --ipc --uts --fork --kill-child=KILL --mount-proc \
    "$E2E/bed/engine-init" "$node" "$directory" "$CLIENT_IP" \
    </dev/null >"$directory/dockerd.log" 2>&1 9>&- &
  disown
  wait_for 30 "the Docker engine of $node" on "$node" version || {
    tail -n 20 "$directory/dockerd.log" >&2
    return 1
  }
}
