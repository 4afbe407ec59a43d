#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""usage: forge.py SOURCE PORT VIP VIP-PORT BACKEND BACKEND-PORT COUNT INTERFACE

Run in the client's namespace, as who knows the address of a backend. Sends a datagram to the VIP from each of COUNT ports
from PORT on, and after each an ICMP error of its own making, that says that BACKEND cannot be reached. IPv4."""
import socket
import struct
import sys

from packet import checksum

ETH_P_IP = 0x0800


def ip_header(source, target, protocol, length):
    bare = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + length, 1, 0, 64, protocol, 0,
                       socket.inet_aton(source), socket.inet_aton(target))
    return bare[:10] + struct.pack("!H", checksum(bare)) + bare[12:]


def unreachable(source, port, backend, backend_port):
    """Port unreachable, about a datagram as the backend would have got it."""
    about = ip_header(source, backend, socket.IPPROTO_UDP, 12) + struct.pack("!HHHH4x", port, backend_port, 12, 0)
    icmp = struct.pack("!BBHI", 3, 3, 0, 0) + about
    icmp = icmp[:2] + struct.pack("!H", checksum(icmp)) + icmp[4:]
    return ip_header(source, source, socket.IPPROTO_ICMP, len(icmp)) + icmp


def neighbour(interface):
    """The link-layer address of the only neighbour there."""
    with open("/proc/net/arp", encoding="ascii") as table:
        for line in table:
            fields = line.split()
            if fields[-1] == interface:
                return bytes.fromhex(fields[3].replace(":", ""))
    return sys.exit("no neighbour")


def main():
    source, port, vip, vip_port, backend, backend_port, count, interface = sys.argv[1:]
    link = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
    for at in range(int(port), int(port) + int(count)):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind((source, at))
            sock.sendto(b"who\n", (vip, int(vip_port)))
            link.sendto(unreachable(source, at, backend, int(backend_port)),
                        (interface, ETH_P_IP, 0, 0, neighbour(interface)))


main()
