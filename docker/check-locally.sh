#!/usr/bin/env bash
# Builds the image on a base made from Debian's packages and this machine's JDK, runs it as hardened as compose.yaml
# does, and asks for its health. Needs no image registry. As root on Debian, with the packages
# podman buildah runc mmdebstrap uidmap curl.
set -euo pipefail
cd "$(dirname "$0")/.."
work=target/docker-check
base=localhost/ioat-lab-base
image=localhost/ioat-lab
name=ioat-lab-check-$$
. .mvn/jdk.sh

for tool in podman buildah runc mmdebstrap curl; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install podman buildah runc mmdebstrap uidmap curl" >&2; exit 1; }
done

buildah_here() { buildah --storage-driver overlay "$@"; }
podman_here() { podman --storage-driver overlay --runtime runc "$@"; }

mkdir -p "$work/base"
if [ ! -e "$work/base/root.tar" ]; then
  echo "== a root file system from Debian's packages"
  mmdebstrap --quiet --variant=minbase --include=ca-certificates bookworm "$work/base/root.tar"
fi
if [ ! -d "$work/base/java" ]; then
  echo "== a Java runtime from $JAVA_HOME"
  "$JAVA_HOME/bin/jlink" --output "$work/base/java" \
    --add-modules java.se,jdk.unsupported,jdk.crypto.ec,jdk.zipfs,jdk.management,jdk.net,jdk.jfr,jdk.jcmd \
    --strip-debug --no-header-files --no-man-pages --compress zip-6 --generate-cds-archive
fi
cat >"$work/base/Dockerfile" <<'BASE'
FROM scratch
ADD root.tar /
COPY java /opt/java
ENV PATH=/opt/java/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
BASE

echo "== the service"
./mvnw -q -DskipTests package

echo "== the images"
buildah_here bud --quiet --layers --isolation chroot -t "$base" "$work/base"
buildah_here bud --quiet --layers --isolation chroot --format docker --build-arg "BASE=$base" \
  -f docker/Dockerfile -t "$image" .

echo "== the container"
stop() { podman_here rm --force --volumes --time 5 "$name" >/dev/null 2>&1 || true; }
trap stop EXIT
podman_here run --detach --name "$name" \
  --read-only --tmpfs /tmp --cap-drop all --security-opt no-new-privileges --memory 512m \
  --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 -p 127.0.0.1::8080 "$image" >/dev/null
address=$(podman_here port "$name" 8080/tcp)
for _ in $(seq 100); do
  curl -fsS "http://$address/q/health" >/dev/null 2>&1 && break
  sleep 0.1
done

failures=0
expect() {
  if [[ $3 == *"$2"* ]]; then echo "ok    $1"; else echo "FAIL  $1: expected $2, got: $3"; failures=$((failures + 1)); fi
}
expect "health over HTTP" '"status": "UP"' "$(curl -sS "http://$address/q/health")"
expect "start page" "ioat-lab" "$(curl -sS "http://$address/")"
expect "health check of the image" "healthy" "$(podman_here healthcheck run "$name" && echo healthy || echo sick)"
expect "numeric user" "10001:10001" "$(podman_here exec "$name" bash -c 'echo "$(id -u):$(id -g)"')"
expect "read-only root" "Read-only file system" "$(podman_here exec "$name" touch /app/file 2>&1 || true)"
expect "writable data" "written" "$(podman_here exec "$name" bash -c 'touch /data/file && echo written' 2>&1 || true)"
podman_here stop --time 10 "$name" >/dev/null
expect "orderly stop" "stopped in" "$(podman_here logs "$name" 2>&1)"
podman_here logs "$name" 2>&1 | sed 's/^/      /'
[ "$failures" = 0 ]
