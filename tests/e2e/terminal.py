# SPDX-License-Identifier: GPL-2.0
"""
A terminal for tests, which reads commands, a line each, and answers each with a line:

  start ROWS COLUMNS COMMAND   a shell runs it on a new terminal; "ok"
  key TEXT                     type it; \\e is Escape; "ok"
  resize ROWS COLUMNS          "ok"
  wait SECONDS REGEX           until the screen, its rows joined by newlines, is like this: "ok", or the screen
  row N                        that row, from 0
  colour REGEX                 of the first character of the first row that is like this
  pid_of                       the process of the program
  end SECONDS                  until the program has ended: "STATUS plain", or what it left the terminal as
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

import pyte


class Terminal:
    def start(self, rows, columns, command):
        self.screen = pyte.Screen(int(columns), int(rows))
        self.stream = pyte.ByteStream(self.screen)
        self.master, self.slave = pty.openpty()
        self.size(rows, columns)
        self.modes = termios.tcgetattr(self.slave)
        self.pid = os.fork()
        if not self.pid:
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
            for fd in 0, 1, 2:
                os.dup2(self.slave, fd)
            os.closerange(3, 64)
            os.execvp("sh", ["sh", "-c", "exec " + command])
        return "ok"

    def size(self, rows, columns):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))

    def resize(self, rows, columns):
        self.size(rows, columns)
        self.screen.resize(int(rows), int(columns))
        return "ok"

    def key(self, text):
        os.write(self.master, text.replace("\\e", "\033").encode())
        return "ok"

    def read(self, seconds):
        if select.select([self.master], [], [], seconds)[0]:
            self.stream.feed(os.read(self.master, 65536))

    def text(self):
        return "\n".join(row.rstrip() for row in self.screen.display)

    def wait(self, seconds, regex):
        end = time.monotonic() + float(seconds)
        while not re.search(regex, self.text()):
            if time.monotonic() > end:
                return self.text().strip().replace("\n", "\\n")
            self.read(0.05)
        return "ok"

    def row(self, n):
        return self.screen.display[int(n)].rstrip()

    def colour(self, regex):
        for number, row in enumerate(self.screen.display):
            found = re.search(regex, row)
            if found:
                return self.screen.buffer[number][found.start()].fg
        return "it is not there"

    def end(self, seconds):
        end = time.monotonic() + float(seconds)
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                same = termios.tcgetattr(self.slave) == self.modes
                return f"{os.waitstatus_to_exitcode(status)} {'plain' if same else 'not as it was'}"
            self.read(0.05)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return "it did not end"

    def pid_of(self):
        return str(self.pid)


terminal = Terminal()
arguments = {"start": 3, "resize": 2, "key": 1, "wait": 2, "row": 1, "colour": 1, "end": 1, "pid_of": 0}
for line in sys.stdin:
    name, _, rest = line.rstrip("\n").partition(" ")
    words = rest.split(" ", arguments[name] - 1) if rest else []
    print(getattr(terminal, name)(*words), flush=True)
