# shellcheck shell=bash
# What the bed needs of the machine: rights and Debian packages. Source it after common.sh.

# Prints why these tests cannot run here, in half a sentence; nothing when they can.
reason_to_skip() {
  if [ "$(id -u)" != 0 ]; then
    echo "they start Docker engines of their own, which only root may do"
  elif [ -z "$(command -v apt-get)" ]; then
    echo "they take Docker and Pebble from Debian's packages, and this machine has no apt-get"
  elif ! unshare --net --mount --pid --fork true 2>/dev/null; then
    echo "they need namespaces of their own, which this machine does not allow"
  fi
}

# The same for the cases on NFS.
reason_without_guests() {
  case $(uname -m) in
    x86_64) [ -c /dev/net/tun ] || echo "their guests need /dev/net/tun" ;;
    *) echo "Debian has its user-mode-linux for PCs only" ;;
  esac
}

# command:package; docker.io of Debian 12 holds the client too, later ones have it apart.
NEEDED_COMMANDS=(dockerd:docker.io containerd:containerd runc:runc tini:tini ip:iproute2
  iptables:iptables pebble:pebble pebble-challtestsrv:pebble openssl:openssl curl:curl
  nsenter:util-linux flock:util-linux)

# What the module conformance runs.
NEEDED_COMMANDS+=(nginx:nginx-light apache2:apache2-bin node:nodejs testssl:testssl.sh
  slowhttptest:slowhttptest nghttp:nghttp2-client h2load:nghttp2-client)

# The DNS server that the module acme updates.
NEEDED_COMMANDS+=(named:bind9)

# What the guests of nfs.sh are made of, where there are any.
GUEST_COMMANDS=(linux.uml:user-mode-linux modprobe:kmod setpriv:util-linux mkfs.ext4:e2fsprogs
  mount.nfs:nfs-common rpc.statd:nfs-common rpc.nfsd:nfs-kernel-server rpcbind:rpcbind)
[ -n "$(reason_without_guests)" ] || NEEDED_COMMANDS+=("${GUEST_COMMANDS[@]}")

# What the module acme runs, to take over from it.
NEEDED_COMMANDS+=(certbot:certbot)

missing_packages() {
  local entry
  for entry in "${NEEDED_COMMANDS[@]}"; do
    [ -n "$(command -v "${entry%%:*}")" ] || echo "${entry#*:}"
  done
  if [ ! -e /usr/bin/docker ] && package_exists docker-cli; then echo docker-cli docker-buildx; fi
  static_busybox || echo busybox-static
  [ -e /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
  return 0
}

package_exists() { [ -n "$(apt-cache madison "$1" 2>/dev/null)" ]; }
static_busybox() { [ -x /bin/busybox ] && ! ldd /bin/busybox >/dev/null 2>&1; }

# Installs what is missing, and upgrades nothing that is there. Where apt cannot fetch packages, this is
# said in one sentence and the caller ends: with 0, but with 1 where CI is true, as nobody would see
# there that nothing was tested.
install_packages() {
  local missing
  mapfile -t missing < <(missing_packages | tr ' ' '\n' | sort -u)
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${missing[*]}"
  apt-get update -qq >&2 || say "apt-get update failed; trying with the lists that are there"
  # the lists may only now tell whether the client is a package of its own
  mapfile -t missing < <(missing_packages | tr ' ' '\n' | sort -u)
  if ! fetch_packages "${missing[@]}"; then
    echo "The whole-system tests are left out: apt-get cannot fetch ${missing[*]} (install them, or give this machine a way to a Debian mirror)."
    [ "${CI:-}" != true ] || exit 1
    exit 0
  fi
  without_starting_services env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends --no-upgrade "${missing[@]}" \
    >"$BED_STATE/apt.log" 2>&1 || {
    tail -n 20 "$BED_STATE/apt.log" >&2
    die "could not install ${missing[*]}"
  }
}

fetch_packages() {
  apt-get install -y -qq --download-only --no-install-recommends --no-upgrade "$@" \
    >"$BED_STATE/apt.log" 2>&1
}

# Debian starts the services of a package as it installs it, unless policy-rc.d says no. A file that
# is already there is left as it is.
without_starting_services() {
  local policy=/usr/sbin/policy-rc.d status=0
  if [ -e $policy ]; then
    "$@"
    return
  fi
  printf '#!/bin/sh\n# made by fairlead e2e for the time of one apt-get\nexit 101\n' >$policy
  chmod 755 $policy
  "$@" || status=$?
  rm -f $policy
  return $status
}
