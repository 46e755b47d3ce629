# shellcheck shell=bash
# The proxies, each set up as a good administrator would: routing by host, balancing over all origins,
# kept connections to them, forwarded headers, TLS 1.3 with the same certificate. Source it after origin.sh.

# The variant of a case: `one` service with two tasks, or `services`: 1,000 of them with three each.
VARIANT=one
SERVICES=999    # beside $NAME's

service_names() { seq -f 's%04g.example.com' 1 "$SERVICES"; }
tasks() { # tasks: addresses of the origins of one service
  if [ "$VARIANT" = services ]; then printf '%s\n' "${ORIGINS[@]}"; else printf '%s\n' "${ORIGINS[@]:0:2}"; fi |
    sed "s/\$/:$ORIGIN_PORT/"
}
hosts() { # the hosts that are routed
  echo "$NAME"
  [ "$VARIANT" != services ] || service_names
}

# Each has its own ports: 80xx and 84xx.
declare -A PORT=([fairlead]=1 [nginx]=2 [haproxy]=3 [caddy]=4 [nginx-large]=5 [haproxy-large]=6
  [fairlead-log]=7 [nginx-log]=8)
http_port() { echo $((8000 + PORT[$1])); }
https_port() { echo $((8400 + PORT[$1])); }
add_fairlead() { # add_fairlead NAME=DIST
  [[ $1 =~ ^[a-z0-9-]+=/.+ ]] && [ -e "${1#*=}/fairlead.jar" ] ||
    die "--with $1: (expected: NAME=/…/app/target/dist)"
  DIST[${1%%=*}]=${1#*=}
  PORT[${1%%=*}]=$((10 + ${#DIST[@]}))
}
declare -A DIST=([fairlead]=$ROOT/app/target/dist)
dist_of() { echo "${DIST[${1%-log}]:-}"; }

START_LIMIT=120    # seconds until one has to answer
start_proxy() {
  local name=$1 began
  began=$(now_ms)
  case $name in
    nginx*) nginx_conf "$name" >"$ROOM/$name.conf" && start_session "$name" nginx -c "$ROOM/$name.conf" ;;
    haproxy*) haproxy_conf "$name" >"$ROOM/$name.conf" && start_session "$name" haproxy -db -f "$ROOM/$name.conf" ;;
    caddy) caddy_conf >"$ROOM/caddy.conf" &&
      start_session caddy env HOME="$ROOM" XDG_CONFIG_HOME="$ROOM" caddy run --adapter caddyfile --config "$ROOM/caddy.conf" ;;
    *) start_fairlead "$name" ;;
  esac
  wait_for $START_LIMIT "$name" answers_right "$name" || {
    tail -n 5 "$(log_of "$name")" >&2
    die "$name does not answer"
  }
  say "  up   $name: after $(calc "($(now_ms) - $began) / 1000") s"
}

# What the origin sees by way of the proxy: the host, and the visitor's address and protocol
answers_right() {
  seen=$(curl -sf -m 2 --cacert "$ROOM/tls/ca.pem" "https://$NAME:$(https_port "$1")/headers")
  [[ $seen =~ ^$NAME\|127\.0\.0\.1\|https\|(keep-alive)?$ ]] &&
    curl -sf -m 2 -o /dev/null "http://$NAME:$(http_port "$1")/1k"
}

# access_log_of NAME: where one that keeps an access log writes it
access_log_of() {
  case $1 in
    nginx-log) echo "$ROOM/$1.access" ;;
    *-log) log_of "$1" ;;
  esac
}

# --- nginx

