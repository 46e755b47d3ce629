# shellcheck shell=bash
# The whole bed: source this, call bed_up and bed_down. E2E is the folder e2e.
for part in common requirements network engine swarm images peers pebble down; do
  # shellcheck disable=SC1090
  . "$E2E/bed/$part.sh"
done
unset part

# bed_up JDK: engines in one swarm, the images in all, Pebble.
bed_up() {
  bridge_up
  pebble_up
  # shellcheck disable=SC2086
  swarm_up $NODES
  # shellcheck disable=SC2086
  images_up "$1" $NODES
}
