/* SPDX-License-Identifier: Apache-2.0 */
/* The areas of a domain: each adds its keys to the node. `domain` is the root element as
 * libvirt has it. Names of things that several nodes share come from the world. */
#ifndef TEMPLATES_IMPORT_PART_H
#define TEMPLATES_IMPORT_PART_H

#include "templates/import/import.h"
#include "templates/import/import_row.h"

void import_cpus(json_t *node, xmlNodePtr domain);
void import_cpu_tune(json_t *cpus, xmlNodePtr domain);
void import_memory(json_t *node, xmlNodePtr domain);
void import_platform(json_t *node, xmlNodePtr domain, struct import_notes *notes);
/* "pc-q35-7.2" to "q35": which version there is depends on the host. The caller frees it. */
char *import_machine_kind(const char *machine);
void import_features(json_t *node, xmlNodePtr domain);
void import_clock(json_t *node, xmlNodePtr domain);
void import_smbios(json_t *node, xmlNodePtr domain);
void import_disks(json_t *node, xmlNodePtr domain);
/* The key `source` of a disk, or NULL for what the file cannot say. */
json_t *import_disk_source(xmlNodePtr disk);
void import_nics(json_t *node, xmlNodePtr domain, struct import_world *world);
/* True for one that the file can say. */
bool import_is_nic(xmlNodePtr interface);
void import_lines(json_t *node, xmlNodePtr domain);
void import_desktop(json_t *node, xmlNodePtr domain, struct import_notes *notes);
void import_devices(json_t *node, xmlNodePtr domain);
void import_hostdevs(json_t *node, xmlNodePtr domain);
void import_shares(json_t *node, xmlNodePtr domain);

#endif
