/* SPDX-License-Identifier: Apache-2.0 */
#include "scratch.h"

#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/cluster.h"
#include "provision/disk_file/disk_file.h"
#include "provision/disk_file/in_use.h"
#include "provision/disk_file/output.h"
#include "provision/disk_file/resize_file.h"
#include "provision/disk_file/scratch_folder.h"
#include "util/file.h"
#include "util/size.h"

static void run(const char *const *argv)
{
    struct error *err = NULL;
    struct process_options how = {.folder = scratch, .timeout_ms = 60000};

    expect_ok(process_run(argv, &how, NULL, &err), &err);
}

#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

static int read_chain(const char *name, bool follow, struct disk_chain *ret, struct error **err)
{
    auto_free char *path = scratch_path(name);

    return disk_chain_read(path, IMAGE_FORMAT_DETECT, follow, ret, err);
}

static void expect_chain(const char *name, bool follow, size_t count)
{
    auto_disk_chain struct disk_chain chain = {0};
    struct error *err = NULL;

    expect_ok(read_chain(name, follow, &chain, &err), &err);
    assert_int_equal(chain.count, count);
}

static void expect_no_chain(const char *name, const char *message, const char *hint)
{
    struct disk_chain chain;
    struct error *err = NULL;

    expect_error(read_chain(name, false, &chain, &err), &err, message, hint);
    assert_int_equal(chain.count, 0);
}

/* ---- chains ---- */

static void overlay(const char *name, const char *base, const char *format)
{
    if (format)
        RUN("qemu-img", "create", "-q", "-f", "qcow2", "-u", "-b", base, "-F", format, name,
            "1M");
    else
        RUN("qemu-img", "create", "-q", "-f", "qcow2", name, "1M");
}

static void chains(void **state)
{
    auto_disk_chain struct disk_chain chain = {0};
    struct error *err = NULL;

    (void)state;
    scratch_disk("raw", MIB, 0);
    overlay("middle", "raw", "raw");
    overlay("top", "middle", "qcow2");
    expect_chain("raw", false, 1);
    expect_chain("middle", false, 2);
    expect_ok(read_chain("top", false, &chain, &err), &err);
    assert_int_equal(chain.count, 3);
    assert_string_equal(chain.format, "qcow2");
    assert_string_equal(chain.layers[0].driver, "qcow2");
    assert_string_equal(chain.layers[2].driver, "raw");
    assert_int_equal(chain.layers[0].capacity, MIB);
    assert_int_equal(chain.snapshots, 0);
    RUN("qemu-img", "create", "-q", "-f", "vmdk", "vm", "1M");
    overlay("onvm", "vm", "vmdk");
    expect_chain("onvm", false, 2);
}

/* What an image names is not opened for that. */
static void other_files(void **state)
{
    (void)state;
    overlay("shadow", "/etc/shadow", "raw");
    expect_no_chain("shadow", "@/shadow: its backing file '/etc/shadow' is in another folder",
                    "--follow takes it, if you trust who made the image");
    overlay("up", "../../../../../../etc/passwd", "raw");
    expect_no_chain(
        "up", "@/up: its backing file '../../../../../../etc/passwd' is in another folder",
        "--follow takes it, if you trust who made the image");
    RUN("mkdir", "below");
    scratch_disk("below/base", MIB, 0);
    overlay("down", "below/base", "raw");
    expect_chain("down", false, 2);
    RUN("ln", "-s", "/etc/passwd", "link");
    overlay("linked", "link", "raw");
    expect_no_chain("linked", "@/linked: its backing file 'link' is in another folder",
                    "--follow takes it, if you trust who made the image");
    overlay("net", "nbd:127.0.0.1:10809", "raw");
    expect_no_chain("net",
                    "@/net: its backing file 'nbd:127.0.0.1:10809' is no file of this machine",
                    NULL);
    overlay("gone", "nothing", "raw");
    expect_no_chain("gone", "@/gone: its backing file 'nothing' is not there",
                    "say where it is now: virtopo image rebase @/gone --onto FILE --unsafe");
    expect_chain("below/base", false, 1);
}

