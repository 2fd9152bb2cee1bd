/* SPDX-License-Identifier: Apache-2.0 */
#include "host/lock.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <pwd.h>

#include "templates/xmlreader.h"
#include "templates/xmlwriter.h"
#include "util/buffer.h"
#include "util/file.h"

/* Of the secrets' usage. */
#define PREFIX "virtopo/"

/* Start time of a process in clock ticks since boot (proc(5), stat field 22): with the pid it
 * names a process for good. 0 when there is none. */
static unsigned long long process_start(long pid)
{
    auto_free char *path = xasprintf("/proc/%ld/stat", pid);
    auto_buffer struct buffer text = {0};
    const char *field;

    if (file_read(path, 4096, &text, NULL) < 0)
        return 0;
    field = strrchr(text.data, ')');
    /* A dead process that nobody has reaped yet holds nothing. */
    if (field && (field[2] == 'Z' || field[2] == 'X'))
        return 0;
    for (int i = 0; field && i < 20; i++)
        field = strchr(field + 1, ' ');
    return field ? strtoull(field, NULL, 10) : 0;
}

static char *boot_id(void)
{
    auto_buffer struct buffer text = {0};

    if (file_read("/proc/sys/kernel/random/boot_id", 128, &text, NULL) < 0 || !text.data)
        return xstrdup("unknown");
    text.data[strcspn(text.data, "\n")] = '\0';
    return xstrdup(text.data);
}

/* "ann@desk, pid 4711, since 2026-01-31T12:00:00Z [boot … start …]" */
static char *describe_holder(void)
{
    const struct passwd *user = getpwuid(geteuid());
    auto_free char *boot = boot_id();
    struct utsname machine = {0};
    time_t now = time(NULL);
    struct tm utc;
    char when[32];

    uname(&machine);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    return xasprintf("%s@%s, pid %ld, since %s [boot %s start %llu]",
                     user ? user->pw_name : "?", machine.nodename, (long)getpid(), when, boot,
                     process_start(getpid()));
}

/* True only when the holder ran on this boot of this machine and is gone. */
static bool holder_is_dead(const char *description)
{
    auto_free char *boot = boot_id();
    unsigned long long start;
    char holder_boot[64];
    const char *pid_at = strstr(description, ", pid ");
    const char *boot_at = strstr(description, "[boot ");
    long pid;

    if (!pid_at || !boot_at || sscanf(pid_at, ", pid %ld", &pid) != 1 ||
        sscanf(boot_at, "[boot %63s start %llu]", holder_boot, &start) != 2 ||
        strcmp(holder_boot, boot) != 0)
        return false;
    return process_start(pid) != start;
}

static int secret_xml(const char *usage, char **ret, struct error **err)
{
    auto_free char *holder = describe_holder();
    struct xmlwriter w;

    xml_start(&w);
    xml_open(&w, "secret");
    xml_attribute(&w, "ephemeral", "yes");
    xml_attribute(&w, "private", "yes");
    xml_element(&w, "description", holder);
    xml_open(&w, "usage");
    xml_attribute(&w, "type", "volume");
    xml_element(&w, "volume", usage);
    xml_close(&w);
    xml_close(&w);
    return xml_finish(&w, ret, err);
}

/* The description of the secret, or NULL when there is none any more. */
static char *read_holder(virSecretPtr secret)
{
    auto_free char *xml = virSecretGetXMLDesc(secret, 0);
    auto_xml xmlDocPtr document = xml ? xmlreader_parse(xml, NULL) : NULL;

    return document ? xmlreader_child_text(xmlDocGetRootElement(document), "description")
                    : NULL;
}

static int busy(const char *name, const char *holder, struct error **err)
{
    auto_free char *who = xstrndup(holder, strcspn(holder, "["));

    error_set(err, ERROR_BUSY, "%.*s '%s' is being changed by %s", (int)strcspn(name, "/"),
              name, strchr(name, '/') ? strchr(name, '/') + 1 : "", who);
    return error_hint(err, "wait until that is done; if it is dead for sure, --break-lock");
}

int host_lock_take(struct host *host, const char *name, enum lock_mode mode,
                   struct host_lock *ret, struct error **err)
{
    auto_free char *usage = xasprintf(PREFIX "%s", name);
    auto_call struct host_call call = host_call_begin(host);
    auto_error struct error *refusal = NULL;

