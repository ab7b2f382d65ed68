#!/usr/bin/env bash
# Has a remote host send a stream to a program on a machine, and shows its goodput, where the processors' cycles went, and that every byte
# came. Without TCP's timestamps each frame carries twelve bytes more. Needs curl and jq.
#   receive-a-stream.sh [bytes] [timestamps: 1 or 0] [service]
set -euo pipefail
bytes=${1:-50000000}
timestamps=${2:-1}
service=${3:-http://localhost:8080}/api/v1
machine=stream-$$

get() { curl -sf "$service/machines/$machine/$1"; }
post() { curl -sf -X POST "$service/machines/$machine/$1" -H 'Content-Type: application/json' -d "$2"; }

# A paused machine moves only as asked.
curl -sf -X PUT "$service/machines/$machine" -H 'Content-Type: application/json' -d '{"clock": {"state": "PAUSED"}}' >/dev/null

# sysctl -w net.ipv4.tcp_timestamps=…
curl -sf -X PUT "$service/machines/$machine/proc/sys/net.ipv4.tcp_timestamps" -H 'Content-Type: text/plain' -d "$timestamps" |
  jq -r '"\(.name) = \(.value)"'

# A program that listens, accepts and reads; and a host that connects and sends.
process=$(post processes '{"program": "SINK", "port": 5001}' | jq -r .id)
traffic=$(post traffic "{\"type\": \"TCP_STREAM\", \"port\": 5001, \"bytes\": $bytes}" | jq -r .id)
post clock/advance '{"untilIdle": true, "limit": "1000s"}' | jq -r '"idle after \(.nowNs) ns, \(.eventsFired) events"'

get "traffic/$traffic" | jq -r '"sent: \(.sentBytes) bytes at \(.goodputMbps) Mb/s, \(.retransmittedSegments) segments again"'
get "processes/$process" | jq -r '"received: \(.receivedBytes) bytes"'

echo 'where the cycles went:'
curl -sf "$service/machines/$machine/profile" -H 'Accept: text/plain' | sed -n 1,12p

sent=$(get "traffic/$traffic" | jq -r .sha256)
received=$(get "processes/$process" | jq -r '.connections[0].sha256')
echo "sha256 sent:     $sent"
echo "sha256 received: $received"
curl -sf -X DELETE "$service/machines/$machine" >/dev/null
[ "$sent" = "$received" ]