static void strange_chains(void **state)
{
    struct disk_chain chain;
    struct error *err = NULL;

    (void)state;
    overlay("b", "a", "qcow2");
    overlay("a", "b", "qcow2");
    expect_no_chain("a", "@/a: more than 200 backing files on each other", NULL);
    scratch_disk("raw", MIB, 0);
    overlay("what", "raw", "bochs");
    expect_no_chain("what", "@/what: does not say which format its backing file 'raw' has",
                    "say it: virtopo image rebase @/what --onto raw --unsafe");
    overlay("wrong", "raw", "qcow2");
    expect_error(read_chain("wrong", false, &chain, &err), &err,
                 "@/raw: is not a qcow2 image, as `format: qcow2` says",
                 "leave `format` out to have it detected");
    RUN("qemu-img", "create", "-q", "-f", "qcow2", "-o", "data_file=@data", "split", "1M");
    expect_no_chain("split",
                    "@/split: the image is encrypted, corrupt, or keeps its data in another "
                    "file, which is not taken",
                    NULL);
}

/* ---- new files ---- */

static int begin(struct output *o, const char *name, bool replace, struct error **err)
{
    auto_free char *path = scratch_path(name);

    return output_begin(o, path, replace, err);
}

static void new_files(void **state)
{
    auto_output struct output o = {.lock = -1}, other = {.lock = -1};
    struct error *err = NULL;

    (void)state;
    scratch_text("x.virtopo-part", "what a run that was killed left", 0600);
    expect_ok(begin(&o, "x", false, &err), &err);
    assert_int_equal(write(o.lock, "new", 3), 3);
    expect_error(begin(&other, "x", false, &err), &err, "another virtopo is writing @/x", NULL);
    output_done(&other);
    expect_ok(output_publish(&o, NULL, &err), &err);
    output_done(&o);
    {
        auto_free char *text = scratch_read("x");

        assert_string_equal(text, "new");
    }
    expect_error(begin(&o, "x", false, &err), &err, "@/x is there already",
                 "name another file, or overwrite it with --force");
    output_done(&o);
    expect_ok(begin(&o, "y", false, &err), &err);
    output_done(&o);
    {
        auto_free char *part = scratch_path("y.virtopo-part");

        assert_int_equal(access(part, F_OK), -1);
    }
}

/* One that came while ours was made stays. */
static void came_meanwhile(void **state)
{
    auto_output struct output o = {.lock = -1};
    struct error *err = NULL;
    auto_free char *text = NULL;

    (void)state;
    expect_ok(begin(&o, "x", false, &err), &err);
    scratch_text("x", "theirs", 0600);
    expect_error(output_publish(&o, NULL, &err), &err, "@/x is there already",
                 "name another file, or overwrite it with --force");
    text = scratch_read("x");
    assert_string_equal(text, "theirs");
}

static void replaced(void **state)
{
    auto_output struct output o = {.lock = -1};
    auto_free char *path = scratch_path("x");
    struct error *err = NULL;
    struct stat st;

    (void)state;
    scratch_text("x", "old", 0640);
    expect_ok(begin(&o, "x", true, &err), &err);
    expect_ok(output_publish(&o, path, &err), &err);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    assert_int_equal(st.st_size, 0);
    output_done(&o);
    RUN("mkdir", "folder");
    expect_error(begin(&o, "folder", true, &err), &err,
                 "@/folder is there already, and no regular file", NULL);
}

/* What a run that was killed left is known by its lock, which is gone. */
static void scratch_folders(void **state)
{
    auto_scratch_folder struct scratch_folder mine = {.lock = -1}, other = {.lock = -1};
    auto_free char *cache = path_cache(), *left = xasprintf("%s/work-123456/disk", cache);
    auto_free char *images = xasprintf("%s/images", cache);
    struct error *err = NULL;

    (void)state;
    expect_ok(file_make_folders(left, 0700, &err), &err);
    expect_ok(file_make_folders(images, 0700, &err), &err);
    expect_ok(scratch_folder_make(&mine, &err), &err);
    assert_int_equal(access(left, F_OK), -1);
    expect_ok(scratch_folder_make(&other, &err), &err);
    assert_int_equal(access(mine.path, F_OK), 0);
    assert_int_equal(access(images, F_OK), 0);
    scratch_folder_remove(&mine);
    assert_int_equal(access(other.path, F_OK), 0);
    {
        auto_free char *path = xstrdup(other.path);

        scratch_folder_remove(&other);
        assert_int_equal(access(path, F_OK), -1);
    }
}

