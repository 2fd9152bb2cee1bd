/* SPDX-License-Identifier: Apache-2.0 */
#include "templates/layer_work.h"

#include <stdlib.h>
#include <string.h>

#include "templates/build_guest_xml.h"
#include "templates/iso.h"
#include "templates/yaml_writer.h"
#include "util/process.h"

#define WORK_DIR "/run/virtopo-build"

static void put_quoted(struct buffer *out, const char *word)
{
    auto_free char *quoted = shell_quote(word);

    buffer_printf(out, " %s", quoted);
}

static void write_owners(const struct layer_step *step, struct buffer *out)
{
    list_each(const struct guest_file, step->layer->files, file)
    {
        if (!layer_step_has_file(step, file))
            continue;
        buffer_puts(out, "chown --");
        put_quoted(out, file->owner);
        put_quoted(out, file->path);
        buffer_puts(out, "\n");
    }
}

static void write_packages(const struct string_list *packages, struct buffer *out)
{
    buffer_puts(out, "set --");
    for (size_t i = 0; i < packages->count; i++)
        put_quoted(out, packages->items[i]);
    buffer_puts(
        out, "\n"
             "has() { command -v \"$1\" >/dev/null 2>&1; }\n"
             "if has apt-get; then\n"
             "    apt-get -q update\n"
             "    apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold "
             "install \"$@\"\n"
             "elif has dnf; then dnf -y install \"$@\"\n"
             "elif has yum; then yum -y install \"$@\"\n"
             "elif has zypper; then zypper --non-interactive install \"$@\"\n"
             "elif has apk; then apk add \"$@\"\n"
             "elif has pacman; then pacman -Sy --noconfirm --needed \"$@\"\n"
             "else\n"
             "    echo 'no package manager that is known here: apt-get, dnf, yum, zypper, apk, "
             "pacman'\n"
             "    exit 127\n"
             "fi\n");
}

/* A file goes under its own name, or into a folder where `to` ends with a slash: the archive
 * has it under its last name. */
static void write_copy(const struct layer_copy *copy, size_t number, bool is_folder,
                       struct buffer *out)
{
    const char *slash = strrchr(copy->to, '/');
    auto_free char *folder =
        is_folder ? xstrdup(copy->to) : xstrndup(copy->to, (size_t)(slash - copy->to) + 1);

    buffer_printf(out, "unpack %zu", number);
    put_quoted(out, folder);
    buffer_puts(out, "\n");
}

void layer_step_script(const struct layer_step *step, size_t number, bool is_folder,
                       struct buffer *out)
{
    if (step->kind == LAYER_STEP_RUN) {
        buffer_printf(out, "%s\n", step->command);
        return;
    }
    buffer_puts(out, ". " WORK_DIR "/settings\n");
    if (step->kind == LAYER_STEP_COPY)
        write_copy(step->copy, number, is_folder, out);
    else if (step->kind == LAYER_STEP_PACKAGES)
        write_packages(&step->layer->packages, out);
    else
        buffer_printf(out, "unpack %zu /\n", number);
    if (step->kind == LAYER_STEP_OWNED_FILES)
        write_owners(step, out);
}

/* GNU tar would put a folder in the place of a link to one: /lib of a system with merged /usr.
 */
static const char unpack_text[] =
    "unpack() {\n"
    "    eval \"at=\\$at_$1 count=\\$count_$1\"\n"
    "    mkdir -p \"$2\"\n"
    "    links=\n"
    "    ! tar --help 2>&1 | grep -q keep-directory-symlink || links=--keep-directory-symlink\n"
    "    dd if=\"$dev\" bs=1048576 skip=\"$at\" count=\"$count\" 2>/dev/null |\n"
    "        tar -x -p $links -f - -C \"$2\"\n"
    "    ! command -v restorecon >/dev/null 2>&1 || [ \"$2\" = / ] || restorecon -R \"$2\" || "
    ":\n"
    "}\n";

void layer_settings_text(const struct layer_settings *s, struct buffer *out)
{
    buffer_printf(out, "nonce=%s\nsteps=%zu\nkeep=%d\nseal=%d\n", s->nonce, s->steps,
                  s->keep ? 1 : 0, s->seal ? 1 : 0);
    buffer_puts(out, "channel=" BUILD_CHANNEL "\nmac=" BUILD_MAC "\ndev=${dev:-$1}\n");
    for (size_t i = 0; i < s->steps; i++) {
        if (s->parts[i].count)
            buffer_printf(out, "at_%zu=%zu count_%zu=%zu\n", i + 1, s->parts[i].at, i + 1,
                          s->parts[i].count);
    }
    buffer_puts(out, unpack_text);
}

/* Finds the work by its serial, whatever else is there, and hands over. */
static char *start_command(size_t head)
{
    return xasprintf("for file in /sys/block/*/serial; do\n"
                     "  [ -f \"$file\" ] || continue\n"
                     "  serial=; read -r serial <\"$file\"\n"
                     "  [ \"$serial\" = " LAYER_WORK_SERIAL " ] || continue\n"
                     "  file=${file%%/serial}\n"
                     "  mkdir -p " WORK_DIR "\n"
                     "  dd if=\"/dev/${file##*/}\" bs=1048576 count=%zu 2>/dev/null |\n"
                     "    tar -x -f - -C " WORK_DIR "\n"
                     "  exec sh " WORK_DIR "/driver \"/dev/${file##*/}\"\n"
                     "done\n",
                     head);
}

/* No user, no host name, one small host key: what cloud-init would do for a node does not
 * belong to the image. */
static json_t *user_data(size_t head)
{
    auto_free char *start = start_command(head);

    return json_pack("{s:[], s:b, s:b, s:[s], s:[[s,s,s]]}", "users", "preserve_hostname", 1,
                     "ssh_deletekeys", 0, "ssh_genkeytypes", "ed25519", "runcmd", "sh", "-c",
                     start);
}

static json_t *network_config(bool network)
{
    json_t *nics = json_object();

    if (network)
        json_object_set_new(
            nics, "build",
            json_pack("{s:{s:s}, s:b}", "match", "macaddress", BUILD_MAC, "dhcp4", 1));
    return json_pack("{s:i, s:o}", "version", 2, "ethernets", nics);
}

static int put_yaml(json_t *value, struct buffer *out, struct error **err)
{
    int outcome = yaml_write(value, out, err);

    json_decref(value);
    return outcome;
}

int layer_seed(const char *instance_id, size_t head, bool network, struct buffer *out,
               struct error **err)
{
    auto_buffer struct buffer user = {0}, meta = {0}, config = {0};

    buffer_puts(&user, "#cloud-config\n");
    if (put_yaml(user_data(head), &user, err) < 0 ||
        put_yaml(json_pack("{s:s}", "instance-id", instance_id), &meta, err) < 0 ||
        put_yaml(network_config(network), &config, err) < 0)
        return -1;
    return iso_build("cidata",
                     (struct iso_file[]){
                         {"user-data", user.data, user.length},
                         {"meta-data", meta.data, meta.length},
                         {"network-config", config.data, config.length},
                     },
                     3, out, err);
}
