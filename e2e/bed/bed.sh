# shellcheck shell=bash
# The whole bed: source this, call bed_up and bed_down. E2E is the folder e2e.
for part in common requirements network engine swarm images pebble down; do
  # shellcheck disable=SC1090
  . "$E2E/bed/$part.sh"
done
unset part

# bed_up JDK: two engines in one swarm, the images in both, Pebble.
bed_up() {
  bridge_up
  pebble_up
  swarm_up 2
  images_up "$1" n1 n2
}
