# Sourced by mvnw: keeps a JAVA_HOME of 25 or later, otherwise takes the lowest such JDK from where JDKs usually lie.
# IOATLAB_JDK_FOLDERS (folders or patterns, separated by colons) replaces the list of places.

jdk_needed=25

# Prints the feature release of the JDK in folder $1, or nothing when none is there.
jdk_release() {
  [ -x "$1/bin/javac" ] && [ -f "$1/lib/modules" ] || return 0
  jdk_found=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null)
  [ -n "$jdk_found" ] || jdk_found=$("$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
  printf '%s' "$jdk_found"
}

# Prints the JDK that javac on the PATH belongs to.
jdk_on_path() {
  jdk_javac=$(command -v javac 2>/dev/null) || return 0
  jdk_javac=$(readlink -f "$jdk_javac" 2>/dev/null || printf '%s' "$jdk_javac")
  dirname "$(dirname "$jdk_javac")"
}

jdk_places() {
  printf '%s' "$(jdk_on_path):/usr/lib/jvm/*:/usr/lib64/jvm/*:/usr/java/*:/usr/local/java/*:/opt/java/*:/opt/*jdk*:"
  printf '%s' "${SDKMAN_DIR:-$HOME/.sdkman}/candidates/java/*:$HOME/.jdks/*:$HOME/.gradle/jdks/*:"
  printf '%s' "$HOME/.local/share/mise/installs/java/*:$HOME/.asdf/installs/java/*:"
  printf '%s' "/Library/Java/JavaVirtualMachines/*/Contents/Home:$HOME/Library/Java/JavaVirtualMachines/*/Contents/Home:"
  printf '%s' "/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home:"
  printf '%s' "/usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home"
}

# Prints the JDK with the lowest sufficient release among the places.
jdk_choose() (
  IFS=:
  best=
  best_release=
  for place in ${IOATLAB_JDK_FOLDERS-$(jdk_places)}; do
    release=$(jdk_release "$place")
    [ "${release:-0}" -ge "$jdk_needed" ] || continue
    [ -z "$best" ] || [ "$release" -lt "$best_release" ] || continue
    best=$place
    best_release=$release
  done
  printf '%s' "$best"
)

jdk_kept=$(jdk_release "${JAVA_HOME-}")
if [ "${jdk_kept:-0}" -lt "$jdk_needed" ]; then
  JAVA_HOME=$(jdk_choose)
  if [ -z "$JAVA_HOME" ]; then
    echo "ioat-lab needs a JDK $jdk_needed or later and found none: install one (a package named like openjdk-25-jdk or temurin-25-jdk, 'sdk install java 25-tem', or adoptium.net), or set JAVA_HOME to it." >&2
    exit 1
  fi
  export JAVA_HOME
fi

# Maven's own libraries use what JDK 24 and later warn about.
MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS-}"
export MAVEN_OPTS
