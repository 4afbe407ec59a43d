# SPDX-License-Identifier: GPL-2.0
"""What the programs share that make packets of their own."""
import struct


def checksum(data):
    """That of the Internet (RFC 1071), of an even number of bytes."""
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff
