/* SPDX-License-Identifier: Apache-2.0 */
/* A node's domain as libvirt XML. Pure: model and facts in, bytes out, the same every time. */
#ifndef TEMPLATES_DOMAIN_XML_H
#define TEMPLATES_DOMAIN_XML_H

#include <libxml/tree.h>

#include "config/cluster.h"
#include "templates/fault/fault.h"
#include "templates/tag.h"

struct domain_disk {
    bool is_cdrom;
    const char *path; /* on the host, absolute; NULL: see `from`, or an empty drive */
    const struct disk_source *from; /* of a disk that is somebody else's; else NULL */
    const char *format;             /* "qcow2" or "raw" */
    const char *target;             /* "vda" */
    const char *serial;             /* or NULL */
    const char *alias;              /* "ua-root": a user alias names the disk across changes */
    int bus, cache, io, discard, detect_zeroes; /* as in struct disk */
    long long iothread;                         /* 0: none */
    const struct disk_limits *limits;           /* or NULL */
    bool readonly, shareable;
    int boot_order; /* 0: none */
};

struct domain_nic {
    /* One of these three, or none where is_user: */
    const char *network;             /* libvirt's name of it */
    const char *bridge;              /* the bridge, Open vSwitch's where there is a port_id */
    const char *dev;                 /* the host's device that a macvtap is put on, */
    const char *dev_mode;            /* and libvirt's word for how */
    char port_id[UUID_TEXT];         /* of the port of Open vSwitch, or "" */
    const struct vlan_setting *vlan; /* or NULL */
    bool is_user;                    /* QEMU plays the router */
    const struct list *forwards;     /* struct port_forward; or NULL */
    uint16_t ssh_port;               /* of the loopback, that leads to port 22; 0: none */
    char mac[MAC_TEXT];
    int model;
    long long mtu;                         /* 0: none */
    const char *alias;                     /* "ua-net0" */
    int link, driver;                      /* as in struct nic */
    long long queues;                      /* 0: one */
    const struct nic_bandwidth *bandwidth; /* or NULL */
    const char *filter;                    /* or NULL */
    int boot_order;                        /* 0: none */
};

struct domain_template {
    const char *name; /* "lab_web-1" */
    char uuid[UUID_TEXT];
    const char *type;           /* "kvm" or "qemu" */
    const char *arch;           /* "x86_64" */
    const char *machine;        /* "q35" */
    const char *console_log;    /* path of the serial console's log */
    const char *virtualisation; /* "vmx" or "svm": what the host's CPU has; NULL: not known */
    const struct node *node;
    const struct domain_disk *disks; /* root, extra ones, CD-ROM drives, seed */
    size_t disk_count;
    const struct domain_nic *nics;
    size_t nic_count;
    const struct tag *tag;
};

int domain_xml(const struct domain_template *t, char **ret, struct error **err) MUST_CHECK;
/* The same as a document, the caller's to free: elements that come from the node's `xml` have
 * their struct fragment as _private (fragment_merge.h). */
int domain_document(const struct domain_template *t, xmlDocPtr *ret,
                    struct error **err) MUST_CHECK;
/* One <disk> / <interface>, as for attaching to a running domain. */
int domain_disk_xml(const struct domain_disk *disk, char **ret, struct error **err) MUST_CHECK;
/* The controller that hot-plugged scsi disks need where the domain has none; `iothread` of
 * theirs, or 0. */
int domain_scsi_xml(long long iothread, char **ret, struct error **err) MUST_CHECK;
/* Memory that is plugged in while the domain runs. */
struct domain_dimm {
    const char *alias; /* "ua-dimm0" */
    uint64_t size;     /* bytes; whole KiB */
    size_t cell;       /* the NUMA cell that it belongs to */
};
int domain_dimm_xml(const struct domain_dimm *dimm, char **ret, struct error **err) MUST_CHECK;
int domain_nic_xml(const struct domain_nic *nic, char **ret, struct error **err) MUST_CHECK;

/* What is read back from libvirt's XML of a domain. */
struct domain_view {
    char *xml; /* the whole of it */
    char *name, *type, *description;
    char *arch, *machine;    /* the machine with its version: "pc-q35-7.2" */
    uint64_t memory;         /* bytes; with that of DIMMs */
    uint64_t memory_current; /* bytes; what the balloon leaves of it, at rest the same */
    uint64_t memory_max;     /* bytes; 0: no more can be plugged in */
    long long memory_slots;  /* for DIMMs */
    bool balloon;            /* it can be asked to give memory back */
    uint64_t *cells;         /* bytes of each NUMA cell; with DIMMs only in dimms */
    size_t cell_count;
    struct domain_view_dimm {
        char *alias;
        uint64_t size; /* bytes */
        long long cell;
    } * dimms;
    size_t dimm_count;
    long long cpus; /* in use */
    long long cpus_max;
    struct domain_view_disk {
        char *path, *target, *alias, *device, *format;
        char *bus, *serial, *cache, *discard; /* the last three NULL when not given */
    } * disks;
    size_t disk_count;
    struct domain_view_nic {
        char *network, *bridge, *target, *model;
        char *dev;     /* what a macvtap is on */
        char *port_id; /* of a port of Open vSwitch */
        struct mac mac;
        long long mtu;
        bool link_down;
        char *alias;
        bool is_user;    /* QEMU plays the router; then: */
        char **forwards; /* ports of the host that lead to it, "127.0.0.1:2222:22" */
        size_t forward_count;
    } * nics;
    size_t nic_count;
    char *console_log;
    struct tag tag; /* tag.cluster NULL: no tag */
    char *ready;    /* the run element's `ready`, or NULL */
    struct faults faults;
};

int domain_view_parse(const char *xml, struct domain_view *ret, struct error **err) MUST_CHECK;
void domain_view_done(struct domain_view *view);

#endif