/* QEMU's own lock on a file that it may write. */
static void in_use(void **state)
{
    auto_free char *path = scratch_path("x");
    struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 101, .l_len = 1};
    struct error *err = NULL;
    int fd;

    (void)state;
    scratch_text("x", "disk", 0600);
    expect_ok(in_use_check(path, &err), &err);
    fd = open(path, O_RDWR | O_CLOEXEC);
    assert_int_equal(fcntl(fd, F_OFD_SETLK, &lock), 0);
    expect_error(in_use_check(path, &err), &err,
                 "@/x is in use: a guest, or a tool, has it open", "stop the guest first");
    expect_error(in_use_check_written(path, &err), &err,
                 "@/x is in use: a guest, or a tool, has it open", "stop the guest first");
    lock.l_type = F_UNLCK;
    assert_int_equal(fcntl(fd, F_OFD_SETLK, &lock), 0);
    lock.l_type = F_RDLCK;
    lock.l_start = 100; /* somebody reads */
    assert_int_equal(fcntl(fd, F_OFD_SETLK, &lock), 0);
    expect_ok(in_use_check_written(path, &err), &err);
    close(fd);
}

static void ours(void **state)
{
    auto_free char *image = scratch_path("sha256-0123456789abcdef.qcow2");
    auto_free char *disk = scratch_path("lab/a.root.qcow2");
    struct error *err = NULL;

    (void)state;
    scratch_text("sha256-0123456789abcdef.qcow2", "x", 0600);
    scratch_text("lab/a.root.qcow2", "x", 0600);
    expect_ok(in_use_check_ours(image, "resize", &err), &err);
    scratch_text("sha256-0123456789abcdef.qcow2.sealed-1-2", "", 0600);
    expect_error(
        in_use_check_ours(image, "resize", &err), &err,
        "cannot resize @/sha256-0123456789abcdef.qcow2: images of the store never change",
        "make a file of it first: virtopo image export 0123456789ab image.qcow2");
    expect_error(in_use_check_ours(disk, "resize", &err), &err,
                 "cannot resize @/lab/a.root.qcow2: it is the disk of a cluster's node",
                 "its size is `disk` or `disks` in the cluster's file; `virtopo export` makes "
                 "an image of a node");
}

static void expect_no_output(const char *name, const char *message)
{
    struct output o;
    struct error *err = NULL;

    expect_error(
        begin(&o, name, true, &err), &err, message,
        "name a file elsewhere; `virtopo image import-disk` brings one into the store");
    output_done(&o);
}

/* Not over an image or a node's disk, nor beside them, by whatever way. */
static void not_into_the_store(void **state)
{
    (void)state;
    scratch_text("store/sha256-0123.qcow2", "image", 0600);
    scratch_text("store/sha256-0123.qcow2.made-4567", "", 0600);
    scratch_text("store/lab/a.root.qcow2", "disk", 0600);
    RUN("ln", "-s", "store/lab", "way");
    RUN("mkdir", "-p", "store/lab/below/more");
    expect_no_output("store/sha256-0123.qcow2",
                     "cannot write @/store/sha256-0123.qcow2: @/store is a host's store, of "
                     "images and of nodes' disks");
    expect_no_output("store/new.qcow2", "cannot write @/store/new.qcow2: @/store is a host's "
                                        "store, of images and of nodes' disks");
    expect_no_output("way/a.root.qcow2", "cannot write @/way/a.root.qcow2: @/store is a host's "
                                         "store, of images and of nodes' disks");
    expect_no_output("way/../sha256-0123.qcow2",
                     "cannot write @/way/../sha256-0123.qcow2: @/store is a host's store, of "
                     "images and of nodes' disks");
    expect_no_output("store/lab/below/more/x", "cannot write @/store/lab/below/more/x: @/store "
                                               "is a host's store, of images and of nodes' "
                                               "disks");
    {
        auto_free char *text = scratch_read("store/lab/a.root.qcow2");

        assert_string_equal(text, "disk");
    }
}

static void several_names(void **state)
{
    auto_free char *store = scratch_path("store"), *mine = scratch_path("mine.qcow2");
    auto_free char *disk = scratch_path("store/lab/a.root.qcow2"), *other = NULL;
    struct resize_result result;
    struct error *err = NULL;

    (void)state;
    RUN("mkdir", "-p", "store/lab");
    RUN("qemu-img", "create", "-q", "-f", "qcow2", "mine.qcow2", "1M");
    assert_null(in_use_other_name(mine, store));
    expect_ok(in_use_check_names(mine, "resize", &err), &err);
    RUN("ln", "mine.qcow2", "store/lab/a.root.qcow2");
    other = in_use_other_name(mine, store);
    assert_string_equal(other, disk);
    expect_error(resize_file(mine, IMAGE_FORMAT_DETECT, "2M", false, &result, &err), &err,
                 "cannot resize @/mine.qcow2: the file has 2 names (hard links), and would "
                 "change under all of them",
                 "copy it, and change the copy");
    expect_error(disk_file_rebase(mine, "x", 0, true, false, NULL, &err), &err,
                 "cannot rebase @/mine.qcow2: the file has 2 names (hard links), and would "
                 "change under all of them",
                 "copy it, and change the copy");
}

