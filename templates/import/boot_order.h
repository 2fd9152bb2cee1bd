/* SPDX-License-Identifier: Apache-2.0 */
/* <os><boot dev='hd'/>: libvirt's older way to say what a domain starts from. */
#ifndef TEMPLATES_BOOT_ORDER_H
#define TEMPLATES_BOOT_ORDER_H

#include <libxml/tree.h>

/* Makes of it the newer way, <boot order='1'/> of the devices that it means: of each kind the
 * first one, as libvirt's QEMU driver does. Domains that have neither start from a disk. */
void boot_order_resolve(xmlNodePtr domain);

#endif
