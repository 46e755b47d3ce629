# shellcheck shell=bash
# What the cases on NFS are written with: instances of the proxy on guests, one each, with one storage on a real
# share. Source it in place of lib.sh. NFS_CLIENTS says which guests take part.

. "$E2E/lib.sh"
CASE=$(basename "$0")

# share_up [OPTIONS]: the share with an empty storage, mounted by all (nfs_mount); and an app that all proxy.
share_up() {
  local client
  trap share_down EXIT
  nfs_up
  guest_clock nas 0 # the only one that another case may have left
  nfs_export "$CASE"
  for client in $NFS_CLIENTS; do nfs_mount "$client" "$CASE" "$@"; done
  note "$(nfs_mounted "${NFS_CLIENTS%% *}" | sed 's/^\(nfs4*\) .*\(vers=[0-9.]*\).*\(local_lock=[a-z]*\).*/\1 \2 \3/')"
  from_client "$JDK/bin/java" -XX:+UseSerialGC -Xmx64m -cp "$BED_STATE/tools" App 8080 9>&- &
}
# The clients lose power, whatever they are at: the next case gets new ones.
share_down() {
  local client
  for client in $NFS_CLIENTS; do guest_power_off "$client"; done
}

# numbered NAME COUNT: that many names, a line each
numbered() { seq -f "$1%g.$DOMAIN" "$2"; }

# instance_names CLIENT NAME…: what its instance serves from now on; without one, from its start on.
instance_names() {
  local client=$1 name
  shift
  guest_run "$client" "cat >/run/services.new <<'YAML' && mv /run/services.new /run/services.yml
services:
$(for name in "$@"; do echo "  ${name%%.*}: {host: $name, endpoints: [\"$CLIENT_IP:8080\"]}"; done)
YAML"
}

# instance_start CLIENT: as the image starts it. Its log goes on where an earlier one's in the same case ended.
instance_start() {
  cp "$PEBBLE/ca.pem" "$(guest_control "$1")/ca.pem"
  guest_run "$1" "install -m 644 /mnt/control/ca.pem /run/ca.pem
    setsid setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs --bounding-set=-all \
      /mnt/jdk/bin/java @/mnt/app/fairlead.jvm -Djava.library.path=/mnt/app/native -jar /mnt/app/fairlead.jar run \
      --docker.enabled=false --file.path=/run/services.yml --storage.path=/mnt/share \
      --acme.directory=$PEBBLE_DIRECTORY --acme.ca-root=/run/ca.pem --acme.email=admin@$DOMAIN \
      --log.access=false --log.format=text </dev/null >>/mnt/control/$CASE.log 2>&1 &
    echo \$! >/run/instance.pid"
}
instances_start() { each_at_once instance_start; }

# instances_names NAME…: the same for all, who find it at the same moment: they are frozen in between.
instances_names() {
  local client
  for client in $NFS_CLIENTS; do instance_signal "$client" STOP; done
  for client in $NFS_CLIENTS; do instance_names "$client" "$@"; done
  sleep 1 # until all are to look again
  each_at_once resume
}
resume() { instance_signal "$1" CONT; }

instance_signal() { guest_run "$1" "kill -$2 \$(cat /run/instance.pid)"; }
instance_kill() { instance_signal "$1" KILL; }

# each_at_once COMMAND: for each client
each_at_once() {
  local client jobs=() job
  for client in $NFS_CLIENTS; do
    "$1" "$client" &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do wait "$job"; done
}

# await_served CLIENT NAME…: with a certificate of the CA's; each is waited for that many seconds
PATIENCE=60
await_served() {
  local client=$1 name
  shift
  for name in "$@"; do wait_for "$PATIENCE" "a trusted certificate of $name at $client" served "$client" "$name"; done
}
served() { AT=$1 trusted "https://$2/"; }
await_served_by_all() {
  local client
  for client in $NFS_CLIENTS; do await_served "$client" "$@"; done
}
# known CLIENT NAME: it serves the name, with whatever certificate
known() { AT=$1 answers 200 "https://$2/"; }

serial_at() { AT=$1 serial_of "$2"; } # CLIENT NAME
serials_at() { # CLIENT NAME…: a line each
  local client=$1 name
  shift
  for name in "$@"; do echo "$name $(serial_at "$client" "$name")"; done
}
# issued_at CLIENT NAME: when, in seconds of the epoch
issued_at() {
  date +%s -d "$(from_client openssl s_client -connect "$(node_ip "$1"):443" -servername "$2" </dev/null 2>/dev/null |
    openssl x509 -noout -startdate | cut -d= -f2)"
}

# settled: nobody orders any more, nor comes late with an order too many
settled() {
  wait_for 30 "no order under way" quiet
  sleep 2
}

# expect_one_order_each NAME…: none of them was ordered twice.
expect_one_order_each() {
  local name counts
  counts=$(for name in "$@"; do echo "$name $(orders_of "$name")"; done)
  expect "names that were ordered more or less often than once" "" "$(awk '$2 != 1' <<<"$counts" | paste -sd,)"
}

# expect_readable COUNT: each generation of each name on the share is whole, key and chain belong together; there
# are so many names at least. This machine looks, as the guests are slow: at a copy, which nobody else can read.
expect_readable() {
  local copy=$BED_STATE/copy seen
  rm -rf "$copy"
  mkdir -m 700 "$copy"
  # tar says 1 when something changed while it was read
  guest_run nas "umask 077; tar -C /mnt/disk/export/$CASE -cf /mnt/control/copy.tar certificates || [ \$? = 1 ]"
  tar -C "$copy" -xf "$(guest_control nas)/copy.tar"
  rm "$(guest_control nas)/copy.tar"
  seen=$(cd "$copy/certificates" && readable) || fail "the storage: $seen"
  rm -r "$copy"
  expect "damaged files" "" "$(grep -v '^current$' <<<"$seen" || true)"
  (($(grep -c '^current$' <<<"$seen") >= $1)) || fail "certificates on the share: expected $1 and more, saw $seen"
}
readable() {
  local pair key current
  for pair in */*/[0-9]*T*Z-*/; do
    key=$(openssl pkey -in "$pair/privkey.pem" -pubout) &&
      [ "$key" = "$(openssl x509 -in "$pair/fullchain.pem" -noout -pubkey)" ] || echo "damaged: $pair"
  done
  for current in */*/current; do
    if [ -s "$current/fullchain.pem" ]; then echo current; else echo "damaged: $current"; fi
  done
}
