# shellcheck shell=bash
# Processes and what they cost. Source it after common.sh.

declare -A SESSION=()   # proxy -> the session that its processes are in

# start_proxy NAME COMMAND…: in a session of its own, on the processor that is measured
start_session() {
  local name=$1
  shift
  taskset -c "$PROXY_CPU" setsid "$@" >"$ROOM/$name.log" 2>&1 &
  SESSION[$name]=$!
}

processes_of() { pgrep -s "${SESSION[$1]}"; }

# pause NAME, resume NAME: those that are not under test do nothing at all
pause() { processes_of "$1" | xargs -r kill -STOP; }
resume() { processes_of "$1" | xargs -r kill -CONT; }

# Kills, because nothing is to be kept, and what is paused would not hear anything else.
end_proxy() {
  local processes
  [ -n "${SESSION[$1]:-}" ] || return 0
  processes=$(processes_of "$1" || true)
  # shellcheck disable=SC2086 # one word for each process
  [ -z "$processes" ] || kill -KILL $processes 2>/dev/null || true
  wait "${SESSION[$1]}" 2>/dev/null || true
  unset "SESSION[$1]"
}

end_all() {
  local name
  end_load
  end_echo
  for name in "${!SESSION[@]}"; do end_proxy "$name"; done
}

is_alive() { [ -n "$(processes_of "$1")" ]; }

# cpu_us NAME: processor time of all its processes until now, their ended threads too, in microseconds
cpu_us() {
  local pid sum=0 stat
  for pid in $(processes_of "$1"); do
    stat=$(cat "/proc/$pid/stat")
    # shellcheck disable=SC2086 # fields; those before the state may hold spaces
    set -- ${stat##*) }
    sum=$((sum + ${12} + ${13}))
  done
  echo $((sum * 1000000 / TICKS))
}
TICKS=$(getconf CLK_TCK)

# pss_kib NAME: memory of all its processes; what they share counts once
pss_kib() {
  local pid
  for pid in $(processes_of "$1"); do
    sed -n 's/^Pss: *\([0-9]*\) kB/\1/p' "/proc/$pid/smaps_rollup"
  done | awk '{ sum += $1 } END { print sum + 0 }'
}
