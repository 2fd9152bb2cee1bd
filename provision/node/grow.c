/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/node/grow.h"

#include <stdlib.h>
#include <string.h>

#include "host/guest_exec.h"
#include "host/nic_address.h"
#include "templates/grow_script.h"
#include "templates/tag.h"
#include "util/process.h"
#include "util/size.h"

#define AGENT_MS 5000
/* A guest that is there and busy: a login costs an emulated one seconds of work. One that is
 * not there is known after GUEST_CONNECT_MS. */
#define SSH_MS 60000
#define RUN_MS (3 * 60 * 1000) /* an emulated guest with a file system of many gigabytes */
#define LINES_SHOWN 5

/* The rest of the line behind `key`, from `*at` on, which moves behind it; or NULL. */
static char *next_line(const char **at, const char *key)
{
    size_t length = strlen(key);

    while (**at) {
        const char *line = *at;
        size_t end = strcspn(line, "\r\n");

        *at = line + end + strspn(line + end, "\r\n");
        if (strncmp(line, key, length) == 0)
            return xstrndup(line + length, end - length);
    }
    return NULL;
}

static char *grown_text(const char *output)
{
    auto_free char *line = next_line(&output, "grown: ");
    char type[32], device[128], size[SIZE_TEXT];
    unsigned long long kib;
    int place = 0;

    if (!line || sscanf(line, "%31s %127s %llu %n", type, device, &kib, &place) < 3 || !place)
        return NULL;
    return xasprintf("%s (%s on %s) has %s now", line + place, type, device,
                     size_format(kib * KIB, size));
}

static void append_commands(struct buffer *out, const char *output)
{
    const char *between = "; in the guest, as root: ";
    char *command;

    while ((command = next_line(&output, "type: "))) {
        buffer_printf(out, "%s%s", between, command);
        between = " && ";
        free(command);
    }
}

/* "a | b": the last lines. */
static char *last_lines(const char *output)
{
    struct buffer out = {0};
    size_t lines = 0, length = strlen(output), start = length;

    while (start && (output[start - 1] != '\n' || start == length || ++lines < LINES_SHOWN))
        start--;
    for (const char *at = output + start; *at; at += strspn(at, "\r\n")) {
        size_t end = strcspn(at, "\r\n");

        buffer_printf(&out, "%s%.*s", out.length ? " | " : "", (int)end, at);
        at += end;
    }
    return buffer_take(&out);
}

char *grow_outcome(int status, const char *output)
{
    struct buffer out = {0};
    const char *at = output;
    auto_free char *grown = status == 0 ? grown_text(output) : NULL;
    auto_free char *why = status == GROW_BY_HAND ? next_line(&at, "why: ") : NULL;

    if (grown)
        return TAKE(grown);
    if (why) {
        buffer_printf(&out, "the file system did not grow: %s", why);
        append_commands(&out, output);
    } else {
        auto_free char *said = last_lines(output);

        buffer_printf(&out, "growing the file system failed (exit code %d): %s", status,
                      *said ? said : "no output");
    }
    return buffer_take(&out);
}

static const char *disk_name(const struct disk *disk)
{
    return disk ? disk->name : "root";
}

static char *mark_uri(const struct disk *disk)
{
    return xasprintf(TAG_GROW_URI "%s", disk_name(disk));
}

void grow_open(virDomainPtr domain, const struct disk *disk)
{
    auto_free char *uri = mark_uri(disk);
    auto_free char *prefix = xasprintf("virtopo-grow-%s", disk_name(disk));

    virDomainSetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, "<open/>", prefix, uri,
                         VIR_DOMAIN_AFFECT_LIVE);
}

static void close_mark(virDomainPtr domain, const struct disk *disk)
{
    auto_free char *uri = mark_uri(disk);

    virDomainSetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, NULL, NULL, uri,
                         VIR_DOMAIN_AFFECT_LIVE);
}

bool grow_is_open(const struct machine *m, const struct disk *disk)
{
    auto_free char *uri = mark_uri(disk);
    auto_free char *quoted = xasprintf("\"%s\"", uri), *other = xasprintf("'%s'", uri);

    return m->found && m->found->has_live &&
           (strstr(m->found->live.xml, quoted) || strstr(m->found->live.xml, other));
}

/* As udev names it; NULL where the name is not known. */
static char *by_id(const struct disk *disk)
{
    static const char *const forms[] = {
        [DISK_VIRTIO] = "virtio-",
        [DISK_SCSI] = "scsi-0QEMU_QEMU_HARDDISK_",
        [DISK_SATA] = "ata-QEMU_HARDDISK_",
        [DISK_IDE] = "ata-QEMU_HARDDISK_",
        [DISK_NVME] = "nvme-QEMU_NVMe_Ctrl_",
    };
    const char *serial = disk ? disk_serial(disk) : NULL;
    const char *form = disk && (size_t)disk->bus < ARRAY_SIZE(forms) ? forms[disk->bus] : NULL;

    return serial && form ? xasprintf("/dev/disk/by-id/%s%s", form, serial) : NULL;
}

