# shellcheck shell=bash
# The bridge that everything hangs on, and a cable to each node. Source it after common.sh.

bridge_up() {
  mkdir -p /run/netns
  ip netns add "$BED-net"
  ip -n "$BED-net" link set lo up
  ip -n "$BED-net" link add br0 type bridge
  ip -n "$BED-net" address add "$CLIENT_IP/24" dev br0
  ip -n "$BED-net" link set br0 up
  # who is sent something there hears nothing, not even that nobody has it
  ip -n "$BED-net" neighbour add "$(node_ip nowhere)" lladdr 02:00:00:00:00:ff nud permanent dev br0
}

# cable NODE: a network namespace for the node, with eth0 on the bridge. The default route ends at
# the bridge; Docker wants one to find its own address by.
cable() {
  local node=$1 space=$BED-$1
  ip netns add "$space"
  ip -n "$space" link set lo up
  ip -n "$BED-net" link add "$node" type veth peer name eth0 netns "$space"
  ip -n "$BED-net" link set "$node" master br0 up
  ip -n "$space" address add "$(node_ip "$node")/24" dev eth0
  ip -n "$space" link set eth0 up
  ip -n "$space" route add default via "$CLIENT_IP"
}
