# shellcheck shell=bash
# The cases: for each its load. Source it after loads.sh.

WARM_UP_PIECES=12   # of two seconds, at most, before a JVM is measured
TRANSFERS=6         # 100 MB bodies in a second, about

IDLE=10000          # connections of the case idle

CASES=(h1 tls h2 connect down-100k down-100k-tls up-100k up-100k-tls down-100m down-100m-tls up-100m
  up-100m-tls websocket services idle rate-h1 rate-tls rate-h2)
list_cases() { printf '%s\n' "${CASES[@]}"; }
is_case() { [[ " ${CASES[*]} " = *" $1 "* ]]; }

# run_load CASE PROXY SECONDS: the load of a case, for about that long
run_load() {
  local case=$1 proxy=$2 seconds=$3 scheme=http
  [[ $case != *tls ]] || scheme=https
  case $case in
    h1 | tls) wrk_load "$seconds" "$(url "$proxy" $scheme /1k)" 1024 ;;
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

# proxies_of CASE: which are compared, in the order of the first round
proxies_of() {
  local name all=(fairlead "${!DIST[@]}" nginx haproxy caddy)
  case $1 in up-* | down-*) all+=(nginx-large haproxy-large) ;; esac
  printf '%s\n' "${all[@]}" | awk '!seen[$0]++' | while read -r name; do
    [[ -z $ONLY || $ONLY = *,$name,* ]] && echo "$name" || true
  done
}

run_case() {
  local case=$1 proxies proxy began
  began=$(now_ms)
  mapfile -t proxies < <(proxies_of "$case")
  [ ${#proxies[@]} -gt 0 ] || die "--only: none of these is in the case $case"
  say "$case"
  prepare_case "$case"
  if [ "$case" = idle ]; then
    for proxy in "${proxies[@]}"; do hold_idle "$proxy"; done
  else
    compare "$case" "${proxies[@]}"
  fi
  end_all
  say "  took $((($(now_ms) - began) / 1000)) s"
}

# What a case needs beside the proxies
prepare_case() {
  case $1 in
    connect) start_load NewConnections "$ROOM/tls/$NAME/fullchain.pem" 16 ;;
    websocket) start_echo && start_load WebSocketMessages 64 ;;
    idle) start_load IdleConnections $IDLE ;;
    rate-*) RATE=$(shared_rate "${1#rate-}") && say "  $RATE requests/s" ;;
    services)
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
    END { rate = least ? least / 2 : 3000; print int(rate / 64) * 64 }' "$RAW"
}

# compare CASE PROXY…: measures each in every round; another one is the first every time
compare() {
  local case=$1 proxy round proxies
  shift
  proxies=("$@")
  for proxy in "${proxies[@]}"; do
    start_proxy "$proxy"
    touch "$ROOM/origin/up/$proxy"
    [ "$case" != services ] || record "$case" "$proxy" 0 idle_kib "$(pss_kib "$proxy")"
    warm_up "$case" "$proxy"
    pause "$proxy"
  done
  for ((round = 1; round <= ROUNDS; round++)); do
    for proxy in "${proxies[@]}"; do
      resume "$proxy"
      run_load "$case" "$proxy" 1 >/dev/null
      measure "$case" "$proxy" "$round"
      pause "$proxy"
    done
    proxies=("${proxies[@]:1}" "${proxies[0]}")
  done
  for proxy in "${proxies[@]}"; do record "$case" "$proxy" 0 pss_kib "$(pss_kib "$proxy")"; done
}

# hold_idle PROXY: its memory before and with many connections that do nothing
hold_idle() {
  local proxy=$1 line before after
  start_proxy "$proxy"
  sleep 1
  before=$(pss_kib "$proxy")
  line=$(order 1 "$NAME" "$(https_port "$proxy")")
  say "  $proxy: $line"
  [ "$(field 'done' <<<"$line")" = $IDLE ] || die "idle, $proxy: not all are open ($line)"
  sleep 2
  after=$(pss_kib "$proxy")
  record idle "$proxy" 1 idle_kib "$before"
  record idle "$proxy" 1 pss_kib "$after"
  record idle "$proxy" 1 each_kib "$(calc "($after - $before) / $IDLE")"
  order 0 "$NAME" "$(https_port "$proxy")" >/dev/null
  end_proxy "$proxy"
}

# warm_up CASE PROXY: the case's load until a request costs no less than before, twice in a row. A JVM takes
# some seconds, and of a case with a fixed rate many; so that one is warmed up as fast as it goes.
warm_up() {
  local case=${1#rate-} proxy=$2 line before cost least=0 piece pieces=1 steady=0
  [ -z "${DIST[$proxy]:-}" ] || pieces=$WARM_UP_PIECES
  for ((piece = 1; piece <= pieces && steady < 2; piece++)); do
    before=$(cpu_us "$proxy")
    line=$(run_load "$case" "$proxy" 2)
    cost=$((($(cpu_us "$proxy") - before) * 1000 / $(field 'done' <<<"$line")))
    if [ $least -gt 0 ] && [ $cost -gt $((least * 96 / 100)) ]; then steady=$((steady + 1)); else steady=0; fi
    [ $least -gt 0 ] && [ $least -lt $cost ] || least=$cost
  done
  say "  warm $proxy: $(calc "$cost / 1000") µs after $((2 * (piece - 1))) s"
}

# measure CASE PROXY ROUND: one measurement; a wrong result is the end of the case
measure() {
  local case=$1 proxy=$2 round=$3 before spent line count errors
  before=$(cpu_us "$proxy")
  line=$(run_load "$case" "$proxy" "$SECONDS_EACH")
  spent=$(($(cpu_us "$proxy") - before))
  count=$(field 'done' <<<"$line")
  errors=$(field errors <<<"$line")
  say "  $round $proxy: $line cpu=$(calc "$spent / (${count:-0} + 1e-9)") µs"
  [ "${count:-0}" -gt 0 ] && [ "$errors" = 0 ] || die "$case, $proxy, round $round: wrong results ($line)"
  record "$case" "$proxy" "$round" cpu_us "$(calc "$spent / $count")"
  record "$case" "$proxy" "$round" per_second "$(calc "$count / $(field seconds <<<"$line")")"
  case $case in
    rate-*)
      [ "$count" -ge $((RATE * SECONDS_EACH * 98 / 100)) ] || die "$case, $proxy: does not hold $RATE requests/s"
      record "$case" "$proxy" "$round" p50_us "$(quantile 0.5)"
      record "$case" "$proxy" "$round" p99_us "$(quantile 0.99)"
      record "$case" "$proxy" "$round" p999_us "$(quantile 0.999)"
      ;;
  esac
}
