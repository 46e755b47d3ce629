# shellcheck shell=bash
# nginx and Caddy of Debian's packages beside our proxy, at the ports 8443 and 9443 of n1, for comparison.
# Source it after images.sh.

# peers_image NODE…: Caddy's; nginx is the one of the origins.
peers_image() {
  local tar node
  tar=$(cached_tar caddy "$(cat <(caddy_version) "$E2E/bed/"{images,peers}.sh | digest)" caddy_root)
  for node in "$@"; do
    on "$node" import --change 'CMD ["caddy","run","--config","/peers/Caddyfile"]' \
      --change 'ENV HOME=/tmp' "$tar" caddy:debian >/dev/null
  done
}

# caddy is unpacked, not installed: installing it would put a web server on the machine.
caddy_root() {
  local root=$1 package=$1.package libraries
  mkdir -p "$package"
  (cd "$package" && apt-get download -qq -o APT::Sandbox::User=root caddy && dpkg-deb -x caddy_*.deb .)
  mapfile -t libraries < <(ldd "$package/usr/bin/caddy" | awk '$2 == "=>" { print $1 }')
  small_root "$root" libc.so.6 "${libraries[@]}"
  cp "$package/usr/bin/caddy" "$root/usr/bin/"
  rm -rf "$package"
}

caddy_version() { apt-cache policy caddy | awk '/Candidate:/ { print $2 }'; }

peer_port() {
  case $1 in
    fairlead) echo 443 ;;
    nginx) echo 8443 ;;
    caddy) echo 9443 ;;
    *) die "no such proxy: $1" ;;
  esac
}
