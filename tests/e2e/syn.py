#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""usage: syn.py SOURCE PORT VIP VIP-PORT

Run in the client's namespace, as who knows its ports. Sends a SYN of its own making. IPv4."""
import socket
import struct
import sys

from packet import checksum

SYN = 0x02


def main():
    source, port, target, target_port = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
    raw.bind((source, 0))
    header = [port, target_port, 12345, 0, 5 << 12 | SYN, 4321, 0, 0]
    bare = struct.pack("!HHIIHHHH", *header)
    ends = socket.inet_aton(source) + socket.inet_aton(target)
    header[6] = checksum(ends + struct.pack("!II", len(bare), socket.IPPROTO_TCP) + bare)
    raw.sendto(struct.pack("!HHIIHHHH", *header), (target, 0))


main()
