#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The servers of the outside, on every address, IPv4 and IPv6.

  web   port 80: each GET is answered by the line "client ADDRESS", whom the server sees
  echo  port 7, TCP and UDP: what comes, after "ADDRESS "
"""
import http.server
import ipaddress
import socket
import socketserver
import threading


def plain(address):
    """The address of a peer, without the prefix of IPv4 in IPv6."""
    ip = ipaddress.ip_address(address[0].split("%")[0])
    return str(getattr(ip, "ipv4_mapped", None) or ip)


class Web(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"client {plain(self.client_address)}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        who = plain(self.client_address).encode() + b" "
        while data := self.request.recv(65536):
            self.request.sendall(who + data)


class Tcp(socketserver.ThreadingTCPServer):
    address_family = socket.AF_INET6
    allow_reuse_address = True
    daemon_threads = True


def echo_datagrams():
    """Answers from the address that was asked, whichever way the answer leaves."""
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
        sock.bind(("::", 7))
        while True:
            data, control, _, client = sock.recvmsg(65536, 256)
            asked = next(info[:16] + bytes(4) for _, kind, info in control if kind == socket.IPV6_PKTINFO)
            sock.sendmsg([plain(client).encode() + b" " + data],
                         [(socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, asked)], 0, client)


threading.Thread(target=echo_datagrams, daemon=True).start()
echo = Tcp(("::", 7), Echo)
threading.Thread(target=echo.serve_forever, daemon=True).start()
web = Tcp(("::", 80), Web)
print("ready", flush=True)
web.serve_forever()
