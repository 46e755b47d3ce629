# shellcheck shell=bash
# Takes away all that a bed left, also one whose run was killed. Source it after common.sh.

bed_down() {
  local space
  for space in $(bed_spaces); do end_processes_of "$space"; done
  for space in $(bed_spaces); do ip netns delete "$space"; done
  # runc leaves the parents of its cgroups
  find /sys/fs/cgroup -depth -type d -path "*/$BED-n[0-9]*" -exec rmdir {} + 2>/dev/null || true
  rm -rf "$BED_STATE"
}

bed_spaces() { ip netns list 2>/dev/null | awk -v prefix="$BED-" 'index($1, prefix) == 1 { print $1 }'; }

# Whoever is in one of our network namespaces is ours: no pid files, no guessing by name. The first
# process of a node takes its containers with it.
end_processes_of() {
  local space=$1 end
  end=$(($(now_ms) + 15000))
  while [ -n "$(ip netns pids "$space")" ]; do
    # shellcheck disable=SC2046
    kill -KILL $(ip netns pids "$space") 2>/dev/null || true
    (($(now_ms) < end)) || die "processes of $space do not end: $(ip netns pids "$space" | paste -sd' ')"
    sleep 0.1
  done
}
