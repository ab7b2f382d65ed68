#!/usr/bin/env bash
# Measures the packaged service as a whole: time from start to ready, heap and resident memory of 10 000 PAUSED machines, processor time
# of 1 000 idle RUNNING ones. Needs curl; run `./mvnw -DskipTests package` first (with -Paot and verify for the AOT cache).
set -euo pipefail
cd "$(dirname "$0")/../.."
. ./.mvn/jdk.sh
java=$JAVA_HOME/bin/java
port=${PORT:-18081}
service=http://127.0.0.1:$port
work=$(mktemp -d)
pid=
stop() { [ -z "$pid" ] || { kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; pid=; }; }
trap 'stop; rm -rf "$work"' EXIT

# start NAME [java options]: prints the seconds from exec to the first answer of the readiness check.
start() {
  local name=$1 begin end
  shift
  begin=$(date +%s%N)
  (cd target/quarkus-app && exec "$java" "$@" -Dquarkus.http.port="$port" -Dlab.data.directory="$work/data" -Dlab.limits.machines=20000 \
    -jar quarkus-run.jar >"$work/log" 2>&1) &
  pid=$!
  until curl -sf "$service/q/health/ready" >/dev/null 2>&1; do
    kill -0 "$pid" 2>/dev/null || { cat "$work/log"; exit 1; }
    sleep 0.02
  done
  end=$(date +%s%N)
  echo "start to ready, $name: $(((end - begin) / 1000000)) ms"
}

# create COUNT STATE: machines over one connection.
create() {
  local separator=
  for _ in $(seq 1 "$1"); do
    printf '%burl = "%s/api/v1/machines"\nrequest = POST\nheader = "Content-Type: application/json"\ndata = "%s"\noutput = /dev/null\n' \
      "$separator" "$service" "{\\\"clock\\\":{\\\"state\\\":\\\"$2\\\"}}"
    separator='next\n'
  done >"$work/requests"
  curl -sf --config "$work/requests"
}

cpu_ticks() { awk '{print $14 + $15}' "/proc/$pid/stat"; }
machines() { curl -sf "$service/q/metrics" | awk '/^lab_machines / {print $2}' | head -n 1; }

for _ in 1 2 3; do start 'plain'; stop; done
if [ -f target/quarkus-app/app.aot ]; then
  for _ in 1 2 3; do start 'AOT cache' -XX:AOTCache=app.aot; stop; done
fi

start '2 GiB heap' -Xmx2g
create 10000 PAUSED
"$JAVA_HOME/bin/jcmd" "$pid" GC.run >/dev/null
echo "10 000 PAUSED machines: $("$JAVA_HOME/bin/jcmd" "$pid" GC.heap_info | grep -oE 'used [0-9]+K' | head -n 1) of heap," \
  "$(awk '/VmRSS/ {print $2}' "/proc/$pid/status") kB resident, $(machines) machines"
stop

start 'for RUNNING machines'
create 1000 RUNNING
sleep 5
before=$(cpu_ticks)
sleep 20
echo "1 000 idle RUNNING machines: $(awk -v ticks="$(($(cpu_ticks) - before))" -v hz="$(getconf CLK_TCK)" \
  'BEGIN {printf "%.2f", ticks / hz / 20 * 100}') % of a core, $(machines) machines"
