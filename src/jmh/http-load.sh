#!/bin/sh
# Measures submitting copies and polling their cookies over HTTP, beside empty endpoints of the same application with the same methods and
# validation, in one run: src/jmh/http-load.sh [SECONDS]. Needs wrk and curl.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-10}
connections=32
machines=32
port=$(( 20000 + $$ % 20000 ))
base=http://127.0.0.1:$port
command -v wrk >/dev/null || { echo "wrk is missing: apt-get install wrk" >&2; exit 1; }

[ "${BUILD:-yes}" = no ] || ./mvnw -q package -DskipTests -Dlab.benchmark=true
. .mvn/jdk.sh
"${JAVA_HOME:+$JAVA_HOME/bin/}java" -Xmx2g -XX:+UseParallelGC -Dquarkus.http.port=$port -Dquarkus.log.level=WARN -Dlab.demo=false \
  -Dlab.data.directory=target/load-data -Dlab.limits.journals=1G -Dlab.limits.journal-entries-per-machine=10000000 \
  -jar target/quarkus-app/quarkus-run.jar &
server=$!
trap 'kill $server' EXIT
until curl -sf $base/q/health/ready >/dev/null; do sleep 0.2; done

post() { curl -sf -o /dev/null -H 'Content-Type: application/json' -d "$2" "$base$1"; }
i=0
while [ $i -lt $machines ]; do
  m=/api/v1/machines/load$i
  post /api/v1/machines "{\"name\":\"load$i\",\"clock\":{\"state\":\"PAUSED\"}}"
  post $m/memory/buffers '{"size":4096,"fill":"INCREMENTING"}'
  post $m/memory/buffers '{"size":4096}'
  post $m/dma/clients '{"name":"load"}'
  post $m/dma/clients/load/channel-requests '{"number":1}'
  post $m/dma/channels/dma0chan0/copies '{"dest":{"buffer":"b2"},"src":{"buffer":"b1"},"len":64}'
  i=$((i + 1))
done

# One line: requests a second, errors, median and 99th percentile in microseconds.
run() { wrk -t2 -c$connections -d"$2"s -s src/jmh/http/submit-poll.lua $base -- "$1" "$3" | sed -n 's/^RESULT //p'; }
run /api/v1/empty 5 $machines >/dev/null
run /api/v1/machines 5 $machines >/dev/null
round=1
while [ $round -le 3 ]; do
  empty=$(run /api/v1/empty "$seconds" $machines)
  many=$(run /api/v1/machines "$seconds" $machines)
  one=$(run /api/v1/machines "$seconds" 1)
  for row in "empty $empty" "machines $many" "one-machine $one"; do
    echo "$row" | awk -v round=$round -v empty="${empty%% *}" \
      '{ printf "round %d  %-12s %8d req/s  %5.1f %%  errors %d  p50 %d us  p99 %d us\n", round, $1, $2, 100 * $2 / empty, $3, $4, $5 }'
  done
  round=$((round + 1))
done
