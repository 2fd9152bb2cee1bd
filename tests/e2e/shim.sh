#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# shim.sh BINARY OUT.so: a library for LD_PRELOAD that stands before every libvirt function that
# BINARY calls (nm -D knows them, so none is forgotten).
#
#   SHIM_LOG=FILE           a line for each call before it is made: "12 write virDomainCreate"
#   SHIM_CLASS=write|read   which calls are counted for SHIM_AT; any other: all of them
#   SHIM_AT=N               at the Nth call of that class …
#   SHIM_WHEN=before|after  … before it is made, or when it has returned …
#   SHIM_SIGNAL=NUMBER      … the process gets this signal (9)
#
# "write" is what may change the host, "read" what asks it; what stays inside the process (names,
# reference counts, error texts) is neither: dying there is the same as dying after the call before.
set -eu
binary=$1 out=$2

class_of() {
    case $1 in
    vir*Free | vir*Ref | *GetName | *GetUUID* | *GetPath | *GetConnect | virTypedParam* | virGetLastError* | virSaveLastError | \
        virResetLastError | virCopyLastError | virFreeError | virSetErrorFunc | virInitialize | virGetVersion | virEvent*) echo local ;;
    *Open | *OpenAuth | *Close | *SetKeepAlive | *Event*RegisterAny | *Event*DeregisterAny | *Get* | *List* | *Lookup* | *Is[A-Z]* | *NumOf* | \
        *Download | virStreamNew | virStreamRecv* | virStreamAbort) echo read ;;
    *) echo write ;; # also what nobody has thought of yet
    esac
}

{
    cat <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_int counted, total;

static int is(const char *name, const char *value)
{
    const char *set = getenv(name);

    return set && strcmp(set, value) == 0;
}

static void hit(void)
{
    const char *number = getenv("SHIM_SIGNAL");

    kill(getpid(), number ? atoi(number) : SIGKILL);
}

/* The number of this call among those that are counted, 0: is not counted. */
static int enter(const char *class, const char *function)
{
    const char *wanted = getenv("SHIM_CLASS"), *log = getenv("SHIM_LOG"), *at = getenv("SHIM_AT");
    int all = atomic_fetch_add(&total, 1) + 1, n = 0;
    char line[128];

    if (log) {
        int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        int length = snprintf(line, sizeof line, "%d %s %s\n", all, class, function);

        if (fd < 0 || write(fd, line, (size_t)length) != length)
            abort();
        close(fd);
    }
    if (!wanted || strcmp(wanted, class) == 0)
        n = atomic_fetch_add(&counted, 1) + 1;
    if (at && n == atoi(at) && is("SHIM_WHEN", "before"))
        hit();
    return n;
}

static void leave(int n)
{
    const char *at = getenv("SHIM_AT");

    if (at && n == atoi(at) && is("SHIM_WHEN", "after"))
        hit();
}

/* All of them take integers and pointers, at most eight, and return one of those or nothing: the
 * calling conventions of the machines that libvirt runs on let all that through. */
typedef long function(long, long, long, long, long, long, long, long);

#define WRAP(class, name) \
    long name(long a, long b, long c, long d, long e, long f, long g, long h) \
    { \
        static _Atomic(function *) real; \
        int n = enter(#class, #name); \
        long result; \
        \
        if (!real) \
            real = (function *)dlsym(RTLD_NEXT, #name); \
        result = real(a, b, c, d, e, f, g, h); \
        leave(n); \
        return result; \
    }
C
    nm -D --undefined-only "$binary" | awk '$2 ~ /^vir[A-Z]/ && $2 !~ /^virConnectAuthPtrDefault/ {sub("@.*", "", $2); print $2}' | sort -u |
        while read -r function; do
            class=$(class_of "$function")
            [ "$class" = local ] || printf 'WRAP(%s, %s)\n' "$class" "$function"
        done
} >"${out%.so}.c"
[ "$(grep -c '^WRAP(write, vir' "${out%.so}.c")" -ge 10 ] || { echo "shim.sh: $binary names hardly any libvirt calls" >&2; exit 1; }
${CC:-gcc} -std=gnu17 -O1 -shared -fPIC -o "$out" "${out%.so}.c" -ldl
