# shellcheck shell=bash
# The cases: for each its load. Source it after loads.sh and alone.sh.

TRANSFERS=3         # 100 MB bodies in a second, what every proxy and curl can do
IDLE=10000          # connections of the case idle

ALONE=(jmh start health idle-swarm)
# Those that begin with what others have warmed up, then those with proxies of their own.
COMPARED=(h1 tls h2 connect down-100k down-100k-tls up-100k up-100k-tls down-100m down-100m-tls up-100m up-100m-tls
  websocket rate-h1 rate-tls rate-h2 h1-log services idle)
CASES=("${ALONE[@]}" "${COMPARED[@]}")
list_cases() { printf '%s\n' "${CASES[@]}"; }
is_case() { [[ " ${CASES[*]} " = *" $1 "* ]]; }

run_case() {
  local case=$1 began
  began=$(now_ms)
  say "$case"
  SECONDS_EACH=${SECONDS_ASKED:-$(seconds_of "$case")}
  if [[ " ${ALONE[*]} " = *" $case "* ]]; then
    run_alone "$case"
  else
    run_compared "$case"
  fi
  say "  took $((($(now_ms) - began) / 1000)) s"
}

# seconds_of CASE: of one measurement; longer where a goal depends on it
seconds_of() {
  case $1 in
    h1 | tls | h2 | connect | *-100m* | rate-* | jmh | idle-swarm) echo 3 ;;
    *) echo 2 ;;
  esac
}

run_compared() {
  local case=$1
  trap 'end_helpers "$case"' EXIT
  mapfile -t RUNNING < <(proxies_of "$case")
  [ ${#RUNNING[@]} -gt 0 ] || die "--only: none of these is in the case"
  prepare_case "$case"
  if [ "$case" = idle ]; then
    for_each_running "$case" hold_idle
  else
    compare "$case"
  fi
}

end_helpers() {
  end_load
  end_echo
  case $1 in services | idle) end_proxies ;; esac
}

# proxies_of CASE: which are compared, in the order of the first round
proxies_of() {
  local name all=(fairlead "${!DIST[@]}" nginx haproxy caddy)
  case $1 in
    *-100m*) all+=(nginx-large haproxy-large) ;;
    *-log) all=(fairlead-log nginx-log) ;;
  esac
  printf '%s\n' "${all[@]}" | awk '!seen[$0]++' | while read -r name; do
    [[ -z $ONLY || $ONLY = *,$name,* || $ONLY = *,${name%-log},* ]] && echo "$name" || true
  done
}

# What a case needs beside the proxies. Those of one service stay for the next case, and so does what their JVM has
# learnt: a proxy in use has seen everything, too.
prepare_case() {
  case $1 in
    connect) start_load NewConnections "$ROOM/tls/$NAME/fullchain.pem" 16 ;;
    websocket) start_echo && start_load WebSocketMessages 64 ;;
    idle)
      end_proxies
      start_load IdleConnections $IDLE
      ;;
    rate-*) RATE=$(shared_rate "${1#rate-}") && say "  $RATE requests/s" ;;
    services)
      end_proxies
      VARIANT=services
      local host
      for host in $(service_names); do make_certificate "$host"; done
      ;;
  esac
}

# shared_rate CASE: about half of what the slowest did in that case of this run, or what any machine holds
shared_rate() {
  awk -F'\t' -v wanted="$1" '
    $1 == wanted && $4 == "per_second" && (!least || $5 < least) { least = $5 }
    END { rate = least ? least / 2 : 3000; print rate < 64 ? 64 : int(rate / 64) * 64 }' "$RAW"
}

# rounds_of CASE: more where goals are near and a machine's own unrest is as large as what is measured
rounds_of() {
  case $1 in
    h1 | tls | h2 | rate-*) echo $((2 * ROUNDS - 1)) ;;
    *) echo "$ROUNDS" ;;
  esac
}

