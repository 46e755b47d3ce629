# shellcheck shell=bash
# The whole bed: source this, call bed_up and bed_down. E2E is the folder e2e.
for part in common requirements network engine swarm images peers guest nfs pebble down; do
  # shellcheck disable=SC1090
  . "$E2E/bed/$part.sh"
done
unset part

# bed_up: the network and Pebble. What stands on them is begun by those who need it: swarm_bed_up JDK by
# e2e/run, engines in one swarm and the images in all; nfs_up by the cases on NFS.
bed_up() {
  bridge_up
  pebble_up
}
swarm_bed_up() {
  # shellcheck disable=SC2086
  swarm_up $NODES
  # shellcheck disable=SC2086
  images_up "$1" $NODES
}
