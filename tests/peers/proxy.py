#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""proxy.py KIND [PEM]: small servers of HTTP for http_user, at 127.0.0.1.

The first line of the output is the port.  Kinds:

    tls    a proxy that is spoken to over TLS, with the certificate and key of
           PEM: answers whatever it is asked for with 200
    once   answers one request of a connection, and closes it on the second
    h2     HTTP/1 that calls itself HTTP/2
    slow   401 with digest, whose body comes after half a second; then 200
"""

import os
import socket
import ssl
import sys
import threading
import time

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
ASK = (b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n"
    b'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth"\r\n\r\n')


def request(conn):
    head = b""
    while b"\r\n\r\n" not in head:
        data = conn.recv(4096)
        if not data:
            return None
        head += data
    return head


def serve(kind, conn):
    served = 0
    with conn:
        while True:
            head = request(conn)
            if head is None or (kind == "once" and served == 1):
                return
            served += 1
            if kind == "h2":
                conn.sendall(OK.replace(b"HTTP/1.1", b"HTTP/2"))
            elif kind == "slow" and b"Authorization: Digest" not in head:
                conn.sendall(ASK)
                time.sleep(0.5)
                conn.sendall(b"no")
            else:
                conn.sendall(OK)


def main():
    kind = sys.argv[1]
    context = None
    if kind == "tls":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2])
    sock = socket.create_server(("127.0.0.1", 0), backlog=128)
    print(sock.getsockname()[1], flush=True)

    def one(conn):
        try:
            if context is not None:
                conn = context.wrap_socket(conn, server_side=True)
            serve(kind, conn)
        except OSError:
            pass

    while True:
        conn, _ = sock.accept()
        threading.Thread(target=one, args=(conn,), daemon=True).start()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        os._exit(0)
