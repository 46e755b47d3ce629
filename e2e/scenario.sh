# shellcheck shell=bash
# What the scenarios are written with: something happens to an app or to the proxy under a steady load
# of everything that visitors do, and it is counted what failed. Source it in place of lib.sh.

. "$E2E/lib.sh"
APP=app_app
APP_URL=https://app.$DOMAIN/
MIX=(reused=170 h2=80 new=10 post=20 upload=0.5 download=1 events=1 websocket=1)
# The proxies that are looked at: ours, and with e2e/run --peers others beside it, each with a third of
# the load, as the machine is the same.
read -ra PROXIES <<<"fairlead ${PEERS:-}"
[ -z "${PEERS:-}" ] || MIX=(reused=50 h2=25 new=4 post=8 upload=0.2 download=0.4 events=0.4 websocket=0.4)

# app_up: three tasks that are well, on three nodes, and their certificate.
app_up() {
  deploy app "$E2E/stacks/app.yml"
  await_tasks $APP 3
  if [ "$(nodes_of_app | sort -u | wc -l)" != 3 ]; then
    swarm service update --quiet --detach --no-resolve-image --update-order start-first --force $APP >/dev/null
    wait_for 60 "a task of the app on each node" spread
  fi
  wait_for 60 "a trusted certificate for the app" trusted "$APP_URL"
  [ ${#PROXIES[@]} = 1 ] || peers_up
  wait_for 60 "all tasks to answer" all_tasks_answer 3
}
nodes_of_app() {
  swarm service ps --filter desired-state=running --format '{{.Node}} {{.CurrentState}}' $APP |
    awk '$2 == "Running" { print $1 }'
}
spread() { [ "$(nodes_of_app | sort | paste -sd' ')" = "$NODES" ]; }
all_tasks_answer() { [ "$(tasks_seen "$APP_URL" 60 | wc -l)" = "$1" ]; }

peers_up() {
  local proxy files=$BED_STATE/peers
  mkdir -p "$files/tls"
  cp "$E2E/peers/"* "$files/"
  cp "$BED_STATE/storage/certificates/app.$DOMAIN/"*/current/*.pem "$files/tls/"
  PEERS_FILES=$files deploy peers "$E2E/stacks/peers.yml"
  for proxy in ${PEERS:-}; do
    wait_for 60 "an answer by way of $proxy" from_client curl -sf -o /dev/null --cacert "$PEBBLE/root.pem" \
      --connect-to "::$(node_ip n1):$(peer_port "$proxy")" "$APP_URL"
  done
}

# container_of NODE: the app's container there; the first one, where there are several.
container_of() {
  on "$1" ps -q --filter "label=com.docker.swarm.service.name=$APP" | head -n 1
}

# mixed_load [ADDRESSES]: by way of each proxy; returns when there is some of everything under way.
mixed_load() {
  local proxy
  for proxy in "${PROXIES[@]}"; do
    load_begin "$proxy" "${1:-$(node_ip n1):$(peer_port "$proxy")}" "$APP_URL" "${MIX[@]}"
  done
  sleep 10
}

# mixed_load_end SCENARIO: says what became of it, and keeps it for the table.
mixed_load_end() {
  local proxy
  for proxy in "${PROXIES[@]}"; do touch "$BED_STATE/$proxy.stop"; done
  for proxy in "${PROXIES[@]}"; do
    load_end "$proxy"
    say "$proxy:"
    cat "$BED_STATE/$proxy.out" >&2
    head -n 100 "$BED_STATE/$proxy.failures" >&2
    tallies "$proxy" | sed "s/^/$1\t$proxy\t/" >>"$SCENARIOS"
    note "$proxy: $(tallies "$proxy" |
      awk '{ sent += $2; failed += $3 } END { printf "%d requests, %d failed", sent, failed }')"
  done
  sort "$BED_STATE/fairlead.failures" |
    awk -F'\t' 'NR <= 20 { printf "%s: %s after %.1f s\n", $3, $5, $2 / 1000 }' | while read -r line; do note "$line"; done
}
# tallies PROXY: kind, requests, failed; with tabs
tallies() {
  sed -n 's/^\(.*\): \([0-9]*\) requests, \([0-9]*\) failed .*/\1\t\2\t\3/p' "$BED_STATE/$1.out"
}

none_failed() { expect "failed requests" 0 "$(wc -l <"$BED_STATE/fairlead.failures")"; }

# only_in_flight SINCE MILLIS: what failed may not be sent twice, and was under way when the task was
# lost at SINCE, or sent to it within so many milliseconds, as long as nobody could know.
only_in_flight() {
  local late again
  again=$(awk -F'\t' '$3 ~ /^(reused|new|h2)$/' "$BED_STATE/fairlead.failures")
  expect "failed requests that could have been sent again" "" "$again"
  late=$(awk -F'\t' -v limit=$(($1 + $2)) '$1 > limit' "$BED_STATE/fairlead.failures")
  expect "failed requests that came later" "" "$late"
}

# settle SECONDS: what nobody tells of has come to its end by then
settle() { sleep "$1"; }
