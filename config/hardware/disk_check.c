/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of a node's disks: names, sizes, serials, and what does not go together. */
#include <string.h>

#include "config/loader.h"
#include "config/schema/schema_types.h"

#define SERIAL_LONGEST 20
#define SATA_MOST 6
#define IDE_MOST 4

/* Where the file says `key`, or where the disk is. */
static struct position at(const struct disk *disk, const char *key)
{
    return loader_position(disk->source, key);
}

static void check_serial(struct loader *l, struct names *serials, const struct disk *disk)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";
    bool is_given = document_get(disk->source, "serial") != NULL;
    struct position position = at(disk, is_given ? "serial" : "name");
    const struct disk *before;

    if (!disk_serial(disk))
        return;
    if (strlen(disk->serial) > SERIAL_LONGEST)
        finding_error(l->d, position, "disk-serial",
                      is_given ? "shorten it"
                               : "set 'serial' to something shorter; by default it is the name",
                      "the serial '%s' has %zu characters, and a disk can have %d",
                      disk->serial, strlen(disk->serial), SERIAL_LONGEST);
    else if (strspn(disk->serial, allowed) != strlen(disk->serial))
        finding_error(l->d, position, "disk-serial", "use letters, digits and . _ + -",
                      "'%s' cannot be a disk's serial", disk->serial);
    before = names_add(serials, disk->serial, (void *)disk);
    if (before && is_given)
        finding_error(l->d, position, "disk-serial", "each disk needs a serial of its own",
                      "serial '%s' is already the one of disk '%s'", disk->serial,
                      before->name);
}

static void check_name(struct loader *l, struct names *names, const struct disk *disk)
{
    static const char *const taken[] = {"root", "seed", "console"};
    const struct disk *before;

    if (!disk->name)
        return;
    for (size_t i = 0; i < ARRAY_SIZE(taken); i++) {
        if (!strcmp(disk->name, taken[i]))
            finding_error(l->d, at(disk, "name"), "disk-name",
                          "take another name, such as data",
                          "a disk cannot be called '%s': every node has a file of that "
                          "name",
                          disk->name);
    }
    before = names_add(names, disk->name, (void *)disk);
    if (before)
        finding_error(l->d, at(disk, "name"), "disk-name", "rename one of them",
                      "disk '%s' is already in %s", disk->name,
                      loader_line(l, at(disk, "name"), at(before, "name")));
}

static void check_size(struct loader *l, const struct disk *disk)
{
    const struct document_node *size = document_get(disk->source, "size");

    if (disk->source->kind != DOCUMENT_MAPPING && !disk->source->is_null)
        return; /* not a disk at all: that has been reported */
    check_step(l, at(disk, "size"), "size", disk->size);
    if (!size && !document_get(disk->source, "source"))
        finding_error(l->d, disk->source->position, "required", "add 'size: 100G'",
                      "a disk has no 'size'");
    else if (size && disk_is_foreign(disk))
        finding_error(l->d, size->position, "disk-source", "remove it",
                      "a disk with a source has the size that it has there: virtopo does not "
                      "change it");
}

static void check_iothread(struct loader *l, const struct node *node, const struct disk *disk)
{
    if (disk->iothread && disk->bus != DISK_VIRTIO && disk->bus != DISK_SCSI)
        finding_error(l->d, at(disk, "iothread"), "disk-iothread",
                      "remove it, or take bus virtio or scsi",
                      "a disk on bus %s cannot have an iothread", disk_bus_words[disk->bus]);
    else if (disk->iothread > node->cpus.iothreads)
        finding_error(l->d, at(disk, "iothread"), "disk-iothread",
                      arena_printf(l->arena,
                                   "write 'iothreads: %lld' in cpus, or leave that out",
                                   disk->iothread),
                      "there is no iothread %lld: by its cpus, the node has %lld",
                      disk->iothread, node->cpus.iothreads);
}