/* For whoever has to do it without our having been in the guest. */
static void note_blind(const struct disk *disk, const char *why, struct task *task)
{
    auto_free char *device = by_id(disk);

    task_note(task,
              "disk %s: the file system in the guest did not grow: %s; in the guest, as root: "
              "lsblk -f%s%s, then growpart DISK NUMBER for its last partition, if it has any, "
              "and resize2fs DEVICE (ext4), xfs_growfs MOUNTPOINT (XFS) or btrfs filesystem "
              "resize max MOUNTPOINT",
              disk_name(disk), why, device ? " " : "", device ? device : "");
}

void grow_at_boot(const struct machine *m, const struct disk *disk, struct task *task)
{
    if (!disk && m->image)
        task_note(task, "disk root: it grew while the node did not run: at its next boot the "
                        "guest's cloud-init grows partition and file system");
    else
        note_blind(disk, "the node does not run", task);
}

static int by_agent(virDomainPtr domain, const char *size, const char *serial,
                    struct task *task, struct guest_result *ret, struct error **err)
{
    const char *const argv[] = {"/bin/sh", "-c", grow_script, "virtopo", size, serial, NULL};
    const struct guest_limits limits = {AGENT_MS, RUN_MS, task_cancel_flag(task)};

    return guest_exec_agent(domain, argv, &limits, ret, err);
}

static struct machine_way way_to(const struct machine *m, virDomainPtr domain)
{
    struct machine_way way = machine_way(m);

    list_each(struct nic, m->node->nics, nic)
    {
        if (!way.ip)
            way.ip = nic_address(domain, nic->mac);
    }
    return way;
}

/* Only into a guest whose host key is known: whoever answers gets to run a command. */
static int by_ssh(const struct machine *m, struct machine_way way, const char *size,
                  const char *serial, struct task *task, struct guest_result *ret,
                  struct error **err)
{
    const struct guest_limits limits = {SSH_MS, RUN_MS, task_cancel_flag(task)};
    const struct guest_login login = {.ip = way.ip,
                                      .port = way.port,
                                      .user = machine_login(m),
                                      .key_path = m->provision->key_path,
                                      .host_key = m->host_key};
    auto_free char *script = shell_quote(grow_script);
    auto_free char *word = shell_quote(serial);
    auto_free char *command =
        xasprintf("%ssh -c %s virtopo %s %s", strcmp(login.user, "root") ? "sudo -n " : "",
                  script, size, word);

    if (!way.ip)
        return error_set(err, ERROR_NOT_FOUND, "it has no address");
    if (!m->host_key)
        return error_set(err, ERROR_NOT_FOUND, "its SSH host key is not known");
    return guest_exec_ssh(&login, command, &limits, ret, err);
}

static void note_outcome(const struct disk *disk, const struct guest_result *result,
                         struct task *task)
{
    auto_free char *text =
        grow_outcome(result->status, result->output.data ? result->output.data : "");

    task_note(task, "disk %s: %s", disk_name(disk), text);
}

/* By the one, then by the other. What was begun and did not end is not tried again. */
static void try_both(const struct machine *m, virDomainPtr domain, const struct disk *disk,
                     const char *size, struct task *task)
{
    const char *serial = disk ? disk_serial(disk) : "";
    auto_guest_result struct guest_result result = {0};
    auto_error struct error *agent = NULL, *ssh = NULL;
    auto_free char *why = NULL;

    if (by_agent(domain, size, serial, task, &result, &agent) == 0) {
        note_outcome(disk, &result, task);
        return;
    }
    if (agent->kind != ERROR_NOT_FOUND) {
        why = error_text(agent);
    } else if (by_ssh(m, way_to(m, domain), size, serial, task, &result, &ssh) == 0) {
        note_outcome(disk, &result, task);
        return;
    } else {
        auto_free char *first = error_text(agent), *second = error_text(ssh);

        why = xasprintf("no agent (%s), and no SSH (%s)", first, second);
    }
    note_blind(disk, why, task);
}

void grow_in_guest(const struct machine *m, const struct disk *disk, uint64_t size,
                   struct task *task)
{
    auto_call struct host_call call = host_call_begin(m->host->host);
    auto_domain virDomainPtr domain = virDomainLookupByUUIDString(call.connection, m->uuid);
    int state = VIR_DOMAIN_NOSTATE;
    char bytes[32];

    if (!domain || virDomainGetState(domain, &state, NULL, 0) < 0 ||
        state != VIR_DOMAIN_RUNNING) {
        note_blind(disk, "the node is paused", task);
        if (domain)
            close_mark(domain, disk);
        return;
    }
    if (disk && !disk_serial(disk)) {
        note_blind(disk, "it has no serial number to find it by", task);
        close_mark(domain, disk);
        return;
    }
    snprintf(bytes, sizeof bytes, "%llu", (unsigned long long)size);
    task_say(task, "growing the file system of disk %s", disk_name(disk));
    try_both(m, domain, disk, bytes, task);
    if (!task_cancelled(task))
        close_mark(domain, disk);
}
