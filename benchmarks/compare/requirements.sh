# shellcheck shell=bash
# What the comparison needs of the machine. Source it after common.sh.

# command:package
NEEDED_COMMANDS=(nginx:nginx haproxy:haproxy caddy:caddy wrk:wrk h2load:nghttp2-client curl:curl
  openssl:openssl taskset:util-linux unshare:util-linux mount:mount ip:iproute2 pgrep:procps sysctl:procps)

check_machine() {
  [ "$(id -u)" = 0 ] || die "needs root, for namespaces of its own (sudo ./dev bench)"
  local cpu
  for cpu in "$PROXY_CPU" "$LOAD_CPU"; do
    taskset -c "$cpu" true 2>/dev/null || die "needs two processors, and may not use number $cpu"
  done
  unshare --net --mount --pid --fork true 2>/dev/null || die "needs namespaces of its own, which this machine does not allow"
  [ -e "$ROOT/app/target/dist/fairlead.jar" ] || die "app/target/dist is not there (./dev build makes it)"
}

missing_packages() {
  local entry
  for entry in "${NEEDED_COMMANDS[@]}"; do
    [ -n "$(command -v "${entry%%:*}")" ] || echo "${entry#*:}"
  done | sort -u
}

# Installs what is missing, upgrades nothing, and lets no service start.
install_packages() {
  local missing
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -gt 0 ] || return 0
  [ -n "$(command -v apt-get)" ] || die "needs ${missing[*]}, and this machine has no apt-get"
  say "installing ${missing[*]}"
  apt-get update -qq >&2 || say "apt-get update failed; trying with the lists that are there"
  ( # whose other functions have the names of these
    # shellcheck source=../../e2e/bed/requirements.sh
    . "$ROOT/e2e/bed/requirements.sh"
    without_starting_services env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends --no-upgrade "${missing[@]}" >&2
  ) || die "could not install ${missing[*]}"
  hash -r
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} = 0 ] || die "installed, but what they are needed for is not on the PATH: ${missing[*]}"
}

# The case idle takes 10,000 connections of the load, of the proxy, and some more. Root may ask for more than the limit.
raise_limits() {
  ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"
  [ "$(ulimit -n)" -ge 20000 ] || die "needs 20,000 open files for each process (ulimit -n says $(ulimit -n))"
}

# key, tab, value: what the report says about where it was made
describe_machine() {
  printf 'date\t%s\n' "$(date -u +%F)"
  local model
  model=$(sed -n '0,/^model name/s/^model name.*: //p' /proc/cpuinfo)
  printf 'machine\t%s, %s processors, %s GiB\n' "${model:-$(uname -m)}" "$(nproc --all)" \
    "$(awk '/MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo)"
  printf 'system\t%s, Linux %s\n' "$(. /etc/os-release && echo "$PRETTY_NAME")" "$(uname -r)"
  printf 'fairlead\t%s, %s\n' "$(git -c safe.directory="$ROOT" -C "$ROOT" describe --always --dirty --match='' 2>/dev/null || echo unversioned)" \
    "$("$JAVA_HOME/bin/java" -version 2>&1 | sed -n '2s/.*(build \(.*\))/JDK \1/p')"
  printf 'nginx\t%s\n' "$(nginx -v 2>&1 | sed 's|.*/||')"
  printf 'haproxy\t%s\n' "$(haproxy -v | sed -n '1s/HAProxy version \([^ ]*\).*/\1/p')"
  printf 'caddy\t%s\n' "$(caddy version | cut -d' ' -f1)"
  printf 'openssl\t%s\n' "$(openssl version | cut -d' ' -f2)"
}

# The room: a loop-back device, a file system in memory, names, and one way to speak TLS for all loads.
prepare_room() {
  ip link set lo up
  sysctl -qw net.ipv4.ip_local_reserved_ports=8000-8999 net.ipv4.ip_local_port_range="2000 65500" \
    net.core.somaxconn=65535
  mkdir -p "$ROOM"
  mount -t tmpfs -o size=2g,mode=0755 bench "$ROOM"
  REASON=$ROOM/reason
  { echo "127.0.0.1 localhost $NAME"; service_names | sed 's/^/127.0.0.1 /'; } >"$ROOM/hosts"
  mount --bind "$ROOM/hosts" /etc/hosts
  printf '%s\n' 'openssl_conf = init' '[init]' 'ssl_conf = ssl' '[ssl]' 'system_default = load' '[load]' \
    'MinProtocol = TLSv1.3' 'Ciphersuites = TLS_AES_128_GCM_SHA256' 'Groups = X25519' >"$ROOM/load.cnf"
  make_ca
  make_certificate "$NAME"
}

# The run's own CA, P-256 as everything it issues.
make_ca() {
  mkdir -p "$ROOM/tls"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 -subj '/CN=Bench CA' \
    -keyout "$ROOM/tls/ca.key" -out "$ROOM/tls/ca.pem" 2>/dev/null
  openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out "$ROOM/tls/host.key"
}

# make_certificate HOST: as a CA gives it, the host's and then the issuer's; hosts share one key
make_certificate() {
  local folder=$ROOM/tls/$1
  mkdir -p "$folder"
  cp "$ROOM/tls/host.key" "$folder/privkey.pem"
  openssl req -x509 -CA "$ROOM/tls/ca.pem" -CAkey "$ROOM/tls/ca.key" -key "$folder/privkey.pem" -days 90 \
    -subj "/CN=$1" -addext "subjectAltName=DNS:$1" -addext basicConstraints=critical,CA:FALSE 2>/dev/null |
    cat - "$ROOM/tls/ca.pem" >"$folder/fullchain.pem"
  cat "$folder/fullchain.pem" "$folder/privkey.pem" >"$folder/both.pem"
}

# The results belong to whom the checkout belongs to.
give_back() { chown -R --reference="$ROOT" "$ROOT"/*/target "$@"; }