/* What QEMU or libvirt would refuse when the node starts. */
static void check_tuning(struct loader *l, const struct node *node, const struct disk *disk)
{
    if (disk->io == DISK_IO_NATIVE && disk->cache != DISK_CACHE_NONE &&
        disk->cache != DISK_CACHE_DIRECTSYNC)
        finding_error(l->d, at(disk, "io"), "disk-io", "add 'cache: none'",
                      "io native goes with cache none or directsync only, and cache is %s",
                      disk_cache_words[disk->cache]);
    if (disk->detect_zeroes == DISK_ZEROES_UNMAP && disk->discard != DISK_DISCARD_UNMAP)
        finding_error(l->d, at(disk, "detect_zeroes"), "disk-zeroes", "add 'discard: unmap'",
                      "detect_zeroes unmap goes with discard unmap only, and discard is %s",
                      disk_discard_words[disk->discard]);
    check_iothread(l, node, disk);
}

static void check_writers(struct loader *l, const struct disk *disk)
{
    const char *format = disk_format_name(disk);

    if (disk->readonly && (disk->bus == DISK_SATA || disk->bus == DISK_IDE))
        finding_error(l->d, at(disk, "readonly"), "disk-readonly",
                      "take bus virtio or scsi, or make it a CD-ROM (cdroms)",
                      "a disk on bus %s cannot be readonly", disk_bus_words[disk->bus]);
    if (disk->readonly && !disk_is_foreign(disk) && document_get(disk->source, "size"))
        finding_error(l->d, at(disk, "readonly"), "disk-readonly",
                      "remove it, or name a 'source' that has something to read",
                      "disk '%s' is new and empty: nobody could ever write to it",
                      disk->name ? disk->name : "?");
    if (disk->shareable && format && strcmp(format, "raw") != 0)
        finding_error(l->d, at(disk, "shareable"), "disk-shareable",
                      disk_is_foreign(disk) ? "make it raw (qemu-img convert -O raw)"
                                            : "add 'format: raw'",
                      "a shareable disk must be raw, and this one is %s", format);
}

static void check_limit_pair(struct loader *l, const struct disk_limits *limits,
                             const char *total, const char *read, const char *write)
{
    const struct document_node *part = document_get(limits->source, read);

    part = part ? part : document_get(limits->source, write);
    if (part && document_get(limits->source, total))
        finding_error(l->d, part->key_position, "disk-limits",
                      arena_printf(l->arena, "keep %s, or %s and %s", total, read, write),
                      "%s stands beside %s, and only one kind can count", part->key, total);
}

static void check_limit_burst(struct loader *l, const struct disk_limits *limits,
                              const struct field *field)
{
    auto_free char *most = xasprintf("%s_max", field->key);
    const struct field *burst = schema_field(&disk_limits_schema, most);
    long long base, top;

    if (!burst || !document_get(limits->source, most))
        return;
    /* counts and sizes have the same 64 bits */
    memcpy(&base, (const char *)limits + field->offset, sizeof base);
    memcpy(&top, (const char *)limits + burst->offset, sizeof top);
    if (!document_get(limits->source, field->key))
        finding_error(l->d, document_get(limits->source, most)->key_position, "disk-limits",
                      arena_printf(l->arena, "add '%s: %s'", field->key, field->example),
                      "%s needs %s beside it", most, field->key);
    else if (base && top && top < base)
        finding_error(l->d, document_get(limits->source, most)->position, "disk-limits",
                      arena_printf(l->arena, "raise it, or lower %s", field->key),
                      "%s is less than %s", most, field->key);
}

static void check_limits(struct loader *l, const struct disk_limits *limits)
{
    if (!limits->source)
        return;
    check_limit_pair(l, limits, "iops", "read_iops", "write_iops");
    check_limit_pair(l, limits, "bytes", "read_bytes", "write_bytes");
    check_limit_pair(l, limits, "iops_max", "read_iops_max", "write_iops_max");
    check_limit_pair(l, limits, "bytes_max", "read_bytes_max", "write_bytes_max");
    schema_each (&disk_limits_schema, field)
        check_limit_burst(l, limits, field);
}

/* All SCSI disks are on one controller, and that has one thread. */
static void check_scsi_thread(struct loader *l, const struct disk **first,
                              const struct disk *disk)
{
    if (disk->bus != DISK_SCSI || !disk->iothread)
        return;
    if (!*first)
        *first = disk;
    else if (disk->iothread != (*first)->iothread)
        finding_error(l->d, at(disk, "iothread"), "disk-iothread",
                      arena_printf(l->arena, "write %lld here too", (*first)->iothread),
                      "all SCSI disks of a node are served by one iothread, and that is %lld",
                      (*first)->iothread);
}

