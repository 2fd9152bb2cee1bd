/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of a domain's XML, in the order in which domain_xml writes them. */
#ifndef TEMPLATES_DOMAIN_PART_H
#define TEMPLATES_DOMAIN_PART_H

#include "templates/domain/domain_xml.h"
#include "templates/xmlwriter.h"

bool domain_is_x86(const struct domain_template *t);
bool domain_is_kvm(const struct domain_template *t);

/* <maxMemory>, <memory>, <memoryBacking> */
void memory_xml_write(struct xmlwriter *w, const struct domain_template *t);
/* <vcpu>, <iothreads> */
void cpu_xml_write_count(struct xmlwriter *w, const struct domain_template *t);
/* <cputune> */
void cputune_xml_write(struct xmlwriter *w, const struct domain_template *t);
/* <numatune> */
void numa_xml_write_tune(struct xmlwriter *w, const struct domain_template *t);
/* <os> */
void platform_xml_write_os(struct xmlwriter *w, const struct domain_template *t);
/* libosinfo's element in <metadata>; nothing where no system is named. */
void platform_xml_write_os_id(struct xmlwriter *w, const struct domain_template *t);
/* <sysinfo>, and <smbios> in <os> */
void smbios_xml_write_sysinfo(struct xmlwriter *w, const struct domain_template *t);
void smbios_xml_write_mode(struct xmlwriter *w, const struct domain_template *t);
/* <features> */
void features_xml_write(struct xmlwriter *w, const struct domain_template *t);
/* <cpu> */
void cpu_xml_write(struct xmlwriter *w, const struct domain_template *t);
/* <numa> in it. */
void numa_xml_write(struct xmlwriter *w, const struct domain_template *t);
/* <clock>, <on_…>, <pm> */
void platform_xml_write_behaviour(struct xmlwriter *w, const struct domain_template *t);
void clock_xml_write(struct xmlwriter *w, const struct domain_template *t);

/* In <devices>: */
void disk_xml_write(struct xmlwriter *w, const struct domain_disk *disk);
void nic_xml_write(struct xmlwriter *w, const struct domain_nic *nic);
void controller_xml_write(struct xmlwriter *w, const struct domain_template *t);
/* The source of a disk that is neither a file nor a block device. */
void disk_source_xml_write(struct xmlwriter *w, const struct disk_source *source);
void share_xml_write(struct xmlwriter *w, const struct domain_template *t);
/* Everything else. */
void device_xml_write(struct xmlwriter *w, const struct domain_template *t);
/* Parts of that: serial ports, consoles, channels … */
void chardev_xml_write(struct xmlwriter *w, const struct domain_template *t);
/* … input, graphics, sound, video, USB redirection … */
void desktop_xml_write(struct xmlwriter *w, const struct domain_template *t);
void graphics_xml_write(struct xmlwriter *w, const struct domain_template *t);
/* … and the host's devices. */
void hostdev_xml_write(struct xmlwriter *w, const struct domain_template *t);
/* True when something other than a disk is plugged into a USB controller. */
bool desktop_needs_usb(const struct node *node);

/* <boot order> of a device; nothing for 0. */
void domain_write_boot_order(struct xmlwriter *w, int order);
/* <alias>; nothing for NULL. */
void domain_write_alias(struct xmlwriter *w, const char *alias);
/* "ua-input-0": the key of a list, so that differences are told under its name. */
void domain_write_alias_number(struct xmlwriter *w, const char *stem, size_t number);

#endif