    *ret = (struct host_lock){host, NULL};
    /* Bounded: each round either takes the lock, fails, or removes one dead holder. */
    for (int round = 0; round < 8; round++) {
        auto_free char *xml = NULL;
        auto_free char *holder = NULL;
        auto_secret virSecretPtr other = NULL;
        auto_secret virSecretPtr mine = NULL;
        char uuid[VIR_UUID_STRING_BUFLEN];

        if (secret_xml(usage, &xml, err) < 0)
            return -1;
        mine = virSecretDefineXML(call.connection, xml, 0);
        if (mine && virSecretGetUUIDString(mine, uuid) == 0) {
            ret->uuid = xstrdup(uuid);
            return 0;
        }
        if (virt_last_code() == VIR_ERR_NO_SUPPORT)
            return 0;
        error_virt(&refusal, "locking %s", name);
        other = virSecretLookupByUsage(call.connection, VIR_SECRET_USAGE_TYPE_VOLUME, usage);
        if (!other && virt_last_code() != VIR_ERR_NO_SECRET)
            break;
        holder = other ? read_holder(other) : NULL;
        if (!holder)
            continue;
        if (mode != LOCK_BREAK && !holder_is_dead(holder))
            return busy(name, holder, err);
        /* By its own UUID: if somebody else took over first, this does nothing. */
        virSecretUndefine(other);
    }
    return error_move(err, TAKE(refusal));
}

void host_lock_release(struct host_lock *lock)
{
    if (!lock->uuid)
        return;
    struct host_call call = host_call_begin(lock->host);
    virSecretPtr secret = virSecretLookupByUUIDString(call.connection, lock->uuid);
    if (secret) {
        virSecretUndefine(secret);
        virSecretFree(secret);
    }
    host_call_end(&call);
    free(lock->uuid);
    lock->uuid = NULL;
}

static bool holder_is_me(const char *description)
{
    auto_free char *me = describe_holder();
    auto_free char *here = xasprintf(", pid %ld, ", (long)getpid());
    const char *boot = strstr(description, "[boot ");

    return boot && strstr(description, here) && strcmp(boot, strstr(me, "[boot ")) == 0;
}

static bool is_elsewhere(virSecretPtr secret)
{
    auto_free char *holder = read_holder(secret);

    return holder && !holder_is_dead(holder) && !holder_is_me(holder);
}

bool host_lock_is_held(virConnectPtr connection, const char *name)
{
    auto_free char *usage = xasprintf(PREFIX "%s", name);
    auto_secret virSecretPtr secret =
        virSecretLookupByUsage(connection, VIR_SECRET_USAGE_TYPE_VOLUME, usage);
    auto_free char *holder = secret ? read_holder(secret) : NULL;

    return holder && !holder_is_dead(holder);
}

bool host_lock_is_elsewhere(virConnectPtr connection, const char *name)
{
    auto_free char *usage = xasprintf(PREFIX "%s", name);
    auto_secret virSecretPtr secret =
        virSecretLookupByUsage(connection, VIR_SECRET_USAGE_TYPE_VOLUME, usage);

    return secret && is_elsewhere(secret);
}

bool host_lock_any_elsewhere(virConnectPtr connection, const char *prefix)
{
    auto_free char *start = xasprintf(PREFIX "%s", prefix);
    virSecretPtr *secrets = NULL;
    bool found = false;
    int count = virConnectListAllSecrets(connection, &secrets, 0);

    for (int i = 0; i < count; i++) {
        const char *usage = virSecretGetUsageID(secrets[i]);

        found = found || (usage && strncmp(usage, start, strlen(start)) == 0 &&
                          is_elsewhere(secrets[i]));
        virSecretFree(secrets[i]);
    }
    free(secrets);
    return found;
}

static bool is_dead_lock(virSecretPtr secret)
{
    const char *usage = virSecretGetUsageID(secret);
    auto_free char *holder = NULL;

    if (!usage || strncmp(usage, PREFIX, strlen(PREFIX)) != 0)
        return false;
    holder = read_holder(secret);
    return holder && holder_is_dead(holder);
}

void host_lock_sweep(struct host *host)
{
    auto_call struct host_call call = host_call_begin(host);
    virSecretPtr *secrets = NULL;
    int count = virConnectListAllSecrets(call.connection, &secrets, 0);

    for (int i = 0; i < count; i++) {
        if (is_dead_lock(secrets[i]))
            virSecretUndefine(secrets[i]);
        virSecretFree(secrets[i]);
    }
    free(secrets);
}