# compare CASE: measures each in every round; another one is the first every time
compare() {
  local case=$1 round rounds
  rounds=$(rounds_of "$1")
  for_each_running "$case" get_ready
  for ((round = 1; round <= rounds; round++)); do
    for_each_running "$case" take_turn "$round"
    RUNNING=("${RUNNING[@]:1}" "${RUNNING[@]:0:1}")
  done
  for_each_running "$case" note_memory
}

# for_each_running CASE STEP [ARGUMENT…]: STEP CASE PROXY ARGUMENT…; one that fails is out of the case, and the others
# go on
for_each_running() {
  local case=$1 step=$2 proxy left=()
  shift 2
  for proxy in "${RUNNING[@]}"; do
    attempt "$step" "$case" "$proxy" "$@"
    if [ $STATUS = 0 ]; then
      left+=("$proxy")
    else
      failed "$case, $proxy"
      end_proxy "$proxy"
    fi
  done
  RUNNING=("${left[@]}")
}

get_ready() {
  local case=$1 proxy=$2
  if is_alive "$proxy"; then resume "$proxy"; else start_proxy "$proxy"; fi
  touch "$ROOM/origin/up/$proxy"
  [ "$case" != services ] || record "$case" "$proxy" 0 idle_kib "$(pss_kib "$proxy")"
  [ -z "$(dist_of "$proxy")" ] || warm_up "$case" "$proxy"
  pause "$proxy"
}

take_turn() {
  local case=$1 proxy=$2 round=$3
  is_alive "$proxy" || die "it has ended: $(tail -n 1 "$(log_of "$proxy")")"
  resume "$proxy"
  run_load "$case" "$proxy" 1 >/dev/null
  measure "$case" "$proxy" "$round"
  pause "$proxy"
}

note_memory() { record "$1" "$2" 0 pss_kib "$(pss_kib "$2")"; }

# run_load CASE PROXY SECONDS: the load of a case, for about that long
run_load() {
  local case=$1 proxy=$2 seconds=$3 scheme=http
  [[ $case != *tls ]] || scheme=https
  [[ $proxy != *-log ]] || : >"$(access_log_of "$proxy")"
  case $case in
    h1 | tls | h1-log) wrk_load "$seconds" "$(url "$proxy" $scheme /1k)" 1024 ;;
    services) SERVICES=$SERVICES wrk_load "$seconds" "$(url "$proxy" http /1k)" 1024 services ;;
    h2) h2_load "$seconds" "$(url "$proxy" https /1k)" 1024 ;;
    connect | websocket) order "$seconds" "$NAME" "$(https_port "$proxy")" ;;
    down-100k*) wrk_load "$seconds" "$(url "$proxy" $scheme /middle)" $SIZE_MIDDLE ;;
    up-100k*) wrk_load "$seconds" "$(url "$proxy" $scheme "/up/$proxy")" 0 put ;;
    down-100m*) curl_load $((seconds * TRANSFERS)) "$(url "$proxy" $scheme /big)" 200 $SIZE_BIG size_download ;;
    up-100m*) curl_load $((seconds * TRANSFERS)) "$(url "$proxy" $scheme "/up/$proxy")" 204 $SIZE_BIG size_upload \
      -H 'Expect:' -T "$ROOM/origin/files/big" ;;
    rate-h1 | rate-tls) at_rate "$seconds" "$(url "$proxy" $scheme /1k)" 1024 64 --h1 -c64 ;;
    rate-h2) at_rate "$seconds" "$(url "$proxy" https /1k)" 1024 4 -c4 -m16 ;;
  esac
}

