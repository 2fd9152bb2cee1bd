/* SPDX-License-Identifier: Apache-2.0 */
#include "provision/build/install_media.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "provision/build/install_cmdline.h"
#include "provision/build/iso_index.h"
#include "provision/build/iso_source.h"
#include "templates/cpio.h"
#include "util/file.h"
#include "util/size.h"

#define KERNEL_MOST (256 * MIB)
#define INITRD_MOST (2 * GIB)
#define ANSWERS_MOST (4 * MIB)

static int read_answers(const struct answers *answers, struct buffer *out, struct error **err)
{
    if (file_read(answers->file, ANSWERS_MOST, out, err) < 0)
        return error_wrap(err, "the installer's answers");
    if (out->length == 0)
        return error_set(err, ERROR_CONFIG, "the installer's answers %s are empty",
                         answers->file);
    return 0;
}

int install_answers_check(const struct answers *answers, struct error **err)
{
    static const char head[] = "#cloud-config";
    auto_iso_index struct iso_index index = {0};
    auto_buffer struct buffer text = {0};

    if (!answers->file)
        return 0;
    if (answers->kind == ANSWER_ISO)
        return iso_index_read(answers->file, &index, err);
    if (read_answers(answers, &text, err) < 0)
        return -1;
    if (answers->kind != ANSWER_AUTOINSTALL || strncmp(text.data, head, sizeof head - 1) == 0)
        return 0;
    error_set(err, ERROR_CONFIG, "the installer's answers %s do not begin with '%s'",
              answers->file, head);
    return error_hint(err, "autoinstall takes cloud-init's user-data: that line, then "
                           "'autoinstall:' with all the answers below it");
}

/* Linux takes an archive behind another, compressed or not, at a multiple of four bytes. */
static int append_answers(const struct answers *answers, const char *initrd, struct error **err)
{
    static const char zeros[4];
    auto_buffer struct buffer text = {0}, archive = {0};
    struct iso_file file;
    auto_close int fd = -1;
    struct stat st;
    size_t padding;

    if (read_answers(answers, &text, err) < 0)
        return -1;
    file =
        (struct iso_file){answers->kind == ANSWER_PRESEED ? INSTALL_PRESEED : INSTALL_KICKSTART,
                          text.data, text.length};
    fd = open(initrd, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) < 0)
        return error_errno(err, errno, "cannot write %s", initrd);
    padding = (size_t)(-st.st_size & 3);
    buffer_append(&archive, zeros, padding);
    if (cpio_build(&file, 1, &archive, err) < 0)
        return -1;
    if (write(fd, archive.data, archive.length) != (ssize_t)archive.length)
        return error_errno(err, errno ? errno : ENOSPC, "cannot write %s", initrd);
    return 0;
}

static int copy_file(const char *from, const char *to, uint64_t limit, struct error **err)
{
    auto_buffer struct buffer data = {0};

    if (file_read(from, limit, &data, err) < 0)
        return -1;
    return file_publish(to, data.data ? data.data : "", data.length, 0600, err);
}

/* Both as local files. */
static int take_out(const struct install_medium *medium, const char *iso, const char *kernel,
                    const char *initrd, struct error **err)
{
    auto_iso_boot struct iso_boot boot = {0};

    if (!iso) {
        if (copy_file(medium->kernel, kernel, KERNEL_MOST, err) < 0)
            return -1;
        return copy_file(medium->initrd, initrd, INITRD_MOST, err);
    }
    if (iso_source_find(iso, medium->kernel, medium->initrd, &boot, err) < 0 ||
        iso_source_extract(iso, boot.kernel, kernel, KERNEL_MOST, err) < 0)
        return -1;
    return iso_source_extract(iso, boot.initrd, initrd, INITRD_MOST, err);
}

static int bring_boot(const struct workshop *w, const struct image *image, const char *iso,
                      const char *scratch, struct task *task, struct error **err)
{
    auto_free char *kernel = xasprintf("%s.kernel", scratch);
    auto_free char *initrd = xasprintf("%s.initrd", scratch);
    const struct answers *answers = &image->answers;
    bool is_inside =
        answers->file && (answers->kind == ANSWER_PRESEED || answers->kind == ANSWER_KICKSTART);
    int outcome = take_out(&image->iso, iso, kernel, initrd, err);

    if (outcome == 0 && is_inside)
        outcome = append_answers(answers, initrd, err);
    if (outcome == 0)
        outcome = workshop_upload(w, INSTALL_KERNEL, kernel, task, err);
    if (outcome == 0)
        outcome = workshop_upload(w, INSTALL_INITRD, initrd, task, err);
    unlink(kernel);
    unlink(initrd);
    return outcome;
}

static int bring_answers(const struct workshop *w, const struct answers *answers,
                         struct task *task, struct error **err)
{
    static const char meta_data[] = "instance-id: virtopo-install\n";
    auto_buffer struct buffer text = {0}, iso = {0};
    struct iso_file files[] = {{"user-data", NULL, 0},
                               {"meta-data", meta_data, sizeof meta_data - 1}};

    if (answers->kind == ANSWER_ISO)
        return workshop_upload(w, INSTALL_ANSWERS, answers->file, task, err);
    if (read_answers(answers, &text, err) < 0)
        return -1;
    files[0].data = text.data;
    files[0].length = text.length;
    if (iso_build("cidata", files, ARRAY_SIZE(files), &iso, err) < 0)
        return -1;
    return workshop_upload_data(w, INSTALL_ANSWERS, iso.data, iso.length, err);
}

int install_media_bring(const struct workshop *w, const struct image *image, const char *iso,
                        const char *scratch, struct task *task, struct install_media *ret,
                        struct error **err)
{
    const struct answers *answers = &image->answers;

    *ret = (struct install_media){
        .medium = iso,
        .answers = answers->file &&
                   (answers->kind == ANSWER_AUTOINSTALL || answers->kind == ANSWER_ISO)};
    task_say(task, "bringing the installer to host '%s'", host_name(w->host->host));
    if (bring_boot(w, image, iso, scratch, task, err) < 0)
        return -1;
    if (iso && workshop_upload(w, INSTALL_MEDIUM, iso, task, err) < 0)
        return -1;
    return ret->answers ? bring_answers(w, answers, task, err) : 0;
}
