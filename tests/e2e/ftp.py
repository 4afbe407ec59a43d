#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""An FTP client. For each line of stdin, NETNS HOST PORT active|passive [stay]: gets `file` twice on one control connection,
and prints how many bytes came, or the error. With "stay" it closes that one after the next line, and says so. One process for all, because each costs seconds on the slowest kernel."""
import ctypes
import ftplib
import os
import sys

CLONE_NEWNET = 0x40000000
timeout = 60 + 10 * int(os.environ.get("NF_VIP_SLOW", "1"))


def get(host, port, mode, stay=""):
    got = 0

    def count(data):
        nonlocal got
        got += len(data)

    with ftplib.FTP(timeout=timeout) as ftp:
        ftp.connect(host, int(port))
        ftp.set_pasv(mode == "passive")
        # What the server says, not what it must be: the helper has to translate it.
        ftp.trust_server_pasv_ipv4_address = True
        ftp.login()
        ftp.retrbinary("RETR file", count)
        ftp.retrbinary("RETR file", count)
        if stay:
            print(got, flush=True)
            sys.stdin.readline()
    return "closed" if stay else got


for line in sys.stdin:
    name, *how = line.split()
    with open("/run/netns/" + name, "rb") as netns:
        if ctypes.CDLL(None).setns(netns.fileno(), CLONE_NEWNET):
            sys.exit("no namespace " + name)
    try:
        print(get(*how), flush=True)
    except (OSError, ftplib.Error, EOFError) as error:
        print(error, flush=True)