/* ---- sizes ---- */

static int resize(const char *name, int want, const char *size, bool destroy,
                  struct resize_result *ret, struct error **err)
{
    auto_free char *path = scratch_path(name);

    return resize_file(path, want, size, destroy, ret, err);
}

static void sizes(void **state)
{
    struct error *err = NULL;
    uint64_t size;

    (void)state;
    expect_ok(resize_file_size("40G", MIB, &size, &err), &err);
    assert_int_equal(size, 40 * GIB);
    expect_ok(resize_file_size("+1M", MIB, &size, &err), &err);
    assert_int_equal(size, 2 * MIB);
    expect_error(resize_file_size("100B", MIB, &size, &err), &err,
                 "'100B' is no size of a disk: whole sectors of 512 B", NULL);
    expect_error(resize_file_size("65T", MIB, &size, &err), &err,
                 "'65T' is too large: a disk has at most 64 TiB", NULL);
    expect_error(resize_file_size("+64T", MIB, &size, &err), &err,
                 "'+64T' is too large: a disk has at most 64 TiB", NULL);
}

/* Entry 2 of an MBR: from 1 MiB to 3 MiB. */
static void make_disk(const char *format)
{
    unsigned char sector[512] = {[446 + 16 + 4] = 0x83,
                                 [446 + 16 + 9] = 8,
                                 [446 + 16 + 13] = 16,
                                 [510] = 0x55,
                                 [511] = 0xaa};

    scratch_write("source", sector, sizeof sector, 0644);
    RUN("truncate", "-s", "8M", "source");
    RUN("qemu-img", "convert", "-f", "raw", "-O", format, "source", "x");
}

static void larger_and_smaller(void **state)
{
    static const char *const formats[] = {"qcow2", "raw"};
    struct resize_result r;
    struct error *err = NULL;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
        make_disk(formats[i]);
        expect_ok(resize("x", IMAGE_FORMAT_DETECT, "+8M", false, &r, &err), &err);
        assert_int_equal(r.before, 8 * MIB);
        assert_int_equal(r.after, 16 * MIB);
        assert_int_equal(r.table, PARTITION_TABLE_MBR);
        assert_int_equal(r.last, 2);
        expect_error(resize("x", IMAGE_FORMAT_DETECT, "4M", false, &r, &err), &err,
                     "@/x has a disk of 16 MiB: 4 MiB is less, and what is behind is lost",
                     "make partitions and file systems smaller first, in the guest; then add "
                     "--destroy-data");
        expect_error(resize("x", IMAGE_FORMAT_DETECT, "2M", true, &r, &err), &err,
                     "@/x: at 2 MiB, the end of partition 2 (to 3M) would be cut off",
                     "in the guest, make them smaller or remove them; the disk cannot be "
                     "smaller than 3M");
        expect_ok(resize("x", IMAGE_FORMAT_DETECT, "3M", true, &r, &err), &err);
        expect_ok(resize("x", IMAGE_FORMAT_DETECT, "3M", false, &r, &err), &err);
        assert_int_equal(r.before, 3 * MIB);
    }
    RUN("qemu-img", "create", "-q", "-f", "vdi", "v", "1M");
    expect_error(resize("v", IMAGE_FORMAT_DETECT, "2M", false, &r, &err), &err,
                 "@/v: a vdi image cannot be resized",
                 "make a qcow2 image of it first: virtopo image convert");
}

/* One partition, to 4 MiB; the header at the start is gone, the copy's is good. */
static void make_half_gpt(void)
{
    static const unsigned char mbr[512] = {[446 + 4] = 0xee,  [446 + 8] = 1, [446 + 12] = 0xff,
                                           [446 + 13] = 0x3f, [510] = 0x55,  [511] = 0xaa};
    static const char entry[] = "\xaf\x3d\xc6\x0f\x83\x84\x72\x47\x8e\x79\x3d\x69\xd8\x47\x7d"
                                "\xe4\7\7\7\7\7\7\7\7\7\7\7\7\7\7\7\7\0\x8\0\0\0\0\0\0\xff\x1f";
    static const char header[] =
        "EFI "
        "PART\0\0\1\0\x5c\0\0\0\x4e\xca\xcd\x7d\0\0\0\0\xff\x3f\0\0\0\0\0\0\1\0\0\0\0\0\0\0\x22"
        "\0\0\0\0\0\0\0\xde\x3f\0\0\0\0\0\0\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\xdf\x3f\0\0\0\0\0\0"
        "\x80\0\0\0\x80\0\0\0\x80\xc3\x59\x32";
    auto_free char *path = scratch_path("x");
    auto_close int fd = -1;

    scratch_write("x", mbr, sizeof mbr, 0644);
    fd = open(path, O_RDWR | O_CLOEXEC);
    assert_int_equal(ftruncate(fd, 8 * MIB), 0);
    assert_int_equal(pwrite(fd, entry, sizeof entry, 16351 * 512), sizeof entry);
    assert_int_equal(pwrite(fd, header, sizeof header, 16383 * 512), sizeof header);
}

