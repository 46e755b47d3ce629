# shellcheck shell=bash
# The engines joined to a swarm, and its two networks. Source it after engine.sh.

# swarm_up NODE…: the first one, n1, is the manager, the others are workers.
swarm_up() {
  local node token engines=()
  for node in "$@"; do cable "$node"; done
  for node in "$@"; do
    engine_start "$node" &
    engines+=($!)
  done
  for engine in "${engines[@]}"; do wait "$engine"; done

  on n1 swarm init --advertise-addr "$(node_ip n1)" --default-addr-pool 10.201.0.0/16 >/dev/null
  token=$(on n1 swarm join-token -q worker)
  for node in "${@:2}"; do
    on "$node" swarm join --token "$token" --advertise-addr "$(node_ip "$node")" \
      "$(node_ip n1):2377" >/dev/null
  done
  wait_for 30 "$# ready nodes" ready_nodes $#
  for network in reverse-proxy database; do
    on n1 network create --driver overlay --attachable $network >/dev/null
  done
}

ready_nodes() { [ "$(on n1 node ls --format '{{.Status}}' | grep -c '^Ready')" = "$1" ]; }

# image_to_all IMAGE: from n1 to the other nodes.
image_to_all() {
  local node
  for node in $NODES; do
    [ "$node" = n1 ] || on n1 save "$1" | on "$node" load -q >/dev/null
  done
}