static size_t count_bus(const struct node *node, int bus)
{
    size_t count = node->disk.bus == bus && !disk_is_none(&node->disk);

    list_each(struct disk, node->disks, disk) count += disk->bus == bus;
    list_each(struct cdrom, node->cdroms, cdrom) count += cdrom_disk_bus(cdrom->bus) == bus;
    return count;
}

/* The IDE controller is part of the old PC's chipset: nothing else has one. */
static void check_ide(struct loader *l, const struct node *node, int bus,
                      const struct document_node *source)
{
    const char *machine = platform_machine(node, platform_arch(node, "x86_64"));

    if (bus != DISK_IDE || strcmp(machine, "pc") == 0 || strstr(machine, "i440fx"))
        return;
    finding_error(l->d, loader_position(source, "bus"), "disk-ide",
                  "take bus sata, or write 'machine: pc' for the node",
                  "machine %s has no IDE: only the old PC (machine pc) has", machine);
}

static void check_bus(struct loader *l, const struct node *node, int bus, size_t most)
{
    size_t count = count_bus(node, bus);

    if (count > most)
        finding_error(l->d, node->source->key_position, "disk-bus",
                      "put some on bus scsi, which has room for hundreds",
                      "node '%s' has %zu disks and CD-ROMs on bus %s, and %zu are the most",
                      node->group, count, disk_bus_words[bus], most);
}

/* Without a root disk there is nothing that an image could be on, and no first boot. */
static void check_none(struct loader *l, const struct node *node)
{
    static const char *const keys[] = {"image", "files", "packages", "run", "cloud_init", NULL};

    for (size_t i = 0; keys[i]; i++) {
        const struct document_node *value = document_get(node->source, keys[i]);

        /* an image for all nodes is not for this one */
        if (value && !(value->origin && !strcmp(keys[i], "image")))
            finding_error(l->d, value->key_position, "disk-none", "remove it, or 'disk: none'",
                          "node '%s' has 'disk: none', and '%s' needs a root disk", node->group,
                          keys[i]);
    }
}

static void check_root(struct loader *l, const struct node *node)
{
    const struct disk *root = &node->disk;

    if (disk_is_none(root)) {
        check_none(l, node);
        return;
    }
    check_step(l, loader_position(node->source, "disk"), "disk", root->size);
    if (!node->image_name && !document_get(node->source, "image") && !root->size &&
        (!root->source || !document_get(root->source, "size")) &&
        (!root->source || root->source->kind == DOCUMENT_MAPPING) &&
        (node->source->kind == DOCUMENT_MAPPING || node->source->is_null))
        finding_error(l->d, node->source->key_position, "required",
                      "add 'image: debian12', or set it for all nodes under 'defaults'; for "
                      "one with an empty root disk, add 'disk: 20G'",
                      "node '%s' has no 'image'", node->group);
    if (root->source) {
        check_tuning(l, node, root);
        check_limits(l, &root->limits);
    }
}

void check_disks(struct loader *l, const struct node *node)
{
    auto_names struct names names = {0}, serials = {0};
    const struct disk *thread = NULL;

    check_root(l, node);
    check_ide(l, node, node->disk.bus, node->disk.source);
    list_each(struct cdrom, node->cdroms, cdrom)
        check_ide(l, node, cdrom_disk_bus(cdrom->bus), cdrom->source);
    check_scsi_thread(l, &thread, &node->disk);
    list_each(struct disk, node->disks, disk)
    {
        check_size(l, disk);
        check_ide(l, node, disk->bus, disk->source);
        check_serial(l, &serials, disk);
        check_name(l, &names, disk);
        check_tuning(l, node, disk);
        check_writers(l, disk);
        check_limits(l, &disk->limits);
        check_disk_source(l, disk);
        check_scsi_thread(l, &thread, disk);
    }
    check_bus(l, node, DISK_SATA, SATA_MOST);
    check_bus(l, node, DISK_IDE, IDE_MOST);
}
