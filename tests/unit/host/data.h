/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What libvirt says on some hosts, below tests/unit/host/data: "qemu" is Debian 12 without
 * KVM, as it said it; "kvm" is put together to be an Intel host of two NUMA cells with a newer
 * libvirt and QEMU, without SPICE as in Fedora.
 */
#ifndef TESTS_UNIT_HOST_DATA_H
#define TESTS_UNIT_HOST_DATA_H

/* The caller frees it. */
char *data_read(const char *name);

#endif
