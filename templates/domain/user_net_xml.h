/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The forwards of a NIC of type user, which libvirt (9.0) has no words for. QEMU gets a network
 * of ours beside libvirt's, by <qemu:commandline>; <qemu:override> plugs libvirt's NIC into it.
 * So the NIC stays one that libvirt knows, with its place, link and alias.
 */
#ifndef TEMPLATES_USER_NET_XML_H
#define TEMPLATES_USER_NET_XML_H

#include <libxml/tree.h>

#include "templates/domain/domain_xml.h"

/* The elements of all such NICs, where there are any. */
void user_net_xml_write(struct xmlwriter *w, const struct domain_template *t);
/* Adds the forwards of the NIC with that alias to `ret`, texts that its owner frees. */
void user_net_read(xmlNodePtr domain, const char *alias, struct domain_view_nic *ret);

#endif
