#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# certificates.sh DIR: a throw-away authority (ca.pem), a server's certificate of it for localhost and
# 127.0.0.1 (server.pem, with its key), and one for another name (other.pem).
set -eu
cd "$1"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=virtopo test authority" \
    -addext basicConstraints=critical,CA:TRUE -keyout ca.key -out ca.pem 2>/dev/null
issue() { # NAME SUBJECT-ALTERNATIVES
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr" 2>/dev/null
    printf 'subjectAltName=%s\n' "$2" >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile "$1.ext" -out "$1.crt" 2>/dev/null
    cat "$1.crt" "$1.key" >"$1.pem"
    rm "$1.csr" "$1.ext"
}
issue server DNS:localhost,IP:127.0.0.1
issue other DNS:other.example
