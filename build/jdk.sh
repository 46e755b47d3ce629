# shellcheck shell=bash
# Sourced: sets JAVA_HOME to a JDK 25 or newer, or ends with one sentence.
is_jdk_25() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] &&
    [ "$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")" -ge 25 ] 2>/dev/null
}
find_jdk() {
  local home on_path
  on_path=$(command -v javac || true)
  on_path=${on_path:+$(dirname "$(dirname "$(readlink -f "$on_path")")")}
  for home in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/*; do
    if [ -n "$home" ] && is_jdk_25 "$home"; then
      echo "$home"
      return
    fi
  done
  echo "No JDK 25 was found (looked at JAVA_HOME, javac on the PATH, /usr/lib/jvm): install one, such as Temurin's from adoptium.net, or set JAVA_HOME." >&2
  return 1
}
JAVA_HOME=$(find_jdk) || exit 1
export JAVA_HOME
