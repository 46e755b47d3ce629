# shellcheck shell=bash
# Sourced with root set: build_benchmarks FOLDER… makes benchmarks/target/dist when there is none, or when
# these folders have newer sources.
build_benchmarks() {
  local jar=$root/benchmarks/target/dist/benchmarks.jar
  if [ -e "$jar" ] &&
    [ -z "$(find "$@" \( -path '*/src/main/*' -o -name pom.xml \) -newer "$jar" -print -quit)" ]; then
    return
  fi
  echo "Building the benchmarks …" >&2
  (cd "$root" && ./mvnw -q -B -Dmaven.test.skip=true -Dexec.skip=true -pl benchmarks -am package) >&2
  touch "$jar" # Maven leaves it as it is when nothing that it would hold has changed
}
