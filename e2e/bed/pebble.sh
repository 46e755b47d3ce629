# shellcheck shell=bash
# Let's Encrypt's test server Pebble beside the swarm, with its own DNS. Source it after common.sh.
#   ACME directory  https://$CLIENT_IP:14000/dir    management  https://$CLIENT_IP:15000
# Pebble validates on the ports 80 and 443 of the address that its DNS gives: point_names_at, point.

PEBBLE=$BED_STATE/pebble
PEBBLE_PORT=14000
PEBBLE_DIRECTORY=https://$CLIENT_IP:$PEBBLE_PORT/dir

pebble_up() {
  mkdir -p "$PEBBLE"
  pebble_api_certificate
  # setsid, so that Ctrl-C reaches the clean-up first; "from_client … &" would be a subshell's pid
  setsid nsenter --net="/run/netns/$BED-net" -- pebble-challtestsrv -defaultIPv6 "" \
    -dns01 "$CLIENT_IP:8053,$CLIENT_IP:53" -http01 "" -https01 "" -tlsalpn01 "" -management "$CLIENT_IP:8055" \
    </dev/null >"$PEBBLE/dns.log" 2>&1 9>&- &
  disown
  pebble_serve $((5 * 365 * 86400))
  wait_for 5 "Pebble's DNS" point_names_at n1
}

# pebble_serve SECONDS: the CA itself; its certificates live so long.
pebble_serve() {
  cat >"$PEBBLE/config.json" <<JSON
{ "pebble": {
    "listenAddress": "$CLIENT_IP:$PEBBLE_PORT", "managementListenAddress": "$CLIENT_IP:$((PEBBLE_PORT + 1000))",
    "certificate": "$PEBBLE/api.pem", "privateKey": "$PEBBLE/api.key",
    "httpPort": 80, "tlsPort": 443, "ocspResponderURL": "", "certificateValidityPeriod": $1 } }
JSON
  # NOSLEEP: no pause before a validation. AUTHZREUSE=0: every order is validated anew.
  PEBBLE_VA_NOSLEEP=1 PEBBLE_AUTHZREUSE=0 setsid nsenter --net="/run/netns/$BED-net" -- \
    pebble -config "$PEBBLE/config.json" -dnsserver "$CLIENT_IP:8053" \
    </dev/null >"$PEBBLE/pebble.log" 2>&1 9>&- &
  echo $! >"$PEBBLE/pid"
  disown
  wait_for 15 Pebble fetch_pebble_root
}

# another_pebble SECONDS: from here on, all that says Pebble means one of the caller's own, whose
# certificates live so long; pebble_end ends it.
another_pebble() {
  local first=$PEBBLE
  PEBBLE=$BED_STATE/another-pebble
  PEBBLE_PORT=14001
  PEBBLE_DIRECTORY=https://$CLIENT_IP:$PEBBLE_PORT/dir
  mkdir -p "$PEBBLE"
  cp "$first/"{ca,api}.* "$PEBBLE/"
  pebble_serve "$1"
}
pebble_end() { pebble_signal KILL; }
# pebble_signal STOP: it answers nobody until CONT.
pebble_signal() { kill "-$1" "$(cat "$PEBBLE/pid")"; }

# The certificate of Pebble's own API, by a CA of the bed's that the proxy is told of.
pebble_api_certificate() {
  local key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
  openssl req -x509 "${key[@]}" -days 2 -subj "/CN=CA of the test bed" \
    -keyout "$PEBBLE/ca.key" -out "$PEBBLE/ca.pem" 2>/dev/null
  openssl req "${key[@]}" -subj /CN=pebble -keyout "$PEBBLE/api.key" -out "$PEBBLE/api.csr" 2>/dev/null
  printf 'subjectAltName=IP:%s\nextendedKeyUsage=serverAuth\n' "$CLIENT_IP" >"$PEBBLE/api.ext"
  openssl x509 -req -in "$PEBBLE/api.csr" -CA "$PEBBLE/ca.pem" -CAkey "$PEBBLE/ca.key" -CAcreateserial \
    -days 2 -extfile "$PEBBLE/api.ext" -out "$PEBBLE/api.pem" 2>/dev/null
}

# The root that Pebble's certificates chain to, made anew by each Pebble.
fetch_pebble_root() {
  from_client curl -sf -m 2 --cacert "$PEBBLE/ca.pem" "https://$CLIENT_IP:$((PEBBLE_PORT + 1000))/roots/0" \
    -o "$PEBBLE/root.pem"
}

# point_names_at NODE: every name that Pebble looks up is at this node from now on.
point_names_at() {
  dns set-default-ipv4 "{\"ip\":\"$(node_ip "$1")\"}"
}

# point NODE NAME…: these names are there from now on, whatever point_names_at says.
point() {
  local address name
  address=$(node_ip "$1")
  shift
  for name in "$@"; do
    dns clear-a "{\"host\":\"$name.\"}"
    dns add-a "{\"host\":\"$name.\",\"addresses\":[\"$address\"]}"
  done
}
dns() { from_client curl -sf -m 2 -d "$2" "http://$CLIENT_IP:8055/$1" >/dev/null; }

# How many orders were placed at Pebble so far, whether they came to a certificate or not.
orders() { grep -c 'Added order "' "$PEBBLE/pebble.log" || true; }

# orders_of NAME: how many of them came to where it was looked who has the name. With AUTHZREUSE=0, each does.
orders_of() { grep -c "Pulled a task from the Tasks queue.*Value:\"$1\"" "$PEBBLE/pebble.log" || true; }
