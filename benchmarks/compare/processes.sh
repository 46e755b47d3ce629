# shellcheck shell=bash
# Processes and what they cost. Source it after common.sh.

SESSIONS=$ROOM/sessions     # a file for each proxy, with the session that its processes are in: all shells see it
WARM=$ROOM/warm             # a file for each proxy, with the cases that it has done

# start_session NAME COMMAND…: on the processor that is measured
start_session() {
  local name=$1
  shift
  mkdir -p "$SESSIONS" "$WARM"
  : >"$WARM/$name"
  : >"$(log_of "$name")"
  taskset -c "$PROXY_CPU" setsid "$@" >>"$(log_of "$name")" 2>&1 &
  echo $! >"$SESSIONS/$name"
  disown # no shell is to tell of its end
}

log_of() { echo "$ROOM/$1.log"; }
processes_of() { pgrep -s "$(cat "$SESSIONS/$1")"; }

# pause NAME, resume NAME: those that are not under test do nothing at all
pause() { processes_of "$1" | xargs -r kill -STOP; }
resume() { processes_of "$1" | xargs -r kill -CONT; }

# Kills, because nothing is to be kept, and what is paused would not hear anything else.
end_proxy() {
  is_alive "$1" || return 0
  processes_of "$1" | xargs -r kill -KILL
  wait_for 10 "the end of $1" is_gone "$1"
  rm "$SESSIONS/$1"
}

end_proxies() {
  local file
  for file in "$SESSIONS"/*; do
    [ ! -e "$file" ] || end_proxy "${file##*/}"
  done
}

is_gone() { ! is_alive "$1"; }
is_alive() { [ -e "$SESSIONS/$1" ] && [ -n "$(processes_of "$1")" ]; }

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
