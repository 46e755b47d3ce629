# shellcheck shell=bash
# The cases that Fairlead is measured in alone. Source it after proxies.sh.

# run_alone CASE: leaves its lines in the raw data; what was measured before an error stays there
run_alone() {
  case $1 in
    jmh) single_parts ;;
    start) footprint start $((2 * ROUNDS + 1)) ;;
    health) footprint health $((2 * ROUNDS + 1)) ;;
    idle-swarm) footprint idle $((10 * SECONDS_EACH)) ;;
  esac
}

# JMH, in JVMs of its own and on all processors; its iterations are what rounds are elsewhere.
single_parts() {
  java_tool dev.fairlead.benchmarks.Suite "$RAW" -f 1 -prof gc \
    -wi 2 -w $((SECONDS_EACH * 333))ms -i 5 -r $((SECONDS_EACH * 100))ms >&2 || die "some parts gave no result"
}

# footprint WHAT COUNT: Fairlead with an engine, certificates and visitors of the training's, on all processors
footprint() {
  local command
  mapfile -t command < <(fairlead_command "$(dist_of fairlead)")
  java_tool dev.fairlead.benchmarks.footprint.Footprint "$@" "${command[@]}" | tee -a "$RAW" | sed 's/^/  /' >&2 ||
    die "no result: see above"
}
