# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# A web server (server.py) for tests of whole clusters, on loopback of the test host $HOST: sourced after lib.sh.
#
#   web_up            serves $WEB/www; sets HTTPS, HTTP, OTHER to addresses, and VT_EXTRA so that virtopo trusts it
#   web_log           the requests so far
#   web_gets PATH     how many of them were for this path
WEB=$SCRATCH/web

web_up() {
    mkdir -p "$WEB/www" "$WEB/tls"
    "$E2E/../web/certificates.sh" "$WEB/tls" || fail "no certificates"
    host_exec "$HOST" python3 "$E2E/../web/server.py" --root "$WEB/www" --log "$WEB/log" --ports "$WEB/ports" \
        --certificate "$WEB/tls/server.pem" --other "$WEB/tls/other.pem" >"$WEB/server.out" 2>&1 </dev/null &
    wait_for 10 "the web server" test -s "$WEB/ports"
    HTTP=http://127.0.0.1:$(web_port http)
    HTTPS=https://127.0.0.1:$(web_port https)
    OTHER=https://127.0.0.1:$(web_port other)
    export HTTP HTTPS OTHER
    # shellcheck disable=SC2034
    VT_EXTRA=(CURL_CA_BUNDLE="$WEB/tls/ca.pem")
}
web_port() { sed -n "s/.*\\b$1=\\([0-9]*\\).*/\\1/p" "$WEB/ports"; }
web_log() { cat "$WEB/log"; }
web_gets() { grep -c "^GET $1 " "$WEB/log" || true; }
