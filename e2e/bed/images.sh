# shellcheck shell=bash
# The images of the bed without a registry, made of what the machine has and imported as tars:
#   eclipse-temurin:25-jre   the modules of the published one, linked from the machine's JDK 25 or newer
#   nginx-origin:1           Debian's nginx with the configuration origin.conf
# The tars are kept in $BED_CACHE, named by a digest of what they are made from. Source it after
# common.sh.

# The modules of the published eclipse-temurin:25-jre.
JRE_MODULES=java.se,jdk.accessibility,jdk.charsets,jdk.crypto.cryptoki,jdk.crypto.ec,jdk.dynalink,\
jdk.httpserver,jdk.jcmd,jdk.jdwp.agent,jdk.jfr,jdk.jsobject,jdk.localedata,jdk.management,\
jdk.management.agent,jdk.naming.dns,jdk.naming.rmi,jdk.net,jdk.nio.mapmode,jdk.sctp,\
jdk.security.auth,jdk.security.jgss,jdk.unsupported,jdk.xml.dom,jdk.zipfs

# images_up JDK NODE…
images_up() {
  local jdk=$1 jre origin node imports=() import
  shift
  mkdir -p "$BED_CACHE"
  jre=$(cached_tar jre "$(jre_digest "$jdk")" jre_root "$jdk")
  origin=$(cached_tar origin "$(origin_digest)" origin_root)
  for node in "$@"; do
    import_jre "$node" "$jre" &
    imports+=($!)
    import_origin "$node" "$origin" &
    imports+=($!)
  done
  for import in "${imports[@]}"; do wait "$import"; done
}

# cached_tar NAME DIGEST MAKER…: prints the tar; the maker fills the directory it is given last.
cached_tar() {
  set -e # which the shell of a $(…) forgets: half an image must not be kept
  local name=$1 tar=$BED_CACHE/$1-$2.tar root
  shift 2
  if [ ! -s "$tar" ]; then
    rm -f "$BED_CACHE/$name"-*
    root=$(mktemp -d "$BED_STATE/$name.XXXXXX")
    chmod 755 "$root"
    "$@" "$root" >&2
    tar -C "$root" --numeric-owner --owner 0 --group 0 -cf "$tar.part" .
    mv "$tar.part" "$tar"
    rm -rf "$root"
  fi
  echo "$tar"
}

digest() { sha256sum | cut -c1-16; }
jre_digest() { cat "$1/release" /bin/busybox "$(library libc.so.6)" "$E2E/bed/images.sh" | digest; }
origin_digest() { cat <(nginx_version) "$(library libc.so.6)" "$E2E/bed/"{images.sh,origin.conf} | digest; }

jre_root() {
  local jdk=$1 root=$2
  small_root "$root" libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 librt.so.1 libresolv.so.2 \
    libnss_dns.so.2 libnss_files.so.2 libz.so.1 libgcc_s.so.1 libstdc++.so.6
  mkdir -p "$root/opt/java" "$root/etc/ssl/certs"
  cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  "$jdk/bin/jlink" --add-modules "$JRE_MODULES" --strip-java-debug-attributes --no-man-pages \
    --no-header-files \
    --generate-cds-archive --output "$root/opt/java/openjdk"
}

import_jre() {
  on "$1" import --change 'ENV JAVA_HOME=/opt/java/openjdk' \
    --change 'ENV PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    --change 'ENV LANG=en_US.UTF-8 LANGUAGE=en_US:en LC_ALL=en_US.UTF-8' \
    "$2" eclipse-temurin:25-jre >/dev/null
}

# nginx is unpacked, not installed: installing it would put a web server on the machine.
origin_root() {
  local root=$1 package=$1.package libraries
  mkdir -p "$package"
  (cd "$package" && apt-get download -qq -o APT::Sandbox::User=root nginx && dpkg-deb -x nginx_*.deb .)
  mapfile -t libraries < <(ldd "$package/usr/sbin/nginx" | awk '$2 == "=>" { print $1 }')
  small_root "$root" libc.so.6 "${libraries[@]}"
  mkdir -p "$root"/{usr/sbin,etc/nginx,var/lib/nginx,var/log/nginx}
  cp "$package/usr/sbin/nginx" "$root/usr/sbin/"
  cp "$E2E/bed/origin.conf" "$root/etc/nginx/nginx.conf"
  rm -rf "$package"
}

import_origin() {
  on "$1" import "$2" nginx-origin:root >/dev/null
  # as the published nginx image: QUIT, upon which nginx ends what it has begun
  printf '%s\n' 'FROM nginx-origin:root' 'EXPOSE 80' 'STOPSIGNAL SIGQUIT' \
    'CMD ["nginx", "-g", "daemon off;"]' | on "$1" build -q -t nginx-origin:1 - >/dev/null
}

# tools_compile: the load, and the app that it is for.
tools_compile() {
  # what sun.misc.Signal is for cannot be had in another way
  "$JDK/bin/javac" -XDignore.symbol.file -d "$BED_STATE/tools" "$E2E/tools/"*.java
}
# tools_image: that app as an image app:1.
tools_image() {
  printf '%s\n' 'FROM eclipse-temurin:25-jre' 'COPY . /app' \
    'CMD ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m", "-cp", "/app", "App", "8080"]' |
    on n1 build -q -t app:1 -f - "$BED_STATE/tools" >/dev/null
  image_to_all app:1
}

nginx_version() { apt-cache policy nginx | awk '/Candidate:/ { print $2 }'; }

# small_root DIRECTORY LIBRARY…: the smallest root file system that runs these: busybox and libc.
small_root() {
  local root=$1 applet name path
  shift
  mkdir -p "$root"/{bin,etc,usr/bin,usr/lib,tmp,root,proc,sys,dev,run,var/tmp,var/lib}
  ln -s usr/lib "$root/lib"
  ln -s ../run "$root/var/run"
  chmod 1777 "$root/tmp" "$root/var/tmp"
  cp /bin/busybox "$root/bin/"
  for applet in $(/bin/busybox --list); do
    [ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"
  done
  for name in "$@"; do
    # not there: newer glibc has made it part of libc.so.6
    if path=$(library "$name"); then cp -L "$path" "$root/usr/lib/"; fi
  done
  path=$(loader)
  mkdir -p "$root$(dirname "$path")"
  cp -L "$path" "$root$path"
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n' >"$root/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
  echo 'hosts: files dns' >"$root/etc/nsswitch.conf"
}

# library NAME: its path on this machine
library() { /sbin/ldconfig -p | awk -v name="$1" '$1 == name && !found { print $NF; found = 1 } END { exit !found }'; }
# the program that starts programs: /lib64/ld-linux-x86-64.so.2 and the like
loader() { ldd /bin/ls | awk '$1 ~ /^\/lib.*\/ld-/ { print $1 }'; }
