# shellcheck shell=bash
# The app behind all proxies: nginx at three addresses. Source it after processes.sh.

ORIGIN_PORT=8080
ECHO_PORT=8900
ORIGINS=(127.0.0.2 127.0.0.3 127.0.0.4)

start_origin() {
  mkdir -p "$ROOM/origin/files" "$ROOM/origin/tmp"
  head -c $SIZE_BIG /dev/urandom >"$ROOM/origin/files/big"
  head -c $SIZE_MIDDLE "$ROOM/origin/files/big" >"$ROOM/origin/files/middle"
  head -c 768 "$ROOM/origin/files/big" | base64 -w 0 >"$ROOM/origin/files/small"
  cat >"$ROOM/origin.conf" <<CONF
user root;
worker_processes 1;
daemon off;
pid $ROOM/origin.pid;
error_log stderr warn;
events { worker_connections 18000; multi_accept on; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=100;
  keepalive_timeout 1h;
  keepalive_requests 100000000;
  client_max_body_size 0;
  client_body_temp_path $ROOM/origin/tmp;
  client_body_buffer_size 128k;
  default_type application/octet-stream;
  server {
$(printf '    listen %s;\n' "${ORIGINS[@]/%/:$ORIGIN_PORT}")
    root $ROOM/origin/files;
    location = /1k { return 200 "$(cat "$ROOM/origin/files/small")"; }
    location = /headers { return 200 "\$host|\$http_x_forwarded_for|\$http_x_forwarded_proto|\$http_connection"; }
    location = /echo {
      proxy_pass http://127.0.0.1:$ECHO_PORT;
      proxy_http_version 1.1;
      proxy_set_header Upgrade \$http_upgrade;
      proxy_set_header Connection upgrade;
    }
    location /up/ { root $ROOM/origin; dav_methods PUT; }
  }
}
CONF
  mkdir -p "$ROOM/origin/up"
  on_load_cpu nginx -c "$ROOM/origin.conf" >"$ROOM/origin.log" 2>&1 &
  wait_for 5 "the origin" curl -sf -o /dev/null "http://${ORIGINS[0]}:$ORIGIN_PORT/1k" ||
    die "the origin does not answer: $(tail -n 3 "$ROOM/origin.log")"
}

# The part of it that speaks WebSocket; only while a case needs it.
start_echo() {
  tool_command WebSocketEcho $ECHO_PORT
  "${COMMAND[@]}" >"$ROOM/echo.log" 2>&1 &
  ECHO=$!
  wait_for 10 "the WebSocket app" bash -c "exec 3<>/dev/tcp/127.0.0.1/$ECHO_PORT" || die "no WebSocket app"
}
end_echo() {
  [ -n "${ECHO:-}" ] || return 0
  kill "$ECHO" && { wait "$ECHO" || true; }
  ECHO=
}
