#!/bin/sh
# Records linux-tcp-transfer.pcap and linux-tcp-transfer.sha256: six TCP connections at once between two network
# namespaces of one Linux machine, as seen on the receiving side. See src/docs/captures.md.
#
# Needs root, and the programs ip (iproute2), ethtool, tcpdump and python3.
# Usage: record-linux-tcp-transfer.sh [DIRECTORY TO WRITE INTO, default: where this script is]
set -eu

out=${1:-$(dirname "$0")}
out=$(cd "$out" && pwd)
tx=ioat-tx-$$
rx=ioat-rx-$$
work=$(mktemp -d)
dump=

cleanup() {
    [ -z "$dump" ] || kill "$dump" 2>/dev/null || true
    ip netns del "$tx" 2>/dev/null || true
    ip netns del "$rx" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT INT TERM

# One link, MTU 1500, static addresses, no duplicate address detection.
ip netns add "$tx"
ip netns add "$rx"
ip link add eth0 netns "$tx" address 02:00:00:00:00:02 mtu 1500 type veth \
    peer name eth0 netns "$rx" address 02:00:00:00:00:01 mtu 1500
for ns in "$tx" "$rx"; do
    # Frames as they are on a wire: no segments merged or left unsplit, every checksum computed.
    ip netns exec "$ns" ethtool -K eth0 gro off gso off tso off tx off rx off >/dev/null
    ip -n "$ns" link set lo up
    ip -n "$ns" link set eth0 up
done
ip -n "$tx" addr add 10.77.0.2/24 dev eth0
ip -n "$rx" addr add 10.77.0.1/24 dev eth0
ip -n "$tx" addr add fd77::2/64 dev eth0 nodad
ip -n "$rx" addr add fd77::1/64 dev eth0 nodad

: >"$work/tcpdump.log"
: >"$work/receive.log"
cat >"$work/transfer.py" <<'PYTHON'
import hashlib, socket, sys, threading

PORT = 5001
# File number, family, client port, length. The ports spread the flows over four receive queues; the lengths are no
# multiples of a segment or a page.
FILES = [
    (1, 4, 40001, 131_072 + 1),
    (2, 4, 40002, 120_011),
    (3, 4, 40008, 99_991),
    (4, 4, 40009, 140_009),
    (5, 6, 40010, 110_017),
    (6, 6, 40018, 100_003),
]
ADDRESS = {4: ("10.77.0.1", "10.77.0.2"), 6: ("fd77::1", "fd77::2")}
FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}
MASK = (1 << 64) - 1


def file_bytes(seed, length):
    """SplitMix64 from the seed, each output little-endian: java.util.SplittableRandom(seed).nextBytes()."""
    out = bytearray()
    state = seed
    while len(out) < length:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        out += (z ^ (z >> 31)).to_bytes(8, "little")
    return bytes(out[:length])


def text(address):
    return ("[%s]:%d" if ":" in address[0] else "%s:%d") % address[:2]


def send():
    contents = {number: memoryview(file_bytes(number, length)) for number, _, _, length in FILES}
    open_files = []
    for number, version, port, _ in FILES:
        connection = socket.socket(FAMILY[version])
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        connection.bind((ADDRESS[version][1], port))
        connection.connect((ADDRESS[version][0], PORT))
        open_files.append((connection, contents[number]))
    at = 0
    while open_files:
        for connection, data in list(open_files):
            connection.sendall(data[at:at + 8192])
            if at + 8192 >= len(data):
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1)
                connection.close()
                open_files.remove((connection, data))
        at += 8192


def receive():
    lines = []
    listeners = []
    for version in (4, 6):
        listener = socket.socket(FAMILY[version])
        if version == 6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((ADDRESS[version][0], PORT))
        listener.listen(16)
        listeners += [listener] * sum(1 for file in FILES if file[1] == version)
    print("ready", file=sys.stderr, flush=True)

    def one(listener):
        connection, client = listener.accept()
        digest, length = hashlib.sha256(), 0
        while data := connection.recv(65536):
            digest.update(data)
            length += len(data)
        lines.append("%s %s %d %s" % (text(client), text(connection.getsockname()), length, digest.hexdigest()))
        connection.close()

    threads = [threading.Thread(target=one, args=(listener,)) for listener in listeners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = {file[2]: hashlib.sha256(file_bytes(file[0], file[3])).hexdigest() for file in FILES}
    for line in lines:
        port, digest = int(line.split()[0].rsplit(":", 1)[1]), line.split()[3]
        assert expected[port] == digest, line
    print("# client server bytes sha256")
    print("\n".join(sorted(lines, key=lambda line: line.split()[0].rsplit(":", 1)[1])))


send() if sys.argv[1] == "send" else receive()
PYTHON

ip netns exec "$rx" tcpdump -i eth0 -n -p -s 0 -B 8192 --time-stamp-precision=nano --immediate-mode \
    -w "$work/capture.pcap" 2>"$work/tcpdump.log" &
dump=$!
until grep -q 'listening on' "$work/tcpdump.log"; do sleep 0.1; done

ip netns exec "$rx" python3 "$work/transfer.py" receive >"$work/received" 2>"$work/receive.log" &
receiver=$!
until grep -q ready "$work/receive.log"; do sleep 0.1; done
ip netns exec "$tx" python3 "$work/transfer.py" send
wait "$receiver"

sleep 1
kill -INT "$dump"
wait "$dump" || true
dump=
grep -q '^0 packets dropped by kernel' "$work/tcpdump.log" || { cat "$work/tcpdump.log"; exit 1; }
cp "$work/capture.pcap" "$out/linux-tcp-transfer.pcap"
cp "$work/received" "$out/linux-tcp-transfer.sha256"
cat "$work/tcpdump.log" "$out/linux-tcp-transfer.sha256"
