# shellcheck shell=bash
# Let's Encrypt's test server Pebble beside the swarm, with its own DNS. Source it after common.sh.
#   ACME directory  https://$CLIENT_IP:14000/dir    management  https://$CLIENT_IP:15000
# Pebble validates on the ports 80 and 443 of the address that its DNS gives: point_names_at.

PEBBLE=$BED_STATE/pebble
PEBBLE_DIRECTORY=https://$CLIENT_IP:14000/dir

pebble_up() {
  mkdir -p "$PEBBLE"
  pebble_api_certificate
  cat >"$PEBBLE/config.json" <<JSON
{ "pebble": {
    "listenAddress": "$CLIENT_IP:14000", "managementListenAddress": "$CLIENT_IP:15000",
    "certificate": "$PEBBLE/api.pem", "privateKey": "$PEBBLE/api.key",
    "httpPort": 80, "tlsPort": 443, "ocspResponderURL": "" } }
JSON
  # setsid, so that Ctrl-C reaches the clean-up first; "from_client … &" would be a subshell's pid
  setsid nsenter --net="/run/netns/$BED-net" -- pebble-challtestsrv -defaultIPv6 "" \
    -dns01 "$CLIENT_IP:8053" -http01 "" -https01 "" -tlsalpn01 "" -management "$CLIENT_IP:8055" \
    </dev/null >"$PEBBLE/dns.log" 2>&1 9>&- &
  disown
  # NOSLEEP: no pause before a validation. AUTHZREUSE=0: every order is validated anew.
  PEBBLE_VA_NOSLEEP=1 PEBBLE_AUTHZREUSE=0 setsid nsenter --net="/run/netns/$BED-net" -- \
    pebble -config "$PEBBLE/config.json" -dnsserver "$CLIENT_IP:8053" \
    </dev/null >"$PEBBLE/pebble.log" 2>&1 9>&- &
  disown
  wait_for 15 Pebble fetch_pebble_root
  wait_for 5 "Pebble's DNS" point_names_at n1
}

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
  from_client curl -sf -m 2 --cacert "$PEBBLE/ca.pem" "https://$CLIENT_IP:15000/roots/0" \
    -o "$PEBBLE/root.pem"
}

# point_names_at NODE: every name that Pebble looks up is at this node from now on.
point_names_at() {
  from_client curl -sf -m 2 -d "{\"ip\":\"$(node_ip "$1")\"}" \
    "http://$CLIENT_IP:8055/set-default-ipv4" >/dev/null
}

# How many orders were placed at Pebble so far, whether they came to a certificate or not.
orders() { grep -c 'Added order "' "$PEBBLE/pebble.log" || true; }
