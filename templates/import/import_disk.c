/* SPDX-License-Identifier: Apache-2.0 */
/* <disk>: disks become sources that virtopo only uses, CD-ROMs media by their paths. */
#include "config/hardware/disk.h"

#include <string.h>

#include "templates/import/import_part.h"
#include "templates/xmlreader.h"
#include "util/memory.h"

/* Of the disk's target, which is unique in a domain. */
static char *name_of(xmlNodePtr disk, const json_t *taken)
{
    auto_free char *alias = import_text(disk, "alias@name");
    auto_free char *target = import_text(disk, "target@dev");

    if (alias && strncmp(alias, "ua-disk-", 8) == 0)
        return import_name(alias + 8, "disk", taken);
    if (alias && strncmp(alias, "ua-cdrom-", 9) == 0)
        return import_name(alias + 9, "cd", taken);
    return import_name(target ? target : "disk", "disk", taken);
}

static void import_tuning(json_t *object, xmlNodePtr disk)
{
    static const struct import_row rows[] = {
        {"bus", "target@bus", IMPORT_WORD, disk_bus_words},
        {"format", "driver@type", IMPORT_WORD, disk_format_words},
        {"cache", "driver@cache", IMPORT_WORD, disk_cache_words},
        {"io", "driver@io", IMPORT_WORD, disk_io_words},
        {"discard", "driver@discard", IMPORT_WORD, disk_discard_words},
        {"detect_zeroes", "driver@detect_zeroes", IMPORT_WORD, disk_zeroes_words},
        {"iothread", "driver@iothread", IMPORT_NUMBER},
        {"readonly", "readonly", IMPORT_THERE},
        {"shareable", "shareable", IMPORT_THERE},
        {"boot", "boot@order", IMPORT_NUMBER},
        {"limits.iops", "iotune/total_iops_sec", IMPORT_NUMBER},
        {"limits.read_iops", "iotune/read_iops_sec", IMPORT_NUMBER},
        {"limits.write_iops", "iotune/write_iops_sec", IMPORT_NUMBER},
        {"limits.bytes", "iotune/total_bytes_sec", IMPORT_BYTES},
        {"limits.read_bytes", "iotune/read_bytes_sec", IMPORT_BYTES},
        {"limits.write_bytes", "iotune/write_bytes_sec", IMPORT_BYTES},
        {"limits.iops_max", "iotune/total_iops_sec_max", IMPORT_NUMBER},
        {"limits.read_iops_max", "iotune/read_iops_sec_max", IMPORT_NUMBER},
        {"limits.write_iops_max", "iotune/write_iops_sec_max", IMPORT_NUMBER},
        {"limits.bytes_max", "iotune/total_bytes_sec_max", IMPORT_BYTES},
        {"limits.read_bytes_max", "iotune/read_bytes_sec_max", IMPORT_BYTES},
        {"limits.write_bytes_max", "iotune/write_bytes_sec_max", IMPORT_BYTES},
        {0},
    };

    import_rows(object, disk, rows);
}

/* A SCSI disk's thread is its controller's. */
static void import_iothread(json_t *object, xmlNodePtr disk)
{
    static const struct import_row rows[] = {
        {"iothread", "driver@iothread", IMPORT_NUMBER},
        {0},
    };

    import_each(disk->parent, "controller", n)
    {
        if (xmlreader_is(n, "type", "scsi") &&
            xmlreader_is(xmlreader_child(disk, "target"), "bus", "scsi"))
            import_rows(object, n, rows);
    }
}

/* virtopo's own says its name where nothing is said. */
static void import_serial(json_t *object, xmlNodePtr disk, const char *name)
{
    auto_free char *serial = xmlreader_child_text(disk, "serial");

    if (!serial || !*serial)
        import_set_text(object, "serial", "none");
    else if (strcmp(serial, name) != 0)
        import_set_text(object, "serial", serial);
}

static bool is_said_by_name(const json_t *source, const char *format)
{
    const json_t *nfs = json_object_get(source, "nfs");
    const char *path = json_string_value(nfs ? json_object_get(nfs, "path") : source);
    size_t length = path ? strlen(path) : 0, tail = strlen(format);

    if (!path)
        return strcmp(format, "raw") == 0;
    if (strncmp(path, "/dev/", 5) == 0)
        return strcmp(format, "raw") == 0;
    return length > tail + 1 && path[length - tail - 1] == '.' &&
           strcmp(path + length - tail, format) == 0;
}

static void import_disk(json_t *disks, json_t *names, xmlNodePtr disk)
{
    json_t *source = import_disk_source(disk);
    json_t *object;
    auto_free char *format = import_text(disk, "driver@type");
    auto_free char *name = NULL;

    if (!source)
        return;
    name = name_of(disk, names);
    json_object_set_new(names, name, json_true());
    object = json_pack("{s:s}", "name", name);
    json_object_set_new(object, "source", source);
    import_tuning(object, disk);
    import_iothread(object, disk);
    if (!format)
        import_set_text(object, "format", "raw"); /* libvirt never guesses */
    if (is_said_by_name(source, format ? format : "raw"))
        json_object_del(object, "format");
    import_serial(object, disk, name);
    json_array_append_new(disks, object);
}

static void import_cdrom(json_t *cdroms, json_t *names, xmlNodePtr disk)
{
    static const struct import_row rows[] = {
        {"source", "source@file", IMPORT_TEXT},
        {"source", "source@dev", IMPORT_TEXT},
        {"bus", "target@bus", IMPORT_WORD, cdrom_bus_words},
        {"boot", "boot@order", IMPORT_NUMBER},
        {0},
    };
    auto_free char *number = xasprintf("cd%zu", json_array_size(cdroms) + 1);
    auto_free char *alias = import_text(disk, "alias@name");
    auto_free char *name =
        alias && strncmp(alias, "ua-cdrom-", 9) == 0 ? name_of(disk, names) : NULL;
    json_t *object = json_object();

    if (name && strcmp(name, number) != 0)
        import_set_text(object, "name", name);
    json_object_set_new(names, name ? name : number, json_true());
    import_rows(object, disk, rows);
    json_array_append_new(cdroms, object);
}

void import_disks(json_t *node, xmlNodePtr domain)
{
    json_t *disks = json_array(), *cdroms = json_array();
    json_t *names = json_pack("{s:b, s:b, s:b}", "root", 1, "seed", 1, "console", 1);

    import_each(xmlreader_child(domain, "devices"), "disk", n)
    {
        if (xmlreader_is(n, "device", "cdrom"))
            import_cdrom(cdroms, names, n);
        else if (!xmlreader_has(n, "device") || xmlreader_is(n, "device", "disk"))
            import_disk(disks, names, n);
    }
    import_set(node, "disks", disks);
    import_set(node, "cdroms", cdroms);
    json_decref(names);
}
