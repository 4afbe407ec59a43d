#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""usage: segment.py ADDRESS PORT BACKEND BACKEND-PORT

Run in the client's namespace. Opens a connection and sends, in turn, two segments that lie far beyond its windows: one
as the client, and one as BACKEND, from that namespace. Both have an odd window, 4321, for rules to know them by. Then it
asks on the connection as usual and prints the answer."""
import ctypes
import socket
import struct
import sys

from packet import checksum

TCP_REPAIR, TCP_REPAIR_QUEUE, TCP_QUEUE_SEQ = 19, 20, 21
REPAIR_OFF_NO_PROBE, RECV_QUEUE, SEND_QUEUE = -1, 1, 2
FAR = 1 << 30
CLONE_NEWNET = 0x40000000


def send_segment(family, source, target, seq, ack):
    """An empty acknowledgement from SOURCE to TARGET."""
    raw = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_TCP)
    raw.bind((source[0], 0))
    ends = b"".join(socket.inet_pton(family, end[0]) for end in (source, target))
    header = [source[1], target[1], seq % (1 << 32), ack % (1 << 32), 5 << 12 | 0x10, 4321, 0, 0]
    bare = struct.pack("!HHIIHHHH", *header)
    header[6] = checksum(ends + struct.pack("!II", len(bare), socket.IPPROTO_TCP) + bare)
    raw.sendto(struct.pack("!HHIIHHHH", *header), (target[0], 0))


def position(sock, queue):
    """What comes next in that queue of a connection."""
    sock.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR_QUEUE, queue)
    return sock.getsockopt(socket.IPPROTO_TCP, TCP_QUEUE_SEQ) & 0xffffffff


def main():
    address, port, backend, backend_port = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    sock = socket.create_connection((address, port))
    lines = sock.makefile("rw")
    lines.readline()

    sock.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
    sent, received = position(sock, SEND_QUEUE), position(sock, RECV_QUEUE)
    sock.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, REPAIR_OFF_NO_PROBE)

    client = sock.getsockname()[:2]
    send_segment(sock.family, client, (address, port), sent + FAR, received)
    with open("/run/netns/b1", "rb") as netns:
        if ctypes.CDLL(None, use_errno=True).setns(netns.fileno(), CLONE_NEWNET):
            sys.exit("no namespace b1")
    send_segment(sock.family, (backend, backend_port), client, received + FAR, sent)

    lines.write("who\n")
    lines.flush()
    print(lines.readline().split()[0])


main()
