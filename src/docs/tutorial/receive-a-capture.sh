#!/usr/bin/env bash
# Receives a capture on a machine with split headers and four receive queues, copies one connection's payload by the DMA engine into a
# buffer, and prints its SHA-256. Needs curl and jq.
#   receive-a-capture.sh [capture file] [client endpoint of the connection] [service]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
capture=${1:-$here/../../test/resources/captures/linux-tcp-transfer.pcap}
client=${2:-}
service=${3:-http://localhost:8080}/api/v1
machine=capture-$$

post() { curl -sf -X POST "$service/machines/$machine/$1" -H 'Content-Type: application/json' -d "${2:-{\}}"; }

# A paused machine moves only as asked.
curl -sf -X PUT "$service/machines/$machine" -H 'Content-Type: application/json' -d '{
  "clock": {"state": "PAUSED"}, "nic": {"splitHeaders": true, "receiveQueues": 4}}' >/dev/null
curl -sf -X PUT "$service/machines/$machine/nics/eth0/tap" -H 'Content-Type: application/json' -d '{"hold": 5000}' >/dev/null

echo "frames on the wire: $(curl -sf -X POST "$service/machines/$machine/nics/eth0/frames?timing=CAPTURED" \
  -H 'Content-Type: application/vnd.tcpdump.pcap' --data-binary @"$capture" | jq .accepted)"
post clock/advance '{"untilIdle": true, "limit": "100s"}' | jq -r '"received after \(.nowNs) ns, \(.eventsFired) events"'

# What the packet tap holds: where each header and each payload lies, and which queue it came by.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
after=0
: >"$work/packets"
while curl -sf "$service/machines/$machine/nics/eth0/packets?pageSize=500&after=$after" | jq -c '.items[]' >"$work/page" && [ -s "$work/page" ]; do
  cat "$work/page" >>"$work/packets"
  after=$(tail -n 1 "$work/page" | jq .sequence)
done

echo 'connection -> queues'
jq -rs '[.[] | select(.segment)] | group_by(.segment.flow)[] |
  "\(.[0].segment.flow): \([.[].queue] | unique | join(",")), \([.[].segment.payloadLength] | add) bytes, \([.[] | select(.split)] | length) of \(length) headers split"' "$work/packets"

# One connection: its copies, payload by payload, to their places in one buffer.
flow=$(jq -rs --arg client "$client" '[.[] | select(.segment) | select(.segment.flow | startswith($client))] |
  group_by(.segment.flow) | max_by([.[].segment.payloadLength] | add)[0].segment.flow' "$work/packets")
jq -c --arg flow "$flow" 'select(.segment.flow == $flow)' "$work/packets" >"$work/segments"
size=$(jq -s '[.[].segment.payloadLength] | add' "$work/segments")
buffer=$(post memory/buffers "{\"size\": $size, \"fill\": \"ZERO\"}" | jq -r .id)
post dma/clients '{"name": "gather"}' >/dev/null
channel=$(post dma/clients/gather/channel-requests '{"number": 1}' | jq -r '.channels[0]')

jq -cs --arg buffer "$buffer" '(.[0].segment.sequence + 1) as $first | .[] | select(.segment.payloadLength > 0) |
  (.segment.sequence - $first) as $at | .segment.payloadOffset as $payload |
  ([[.header.length - $payload, .segment.payloadLength] | min, 0] | max) as $inHeader |
  (if $inHeader > 0 then {dest: {buffer: $buffer, offset: $at}, src: {buffer: .header.buffer, offset: $payload}, len: $inHeader} else empty end),
  (.fragments[] as $part | {dest: {buffer: $buffer, offset: ($at + $inHeader)}, src: {page: $part.page, offset: $part.offset}, len: $part.length})' \
  "$work/segments" | split -l 500 - "$work/copies."
for part in "$work"/copies.*; do
  last=$(jq -cs '{copies: .}' "$part" | post "dma/channels/$channel/copies" @- | jq .lastCookie)
done
post "dma/channels/$channel/cookies/$last/wait" '{"timeout": "1s"}' | jq -r '"engine: \(.status), cookie \(.cookie) of \(.lastUsedCookie)"'

echo "$flow: $size bytes"
curl -sf "$service/machines/$machine/memory/buffers/$buffer/content" | sha256sum
curl -sf -X DELETE "$service/machines/$machine" >/dev/null