nginx_conf() {
  cat <<CONF
user root;
worker_processes 1;
daemon off;
pid $ROOM/$1.pid;
error_log stderr warn;
events { worker_connections 18000; multi_accept on; }
http {
  access_log $(if [ "$1" = nginx-log ]; then access_log_of "$1"; else echo off; fi);
  sendfile on;
  tcp_nopush on;
  keepalive_timeout 75s;
  keepalive_requests 100000000;
  server_names_hash_max_size 8192;
  server_tokens off;
  client_max_body_size 0;
  client_body_temp_path $ROOM/$1-body;
  proxy_temp_path $ROOM/$1-answer;
  ssl_protocols TLSv1.3;
  ssl_session_cache shared:tls:10m;
  map \$http_upgrade \$connection_header { default upgrade; '' ''; }
  proxy_http_version 1.1;
  proxy_set_header Host \$host;
  proxy_set_header Connection \$connection_header;
  proxy_set_header Upgrade \$http_upgrade;
  proxy_set_header X-Forwarded-For \$remote_addr;
  proxy_set_header X-Forwarded-Proto \$scheme;
  proxy_set_header X-Forwarded-Host \$host;
$([ "$1" != nginx-large ] || cat <<LARGE
  proxy_buffer_size 64k;
  proxy_buffers 16 64k;
  proxy_busy_buffers_size 256k;
  proxy_max_temp_file_size 0;
  proxy_request_buffering off;
  client_body_buffer_size 256k;
  ssl_buffer_size 16k;
LARGE
)
  server {
    listen 127.0.0.1:$(http_port "$1") default_server;
    listen 127.0.0.1:$(https_port "$1") ssl http2 default_server;
    ssl_reject_handshake on;
    return 404;
  }
$(hosts | while read -r host; do cat <<SERVER
  upstream $host {
$(tasks | sed 's/.*/    server &;/')
    keepalive 64;
    keepalive_requests 100000000;
    keepalive_timeout 1h;
  }
  server {
    listen 127.0.0.1:$(http_port "$1");
    listen 127.0.0.1:$(https_port "$1") ssl http2;
    server_name $host;
    ssl_certificate $ROOM/tls/$host/fullchain.pem;
    ssl_certificate_key $ROOM/tls/$host/privkey.pem;
    location / { proxy_pass http://$host; }
  }
SERVER
done)
}
CONF
}

# --- HAProxy

haproxy_conf() {
  hosts | sed 's/.*/& &/' >"$ROOM/$1.map"
  hosts | sed "s|.*|$ROOM/tls/&/both.pem|" >"$ROOM/$1.certificates"
  cat <<CONF
global
  maxconn 12000
  no strict-limits
  nbthread 1
  ssl-default-bind-options ssl-min-ver TLSv1.3
$([ "$1" = haproxy ] || echo '  tune.bufsize 131072')
defaults
  mode http
  timeout client 75s
  timeout server 75s
  timeout connect 2s
  timeout tunnel 1h
  option forwardfor
  http-reuse always
frontend web
  bind 127.0.0.1:$(http_port "$1")
  bind 127.0.0.1:$(https_port "$1") ssl crt-list $ROOM/$1.certificates alpn h2,http/1.1
  http-request del-header X-Forwarded-For
  http-request set-header X-Forwarded-Proto %[ssl_fc,iif(https,http)]
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  use_backend %[req.hdr(host),field(1,:),lower,map_str($ROOM/$1.map)]
$(hosts | while read -r host; do
  echo "backend $host"
  tasks | sed 's/.*/  server & &/'
done)
CONF
}

# --- Caddy

caddy_conf() {
  cat <<CONF
{
  admin off
  auto_https off
  storage file_system $ROOM/caddy
  servers {
    protocols h1 h2
  }
}
$(hosts | while read -r host; do
  caddy_site "http://$host:$(http_port caddy)"
  caddy_site "https://$host:$(https_port caddy)" "tls $ROOM/tls/$host/fullchain.pem $ROOM/tls/$host/privkey.pem"
done)
CONF
}

caddy_site() { # caddy_site ADDRESS [DIRECTIVE]
  cat <<SITE
$1 {
  bind 127.0.0.1
  ${2:-}
  reverse_proxy $(tasks | paste -sd' ') {
    transport http {
      keepalive_idle_conns_per_host 128
    }
  }
}
SITE
}

# --- Fairlead, as in its image

start_fairlead() {
  local name=$1 home=$ROOM/$1 access=false command
  rm -rf "$home"
  mkdir -p -m 700 "$home"
  fairlead_storage "$home/storage"
  {
    echo "services:"
    hosts | while read -r host; do
      printf '  %s:\n    host: %s\n    redirect: off\n    endpoints: [%s]\n' "${host%%.*}" "$host" \
        "$(tasks | sed 's/.*/"&"/' | paste -sd,)"
    done
  } >"$home/services.yml"
  [[ $name != *-log ]] || access=true
  mapfile -t command < <(fairlead_command "$(dist_of "$name")")
  start_session "$name" env FAIRLEAD_DOCKER_ENABLED=false FAIRLEAD_FILE_PATH="$home/services.yml" \
    FAIRLEAD_STORAGE_PATH="$home/storage" FAIRLEAD_ACME_EMAIL=bench@example.com \
    FAIRLEAD_ACME_DIRECTORY=https://127.0.0.1:8999/directory \
    FAIRLEAD_LISTENERS_HTTP="127.0.0.1:$(http_port "$name")" \
    FAIRLEAD_LISTENERS_HTTPS="127.0.0.1:$(https_port "$name")" \
    FAIRLEAD_LISTENERS_ADMIN="127.0.0.1:$((8800 + PORT[$name]))" \
    FAIRLEAD_LIMITS_CONNECTIONS=12000 FAIRLEAD_LIMITS_CONNECTIONS_PER_CLIENT=12000 \
    FAIRLEAD_LIMITS_REQUESTS_PER_CONNECTION=100000000 \
    FAIRLEAD_LOG_ACCESS=$access "${command[@]}" run
}

# fairlead_command DIST: the ENTRYPOINT of the build's image, a word a line, with its paths those of the build, and
# for the 512 MB of deploy/stack.yml: this machine has more.
fairlead_command() {
  local file=$1/../../../Dockerfile
  [ -e "$file" ] || file=$ROOT/Dockerfile
  sed -n '/^ENTRYPOINT/,/]$/p' "$file" | tr -d '\n' | grep -o '"[^"]*"' | tr -d '"' |
    sed -e "1s|.*|$JAVA_HOME/bin/java|" -e "s|/opt/fairlead|$1|" -e "/@.*jvm\$/a -XX:MaxRAM=512m"
}

# train DIST: what the image's build does, when it was not done since the jars were built. The JVM takes the cache
# without a word or leaves it; only when asked it says which.
train() {
  local training=$1/../../../training/target/training.jar
  takes_cache "$1" && return
  [ -e "$training" ] || die "$1: no fairlead.aot that fits, and no training.jar (./dev build makes it)"
  say "training the JVM of $1"
  "$ROOT/build/train" "$1" "$training" "$JAVA_HOME/bin/java" >&2 || die "$1: the training failed"
  takes_cache "$1" || die "$1: the JVM does not take the fairlead.aot that it has made"
}
takes_cache() {
  local command
  mapfile -t command < <(fairlead_command "$1")
  "${command[@]:0:1}" -XX:AOTMode=on "${command[@]:1}" --version >/dev/null 2>&1
}

# The certificate of every host, as an earlier run would have left it (docs/storage.md).
fairlead_storage() {
  local host folder generation=20260101T000000Z-0a1b2c
  mkdir -p -m 700 "$1"
  hosts | while read -r host; do
    folder=$1/certificates/$host/127.0.0.1_8999_directory
    (umask 077 && mkdir -p "$folder/$generation" &&
      cp "$ROOM/tls/$host/"{fullchain,privkey}.pem "$folder/$generation" &&
      ln -s "$generation" "$folder/current")
  done
  chmod -R go= "$1"
}
