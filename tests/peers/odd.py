#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""odd.py KIND [ADDRESS]: a server of sockets alone, for socket_user.

The first line of its output is where it listens.  Kinds:

    pieces  what came, a byte at a time
    greet   "hello\\n" before anything came, then what came
    silent  nothing, but what came is read
    close   closes when something came
    half    "half" and the end, when something came
    reset   "half" and a reset
    idle    what came, and closes 50 ms later
    late    (UDP) answers each datagram 150 ms later
    twice   (UDP) answers "wait" and then what came
    unix    as pieces, at a path
"""

import os
import socket
import struct
import sys
import threading
import time


def serve(kind, conn):
    with conn:
        if kind == "greet":
            conn.sendall(b"hello\n")
        while True:
            try:
                data = conn.recv(65536)
            except OSError:
                return
            if not data or kind == "close":
                return
            if kind == "half":
                conn.sendall(b"half")
                return
            if kind == "reset":
                conn.sendall(b"half")
                time.sleep(0.02)
                conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            if kind in ("pieces", "unix"):
                for byte in data:
                    conn.sendall(bytes([byte]))
                    time.sleep(0.002)
            elif kind in ("greet", "idle"):
                conn.sendall(data)
            if kind == "idle":
                time.sleep(0.05)
                return


def datagrams(kind, sock):
    while True:
        data, peer = sock.recvfrom(65536)
        if kind == "twice":
            sock.sendto(b"wait", peer)
            sock.sendto(data, peer)
        else:
            threading.Timer(0.15, sock.sendto, (data, peer)).start()


def main():
    kind = sys.argv[1]
    address = sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1"
    if kind in ("late", "twice"):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind((address, 0))
        print("%s:%d" % sock.getsockname(), flush=True)
        datagrams(kind, sock)
    if kind == "unix":
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(address)
        sock.listen(64)
        print("unix:" + address, flush=True)
    else:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        sock = socket.create_server((address, 0), family=family, backlog=64)
        shown = "[%s]:%d" if ":" in address else "%s:%d"
        print(shown % sock.getsockname()[:2], flush=True)
    while True:
        conn, _ = sock.accept()
        threading.Thread(target=serve, args=(kind, conn), daemon=True).start()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        os._exit(0)
