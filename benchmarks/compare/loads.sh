# shellcheck shell=bash
# The loads. Each prints what it did as pairs KEY=VALUE in one line, with `done` (requests, messages or
# bodies that were right) and `errors` among them. Source it after proxies.sh.

url() { # url PROXY http|https PATH
  local port
  if [ "$2" = http ]; then port=$(http_port "$1"); else port=$(https_port "$1"); fi
  echo "$2://$NAME:$port$3"
}

load() { OPENSSL_CONF=$ROOM/load.cnf on_load_cpu "$@"; }

# wrk_load SECONDS URL BYTES [SCRIPT]: 64 connections, HTTP/1.1 with keep-alive; BYTES of body each
wrk_load() {
  load wrk -t1 -c64 -d"$1s" --timeout 10s -s "$COMPARE/wrk/${4:-get}.lua" "$2" | sed -n 's/^RESULT //p' |
    awk -v wanted="$3" '{
      for (i = 1; i <= NF; i++) { split($i, pair, "="); value[pair[1]] = pair[2] }
      wrong = value["errors"] + (value["bytes"] < value["requests"] * wanted ? 1 : 0)
      printf "done=%d errors=%d seconds=%.3f\n", value["requests"], wrong, value["micros"] / 1e6
    }'
}

# h2_load SECONDS URL BYTES: four connections with 16 streams each
h2_load() {
  load h2load -c4 -m16 -D "$1" "$2" >"$ROOM/h2load.out" 2>&1
  h2load_result "$3"
}

# at_rate SECONDS URL BYTES CLIENTS OPTION…: RATE requests/s in all, at fixed times; leaves the micros of each
# in $ROOM/times. The clients begin one after the other, else they would ask all at the same moments.
at_rate() {
  local seconds=$1 url=$2 bytes=$3 clients=$4
  shift 4
  rm -f "$ROOM/requests"
  load h2load "$@" --rate=1 --rate-period=7ms --rps=$((RATE / clients)) -n $((RATE * seconds)) \
    --log-file="$ROOM/requests" "$url" >"$ROOM/h2load.out" 2>&1
  cut -f3 "$ROOM/requests" | sort -n >"$ROOM/times"
  h2load_result "$bytes"
}

# quantile SHARE: of the sorted $ROOM/times
quantile() { awk -v share="$1" '{ t[NR] = $1 } END { i = int(NR * share + 0.999999); print t[i < 1 ? 1 : i] }' "$ROOM/times"; }

# From what h2load printed: a request is right when it was answered with 2xx; their bytes are looked at in sum, without
# those of the 64 that may be under way when time is over.
h2load_result() {
  awk -v wanted="$1" '
    /^finished in/ { seconds = $3 * ($3 ~ /us,$/ ? 1e-6 : $3 ~ /ms,$/ ? 1e-3 : 1) }
    /^requests:/ { failed = $10 + $12 + $14; ended = $6 }
    /^status codes:/ { right = $3 + 0; other = $5 + $7 + $9 }
    /^traffic:/ { for (i = 1; i <= NF; i++) if ($i == "data") data = substr($(i - 1), 2) + 0 }
    END {
      wrong = failed + other + (data < (right - 64) * wanted ? 1 : 0)
      printf "done=%d errors=%d seconds=%.3f\n", right, wrong, seconds
    }' "$ROOM/h2load.out"
}

# curl_load COUNT URL STATUS BYTES METHOD [OPTION…]: bodies one after the other over one connection
curl_load() {
  local count=$1 url=$2 status=$3 bytes=$4 counted=$5
  shift 5
  load curl -sS -k --http1.1 -o /dev/null -m 60 "$@" -w "%{http_code} %{$counted} %{time_total}\n" "$url?[1-$count]" |
    awk -v status="$status" -v bytes="$bytes" '
      $1 == status && $2 == bytes { right++; seconds += $3; next } { wrong++ }
      END { printf "done=%d errors=%d seconds=%.3f\n", right, wrong, seconds }'
}

# start_load CLASS ARGUMENT…: a Java load that runs until end_load, so that it is measured with when it is
# warm. order SECONDS HOST PORT: lets it work, and prints what it did.
start_load() {
  rm -f "$ROOM/orders" "$ROOM/answers"
  mkfifo "$ROOM/orders" "$ROOM/answers"
  exec 7<>"$ROOM/orders" 8<>"$ROOM/answers"
  tool_command "$@"
  "${COMMAND[@]}" <&7 >&8 2>"$ROOM/load.log" &
  LOAD=$!
}
end_load() {
  [ -n "${LOAD:-}" ] || return 0
  kill "$LOAD" 2>/dev/null || true
  wait "$LOAD" 2>/dev/null || true
  LOAD=
  exec 7>&- 8>&-
}
order() {
  local answer
  kill -0 "$LOAD" || die "the load has ended: $(tail -n 1 "$ROOM/load.log")"
  echo "$*" >&7
  read -r -t $(($1 + 130)) -u 8 answer || { tail -n 5 "$ROOM/load.log" >&2; die "the load did not answer"; }
  echo "$answer"
}
