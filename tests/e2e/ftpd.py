#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""usage: ftpd.py DIRECTORY

An FTP server for everybody, IPv4 and IPv6, on port 21, which shows DIRECTORY. Prints a line when it listens."""
import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.log import config_logging
from pyftpdlib.servers import FTPServer

config_logging(level=40)
authorizer = DummyAuthorizer()
authorizer.add_anonymous(sys.argv[1])
FTPHandler.authorizer = authorizer
# It compares texts, and the kernel's helper writes IPv6 addresses without "::".
FTPHandler.permit_foreign_addresses = True
server = FTPServer(("::", 21), FTPHandler)
print("listening", flush=True)
server.serve_forever()