static void the_only_table(void **state)
{
    static const char *const sizes[] = {"7M", "+8M"};
    struct resize_result r;
    struct error *err = NULL;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
        make_half_gpt();
        expect_error(
            resize("x", IMAGE_FORMAT_RAW, sizes[i], true, &r, &err), &err,
            "@/x: its GPT can only be read from the copy at the end of the disk, which "
            "would be lost",
            "have it written anew first: in the guest, or on a raw copy, `sgdisk -e "
            "DISK` (`sgdisk -z DISK` where it is of no use)");
        assert_int_equal(r.before, 8 * MIB);
    }
}

static void without_partitions(void **state)
{
    struct resize_result r;
    struct error *err = NULL;

    (void)state;
    RUN("qemu-img", "create", "-q", "-f", "qcow2", "x", "8M");
    RUN("qemu-io", "-f", "qcow2", "-c", "write -P 1 5M 64k", "x");
    expect_error(
        resize("x", IMAGE_FORMAT_DETECT, "4M", true, &r, &err), &err,
        "@/x: the disk has no partitions, and data behind its new end, at byte 5242880",
        "make the file system smaller first, and discard what is behind it");
    expect_ok(resize("x", IMAGE_FORMAT_DETECT, "6M", true, &r, &err), &err);
    assert_int_equal(r.after, 6 * MIB);
}

/* ---- another base ---- */

static int rebase(const char *name, const char *onto, bool unsafe, struct error **err)
{
    auto_free char *path = scratch_path(name), *base = scratch_path(onto);

    return disk_file_rebase(path, base, IMAGE_FORMAT_DETECT, unsafe, false, NULL, err);
}

static void another_base(void **state)
{
    struct error *err = NULL;

    (void)state;
    scratch_disk("one", MIB, 1);
    scratch_disk("two:2", MIB, 2);
    overlay("top", "one", "raw");
    RUN("qemu-img", "convert", "-O", "qcow2", "top", "flat");
    expect_ok(rebase("top", "two:2", false, &err), &err);
    expect_chain("top", false, 2);
    RUN("qemu-img", "compare", "-q", "top", "flat");
    expect_error(rebase("two:2", "one", false, &err), &err,
                 "@/two:2: only qcow2 images can stand on another", NULL);
    expect_error(rebase("top", "top", true, &err), &err,
                 "@/top: the new base stands on this image", NULL);
    overlay("lost", "gone", "raw");
    expect_error(rebase("lost", "one", false, &err), &err,
                 "@/lost: its backing file 'gone' is not there",
                 "say where it is now: virtopo image rebase @/lost --onto FILE --unsafe");
    expect_ok(rebase("lost", "one", true, &err), &err);
    expect_chain("lost", false, 2);
}

static void formats_by_name(void **state)
{
    (void)state;
    assert_string_equal(disk_file_format_of("a/b.VMDK"), "vmdk");
    assert_string_equal(disk_file_format_of("x.qcow2"), "qcow2");
    assert_null(disk_file_format_of("x.img"));
    assert_null(disk_file_format_of("qcow2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(chains),
        SCRATCH_TEST(other_files),
        SCRATCH_TEST(strange_chains),
        SCRATCH_TEST(new_files),
        SCRATCH_TEST(came_meanwhile),
        SCRATCH_TEST(replaced),
        SCRATCH_TEST(scratch_folders),
        SCRATCH_TEST(in_use),
        SCRATCH_TEST(ours),
        SCRATCH_TEST(not_into_the_store),
        SCRATCH_TEST(several_names),
        SCRATCH_TEST(sizes),
        SCRATCH_TEST(larger_and_smaller),
        SCRATCH_TEST(the_only_table),
        SCRATCH_TEST(without_partitions),
        SCRATCH_TEST(another_base),
        SCRATCH_TEST(formats_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