# warm_up CASE PROXY: the case's load until a request costs no less than before, twice in a row. What takes how long
# is in docs/performance.md: a JVM learns on the one processor that it works on, and connections are learnt last. A case
# with a fixed rate is warmed up as fast as it goes.
warm_up() {
  local case=${1#rate-} proxy=$2 line count before cost=0 first=no least=0 steady=0 piece pieces=4 rates=()
  if grep -qx "$case" "$WARM/$proxy"; then
    pieces=2
  elif [ "$case" = connect ]; then
    pieces=15
  elif [ ! -s "$WARM/$proxy" ]; then
    pieces=15 first=yes
  fi
  echo "$case" >>"$WARM/$proxy"
  for ((piece = 1; 2 * piece <= WARM_UP && (piece <= pieces || steady < 2); piece++)); do
    before=$(cpu_us "$proxy")
    line=$(run_load "$case" "$proxy" 2)
    count=$(field 'done' <<<"$line")
    [ "${count:-0}" -gt 0 ] || continue # the measurement will tell whether that is an error
    cost=$((($(cpu_us "$proxy") - before) * 1000 / count))
    rates+=("$(calc "$count / $(field seconds <<<"$line")")")
    if [ $least -gt 0 ] && [ $cost -gt $((least * 96 / 100)) ]; then steady=$((steady + 1)); else steady=0; fi
    [ $least -gt 0 ] && [ $least -lt $cost ] || least=$cost
  done
  say "  warm $proxy: $(calc "$cost / 1000") µs after $((2 * (piece - 1))) s, per second ${rates[*]%.*}"
  [ $first = no ] || record "$1" "$proxy" 0 full_speed_s "$(until_full_speed "${rates[@]}")"
}

# until_full_speed RATE…: seconds from the first request to the end of the first piece with 90 % of the best rate
until_full_speed() {
  printf '%s\n' "$@" | awk '
    { rate[NR] = $1; if ($1 > best) best = $1 }
    END { for (i = 1; rate[i] < best * 0.9; i++); print 2 * i }'
}

# measure CASE PROXY ROUND: one measurement; a wrong result is an error
measure() {
  local case=$1 proxy=$2 round=$3 before spent line count errors
  before=$(cpu_us "$proxy")
  line=$(run_load "$case" "$proxy" "$SECONDS_EACH")
  spent=$(($(cpu_us "$proxy") - before))
  count=$(field 'done' <<<"$line")
  errors=$(field errors <<<"$line")
  say "  $round $proxy: $line cpu=$(calc "$spent / (${count:-0} + 1e-9)") µs"
  [ "${count:-0}" -gt 0 ] && [ "$errors" = 0 ] || die "round $round: wrong results ($line)"
  record "$case" "$proxy" "$round" cpu_us "$(calc "$spent / $count")"
  record "$case" "$proxy" "$round" per_second "$(calc "$count / $(field seconds <<<"$line")")"
  case $case in
    rate-*)
      [ "$count" -ge $((RATE * SECONDS_EACH * 98 / 100)) ] || die "round $round: does not hold $RATE requests/s"
      record "$case" "$proxy" "$round" p50_us "$(quantile 0.5)"
      record "$case" "$proxy" "$round" p99_us "$(quantile 0.99)"
      record "$case" "$proxy" "$round" p999_us "$(quantile 0.999)"
      ;;
    *-log)
      sleep 0.5 # what is written by a thread of its own
      record "$case" "$proxy" "$round" logged "$(logged "$proxy" "$count")"
      ;;
  esac
}

# logged PROXY COUNT: percent of so many requests that are in the access log; those that were under way at the end are
# in it and not counted
logged() {
  wc -l <"$(access_log_of "$1")" | awk -v count="$2" '{ print ($1 > count) ? 100 : 100 * $1 / count }'
}

# hold_idle CASE PROXY: its memory before and with many connections that do nothing
hold_idle() {
  local case=$1 proxy=$2 line before after
  start_proxy "$proxy"
  sleep 1
  before=$(pss_kib "$proxy")
  line=$(order 1 "$NAME" "$(https_port "$proxy")")
  say "  $proxy: $line"
  [ "$(field 'done' <<<"$line")" = $IDLE ] || die "not all connections are open ($line)"
  sleep 2
  after=$(pss_kib "$proxy")
  record "$case" "$proxy" 1 idle_kib "$before"
  record "$case" "$proxy" 1 pss_kib "$after"
  record "$case" "$proxy" 1 each_kib "$(calc "($after - $before) / $IDLE")"
  order 0 "$NAME" "$(https_port "$proxy")" >/dev/null
  end_proxy "$proxy"
}
