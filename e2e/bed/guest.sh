# shellcheck shell=bash
# Guests: machines with a kernel of their own, Debian's user-mode-linux. They serve and mount NFS whatever
# the kernel of this machine can, lose power, and have a clock that may be wrong. Source it after network.sh.
#
# A guest is a few processes in the bed's network namespace, and ends with it. Its root is this machine's,
# read-only; what it writes is in memory. Its directory `control` is written by both sides: through it a
# guest is told what to run, also while its cable is out.

guest_ip() {
  case $1 in
    nas) echo "$BED_SUBNET.30" ;;
    c[1-9]) echo "$BED_SUBNET.$((30 + ${1#c}))" ;;
    *) die "no such guest: $1" ;;
  esac
}
guest_home() { echo "$BED_STATE/guests/$1"; }
guest_control() { echo "$BED_STATE/guests/$1/control"; }

# guest_start NAME MEMORY [DISK]: boots it, and returns when it takes commands. DISK, such as 256M, is the size
# of what outlives a loss of power, below /mnt/disk. What it leaves in its control directory outlives it, too.
guest_start() {
  local guest=$1 memory=$2 disk=${3:-} home hardware=()
  home=$(guest_home "$guest")
  mkdir -p "$home/control"
  rm -rf "$home/uml" "$home/control/"{booted,*.run,*.begun,*.output,*.ended,*.status}
  if [ -n "$disk" ]; then
    [ -e "$home/disk" ] || { truncate -s "$disk" "$home/disk" && mkfs.ext4 -q "$home/disk"; }
    hardware=("ubd0=$home/disk")
  fi
  ip -n "$BED-net" tuntap add dev "$guest" mode tap
  ip -n "$BED-net" link set "$guest" master br0 up
  # its memory is a file that nobody else sees, in /dev/shm unless one of these names another place
  setsid nsenter --net="/run/netns/$BED-net" -- env -u TMPDIR -u TMP -u TEMP \
    linux.uml "mem=$memory" umid=uml "uml_dir=$home/" quiet con=null con0=null,fd:1 \
    root=/dev/root rootfstype=hostfs rootflags=/ ro "init=$E2E/bed/guest-init" "${hardware[@]}" \
    "vec0:transport=tap,ifname=$guest,depth=64,gro=1,mac=02:00:00:00:00:$(guest_ip "$guest" | cut -d. -f4)" \
    "guest=$guest" "address=$(guest_ip "$guest")" "gateway=$CLIENT_IP" "orders=$home/control" \
    "bed=$E2E/bed" "app=$REPOSITORY/app/target/dist" "jdk=$JDK" </dev/null >"$home/console.log" 2>&1 9>&- &
  echo $! >"$home/pid"
  disown
  wait_for 60 "the guest $guest" test -e "$home/control/booted" || {
    tail -n 20 "$home/console.log" >&2
    return 1
  }
}

# The first process of a guest, while it is there: a number alone may be anybody's by now.
guest_pid() {
  local pid
  pid=$(cat "$(guest_home "$1")/pid" 2>/dev/null) || return 1
  ip netns pids "$BED-net" | grep -x "$pid" >/dev/null || return 1 # -q would end ip by a signal
  echo "$pid"
}
guest_runs() { guest_pid "$1" >/dev/null; }
guest_is_gone() { ! guest_runs "$1"; }

# guest_power_off NAME: without a word to anybody. It leads a session of its own, which all its processes are in.
guest_power_off() {
  local guest=$1 pid
  if pid=$(guest_pid "$guest"); then kill -KILL -- "-$pid"; fi
  wait_for 10 "the end of the guest $guest" guest_is_gone "$guest"
  ip -n "$BED-net" link delete "$guest" 2>/dev/null || true
  rm -f "$(guest_home "$guest")/pid"
}

# guest_cut NAME takes its cable out, guest_join NAME puts it in again.
guest_cut() { ip -n "$BED-net" link set "$1" nomaster; }
guest_join() { ip -n "$BED-net" link set "$1" master br0; }

# guest_clock NAME SECONDS: sets its clock so much ahead of this machine's, or behind.
guest_clock() {
  local now
  now=$(date +%s.%N)
  guest_run "$1" "date -s @$((${now%.*} + $2)).${now#*.}" >/dev/null
}

# guest_run NAME COMMAND: runs it in the guest's shell; its output, and its status. 125 when the guest is
# gone, 124 when there was no end of it within a minute.
guest_run() {
  local guest=$1 control id end
  control=$(guest_control "$guest")
  id=$(date +%s%N).$BASHPID
  printf '%s\n' "$2" >"$control/$id.new"
  mv "$control/$id.new" "$control/$id.run"
  end=$(($(now_ms) + 60000))
  until [ -e "$control/$id.status" ]; do
    guest_runs "$guest" || return 125
    (($(now_ms) < end)) || {
      say "the guest $guest did not end within a minute: $2"
      return 124
    }
    sleep 0.05
  done
  cat "$control/$id.output"
  return "$(cat "$control/$id.status")"
}
