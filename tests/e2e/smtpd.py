#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""SMTP servers. For each NAME on stdin: starts one in network namespace NAME, on port 25, that calls itself NAME, and
prints its process id. On SIGUSR1 it ceases to listen, sessions go on; on SIGUSR2 it listens again.

They are forked: to start Python once is slow enough on the slowest kernels.
"""
import asyncio
import ctypes
import os
import signal
import sys

from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP


async def serve(name):
    loop = asyncio.get_running_loop()
    server = None

    async def listen():
        nonlocal server
        server = await loop.create_server(lambda: SMTP(Sink(), hostname=name, ident="ESMTP", timeout=3600), port=25)

    loop.add_signal_handler(signal.SIGUSR1, lambda: server.close())
    loop.add_signal_handler(signal.SIGUSR2, lambda: loop.create_task(listen()))
    await listen()
    await asyncio.Event().wait()


def enter(name):
    libc = ctypes.CDLL(None, use_errno=True)
    with open(f"/run/netns/{name}") as netns:
        if libc.setns(netns.fileno(), 0):
            raise OSError(ctypes.get_errno(), name)


signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    pid = os.fork()
    if not pid:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        enter(line.strip())
        asyncio.run(serve(line.strip()))
    print(pid, flush=True)
