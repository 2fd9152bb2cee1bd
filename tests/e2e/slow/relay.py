#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""relay.py NETNS PORT: an HTTP proxy (GET, HEAD) that listens on 127.0.0.1 of a network namespace (a path) and asks from
where it was started: the way out for guests of a test host, which has none itself."""

import ctypes
import http.server
import os
import shutil
import socket
import sys
import urllib.error
import urllib.request

CLONE_NEWNET = 0x40000000


def listen(path, port):
    libc = ctypes.CDLL(None, use_errno=True)
    here = os.open("/proc/self/ns/net", os.O_RDONLY)
    there = os.open(path, os.O_RDONLY)
    if libc.setns(there, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), path)
    try:
        listener = socket.create_server(("127.0.0.1", port), backlog=64)
    finally:
        libc.setns(here, CLONE_NEWNET)
    return listener


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def do_GET(self):
        wanted = {k: v for k, v in self.headers.items() if k.lower() in ("range", "if-range", "if-modified-since", "user-agent")}
        request = urllib.request.Request(self.path, headers=wanted, method=self.command)
        try:
            answer = urllib.request.urlopen(request, timeout=120)
        except urllib.error.HTTPError as error:
            answer = error
        except OSError as error:
            self.send_error(502, str(error))
            return
        with answer:
            self.send_response(answer.status)
            for name in ("Content-Length", "Content-Type", "Content-Range", "Last-Modified", "ETag"):
                if answer.headers.get(name):
                    self.send_header(name, answer.headers[name])
            self.end_headers()
            if self.command == "GET":
                shutil.copyfileobj(answer, self.wfile, 1 << 16)

    do_HEAD = do_GET


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listen(sys.argv[1], int(sys.argv[2]))
    server.server_name, server.server_port = "127.0.0.1", int(sys.argv[2])
    server.serve_forever()


main()
