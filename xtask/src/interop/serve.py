"""Runs moto_server in this process, and ends it when standard input ends: it cannot outlive whoever started it."""

import os
import runpy
import sys
import threading


def watch():
    sys.stdin.buffer.read()
    os._exit(0)


threading.Thread(target=watch, daemon=True).start()
# The program comes first, then its arguments, as on a command line.
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
