# shellcheck shell=bash
# What every part of the comparison uses. Source it.

PROXY_CPU=${PROXY_CPU:-0}
LOAD_CPU=${LOAD_CPU:-1}
ROOM=/tmp/fairlead-bench        # a file system in memory, seen by the run alone
NAME=app.example.com            # the host that is asked for
SIZE_BIG=$((100 * 1024 * 1024))
SIZE_MIDDLE=$((100 * 1024))

say() { printf '%s\n' "$*" >&2; }
die() { say "bench: $*"; echo "$*" >"$REASON"; exit 1; }
REASON=${REASON:-/dev/null}     # where the last end is told to who has to report it
now_ms() { date +%s%3N; }

# number OPTION VALUE: the value, or the end
number() {
  [[ $2 =~ ^[1-9][0-9]{0,3}$ ]] || die "$1: $2 (expected: a number from 1 to 9999)"
  echo "$2"
}

# wait_for SECONDS WHAT COMMAND…: runs the command every 50 ms until it succeeds; 1 when it never does.
wait_for() {
  local seconds=$1 what=$2 end
  shift 2
  end=$(($(now_ms) + seconds * 1000))
  until "$@" >/dev/null 2>&1; do
    if (($(now_ms) >= end)); then
      say "  waited $seconds s in vain for $what"
      return 1
    fi
    sleep 0.05
  done
}

# attempt COMMAND…: in a shell of its own, which ends at the first error without being the end of this one. Sets
# STATUS; inside of a condition bash would go on after an error.
attempt() {
  : >"$REASON"
  set +e
  (
    set -e
    # unless a die has said it better
    trap '[ -s "$REASON" ] || echo "${FUNCNAME[0]}: $BASH_COMMAND failed" >"$REASON"' ERR
    "$@"
  )
  STATUS=$?
  set -e
}

# failed WHAT: goes into the report, with the reason that was given last
failed() {
  say "  failed: $1: $(tail -n 1 "$REASON")"
  printf '%s\t%s\n' "$1" "$(tail -n 1 "$REASON")" >>"$OUT/failed.tsv"
}

# record CASE PROXY ROUND METRIC VALUE: one line of the raw data
record() {
  [[ $5 =~ ^[0-9.]+$ ]] || die "$1, $2: $4 is $5 (expected: a number)"
  printf '%s\t%s\t%s\t%s\t%s\n' "$@" >>"$RAW"
}

# on_load_cpu COMMAND…: origin, load and everything else that is not measured
on_load_cpu() { taskset -c "$LOAD_CPU" "$@"; }

# tool_command CLASS ARGUMENT…: one of the Java tools (benchmarks/src/main/java/…/compare), into COMMAND
tool_command() {
  local class=$1
  shift
  COMMAND=(taskset -c "$LOAD_CPU" "$JAVA_HOME/bin/java" "${JAVA_FLAGS[@]}" -Xmx1g -XX:MaxDirectMemorySize=1g -XX:-UsePerfData
    "dev.fairlead.benchmarks.compare.$class" "$@")
}
java_tool() { "$JAVA_HOME/bin/java" "${JAVA_FLAGS[@]}" "$@"; }
JAVA_FLAGS=(-XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
  -Dslf4j.internal.verbosity=ERROR -cp "$ROOT/benchmarks/target/dist/benchmarks.jar")

# field KEY: the value of KEY=… in a line of such pairs, from standard input
field() { tr ' ' '\n' | sed -n "s/^$1=//p"; }

# calc EXPRESSION: with fractions
calc() { awk "BEGIN { printf \"%.3f\", $1 }"; }
