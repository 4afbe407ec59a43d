#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: smtpd.py NAME PORT

An SMTP server that calls itself NAME. On SIGUSR1 it stops to listen, sessions go on; on SIGUSR2 it listens again.
"""
import asyncio
import signal
import sys

from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP


async def main(name, port):
    loop = asyncio.get_running_loop()
    server = None

    async def listen():
        nonlocal server
        server = await loop.create_server(lambda: SMTP(Sink(), hostname=name, ident="ESMTP", timeout=3600), port=port)

    loop.add_signal_handler(signal.SIGUSR1, lambda: server.close())
    loop.add_signal_handler(signal.SIGUSR2, lambda: loop.create_task(listen()))
    await listen()
    await asyncio.Event().wait()


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
