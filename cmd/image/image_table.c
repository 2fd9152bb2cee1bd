/* SPDX-License-Identifier: Apache-2.0 */
/* The commands that begin with `image`. */
#include "cmd/command.h"

#include "cmd/image/image_commands.h"

#define OWN(type, member) .offset = offsetof(struct image_##type##_options, member)
#define OPTIONS(type) \
    .options = type##_table, .options_size = sizeof(struct image_##type##_options)

static const struct command_option build_table[] = {
    {"rebuild", 0, OPTION_FLAG, OWN(build, rebuild), NULL, "build also what is there already"},
    {"keep", 0, OPTION_FLAG, OWN(build, keep), NULL,
     "leave the guest of a build that fails up, to look at"},
    {0},
};

static const struct command_option lock_table[] = {
    {"check", 0, OPTION_FLAG, OWN(lock, check), NULL,
     "write nothing; exit with 3 when the lock would change"},
    {0},
};

static const struct command_option prune_table[] = {
    {"cache", 0, OPTION_FLAG, OWN(prune, cache), NULL,
     "also the finished images in the cache of this machine"},
    {"dry-run", 'n', OPTION_FLAG, OWN(prune, dry_run), NULL,
     "only say what would go, and what that frees"},
    {0},
};

static const struct command_option convert_table[] = {
    {"format", 0, OPTION_STRING, OWN(convert, format), "FORMAT",
     "qcow2, raw, vmdk, vdi, vhdx or vhd (default: by the end of the new file's name)"},
    {"from-format", 0, OPTION_STRING, OWN(convert, from_format), "FORMAT",
     "the format of a file (default: by what is in it)"},
    {"compress", 0, OPTION_FLAG, OWN(convert, compress), NULL, "smaller, and slower to read"},
    {"follow", 0, OPTION_FLAG, OWN(convert, follow), NULL,
     "take backing files that a file names also from other folders"},
    {"force", 0, OPTION_FLAG, OWN(convert, force), NULL, "overwrite a file that is there"},
    {0},
};

static const struct command_option export_table[] = {
    {"format", 0, OPTION_STRING, OWN(convert, format), "FORMAT",
     "qcow2, raw, vmdk, vdi, vhdx or vhd (default: by the end of the file's name, else qcow2)"},
    {"compress", 0, OPTION_FLAG, OWN(convert, compress), NULL, "smaller, and slower to read"},
    {"force", 0, OPTION_FLAG, OWN(convert, force), NULL, "overwrite a file that is there"},
    {0},
};

static const struct command_option flatten_table[] = {
    {"output", 'o', OPTION_STRING, OWN(flatten, output), "FILE",
     "make this file (default: the file itself is made anew)"},
    {"from-format", 0, OPTION_STRING, OWN(flatten, from_format), "FORMAT",
     "the format of a file (default: by what is in it)"},
    {"follow", 0, OPTION_FLAG, OWN(flatten, follow), NULL,
     "take backing files that a file names also from other folders"},
    {"force", 0, OPTION_FLAG, OWN(flatten, force), NULL, "overwrite a file that is there"},
    {0},
};

static const struct command_option resize_table[] = {
    {"from-format", 0, OPTION_STRING, OWN(resize, from_format), "FORMAT",
     "its format (default: by what is in it)"},
    {"destroy-data", 0, OPTION_FLAG, OWN(resize, destroy_data), NULL,
     "allow a smaller disk, where no partition lies behind the new end"},
    {0},
};

static const struct command_option rebase_table[] = {
    {"onto", 0, OPTION_STRING, OWN(rebase, onto), "FILE", "the new backing file",
     .required = true},
    {"onto-format", 0, OPTION_STRING, OWN(rebase, onto_format), "FORMAT",
     "its format (default: by what is in it)"},
    {"unsafe", 0, OPTION_FLAG, OWN(rebase, unsafe), NULL,
     "only write the new name: what is there is the same as was"},
    {"follow", 0, OPTION_FLAG, OWN(rebase, follow), NULL,
     "take backing files that a file names also from other folders"},
    {0},
};

static const struct command_option import_table[] = {
    {"from-format", 0, OPTION_STRING, OWN(import, from_format), "FORMAT",
     "its format (default: by what is in it)"},
    {"flatten", 0, OPTION_FLAG, OWN(import, flatten), NULL,
     "make one image of a file and its backing files"},
    {"follow", 0, OPTION_FLAG, OWN(import, follow), NULL,
     "with --flatten, take backing files also from other folders"},
    {"host", 0, OPTION_STRING, OWN(import, host), "HOST",
     "into this host's store (default: the only one)"},
    {0},
};

const struct command image_commands[] = {
    {"image build", "[IMAGE...]", GROUP_IMAGES, "build the file's images now",
     "Makes the images of the file that a script, layers or an installation make, and puts "
     "them into the hosts' stores, as `virtopo up` does when a node needs one. What has not "
     "changed since it was built costs nothing.\n\n"
     "With IMAGEs, only those, whatever they come from.",
     OPTIONS(build), 0, ARGS_ANY, NEEDS_CLUSTER, cmd_image_build},
    {"image pull", "[IMAGE...]", GROUP_IMAGES, "fetch the file's images now",
     "Downloads the images of the file that have a URL into the hosts' stores. Where the file "
     "names no digest of its own (`checksums`, `insecure`), looks whether there is a newer "
     "one: "
     "`virtopo up` uses what it has, until this is asked for.\n\n"
     "With IMAGEs, only those.",
     .max_args = ARGS_ANY, .needs = NEEDS_CLUSTER, .run = cmd_image_pull},
    {"image lock", "[IMAGE...]", GROUP_IMAGES, "write down what downloaded images are today",
     "Writes virtopo.lock beside the file: for each image that is downloaded, its addresses "
     "and "
     "the digest that it has today. Digests come from the file, from its `checksums`, or, "
     "where "
     "nothing says them (`insecure`), from the download itself, which stays in the cache.\n\n"
     "With that file there, `virtopo plan`, `up` and all others take what was locked and "
     "nothing else. Keep it with the file. Images that are gone from the file go from the "
     "lock.\n\n"
     "With IMAGEs, only those are looked at; the others stay as they were locked.",
     OPTIONS(lock), 0, ARGS_ANY, NEEDS_CLUSTER | IGNORES_LOCK, cmd_image_lock},
    {"image list", "", GROUP_IMAGES, "list the images in the hosts' stores",
     "Lists the images in the store of each host, whoever put them there: the names that they "
     "were brought under, their digest, the size of their disk and of their file. Needs no "
     "file; with one, its hosts are looked at.",
     .max_args = 0, .needs = READS_FILE, .run = cmd_image_list},
    {"image show", "IMAGE", GROUP_IMAGES, "show all about an image in the store",
     "Shows an image that is in the hosts' stores: its digest and file, what it was made of, "
     "when and by whom, what it is a layer on, and who uses it.\n\n"
     "IMAGE is a name of the file, a name that somebody brought an image under, or the first "
     "digits of a digest.",
     .min_args = 1, .max_args = 1, .needs = READS_FILE, .run = cmd_image_show},
    {"image verify", "[IMAGE...]", GROUP_IMAGES, "check that images are what they were",
     "Reads images in the hosts' stores, all or those named, and compares them with the digest "
     "that they are named by. The exit code is 1 when one is not what it was.",
     .max_args = ARGS_ANY, .needs = READS_FILE, .run = cmd_image_verify},
    {"image prune", "", GROUP_IMAGES, "remove images that nothing uses",
     "Removes from the hosts' stores the images that no disk and no domain uses, whosever, and "
     "layers that nothing stands on; and what runs that were cut off left: downloads, disks "
     "and guests of builds. Who uses an image is read from the disks themselves. Asks first; "
     "without a terminal it needs --yes.",
     OPTIONS(prune), 0, 0, READS_FILE, cmd_image_prune},
    {"image convert", "FILE|IMAGE TO", GROUP_IMAGES, "make an image file of another format",
     "Makes the file TO of an image file, or of an image of the store (by its name, or the "
     "first digits of its digest): one file, with all that a chain of layers or backing files "
     "holds. A word with a / in it, or the name of a file that is here, is a file.\n\n"
     "TO appears when it is whole, or not at all. Files that name other files are read with "
     "care: VMDK images in parts and differences to another image are refused, backing files "
     "are only taken from the image's own folder.",
     .options = convert_table, .options_size = sizeof(struct image_convert_options), 2, 2,
     READS_FILE, cmd_image_convert},
    {"image export", "IMAGE FILE", GROUP_IMAGES, "make one file of an image of the store",
     "Makes one file of an image of a host's store and of all that it is a layer on, also from "
     "a host that is far: qcow2, unless the file's name or --format says otherwise.",
     .options = export_table, .options_size = sizeof(struct image_convert_options), 2, 2,
     READS_FILE, cmd_image_export},
    {"image resize", "FILE SIZE", GROUP_IMAGES, "make the disk in an image file larger",
     "Gives the disk in a qcow2 or raw image file another size: 40G, or +10G for so much more. "
     "What is on it grows in the guest.\n\n"
     "A smaller disk loses what is behind its new end. It needs --destroy-data, and is refused "
     "while a partition, or data on a disk without partitions, is there.",
     OPTIONS(resize), 2, 2, 0, cmd_image_resize},
    {"image flatten", "FILE|IMAGE", GROUP_IMAGES, "make one file of a chain of images",
     "Makes one image without a backing file: of a file in its place, or with -o, of a file or "
     "an image of the store, in a new one.",
     OPTIONS(flatten), 1, 1, READS_FILE, cmd_image_flatten},
    {"image compress", "FILE|IMAGE", GROUP_IMAGES, "make an image file smaller",
     "Makes a compressed qcow2 image, without what its guest has freed and without a backing "
     "file: of a file in its place, or with -o, of a file or an image of the store, in a new "
     "one. It can be run as it is; what is written to it is not compressed.",
     .options = flatten_table, .options_size = sizeof(struct image_flatten_options), 1, 1,
     READS_FILE, cmd_image_compress},
    {"image rebase", "FILE", GROUP_IMAGES, "put an image file onto another backing file",
     "Changes what a qcow2 image file stands on. Its disk stays the same: what differs between "
     "the old and the new backing file is copied into it. With --unsafe nothing is copied nor "
     "looked at: right only where the backing file was moved or renamed.",
     OPTIONS(rebase), 1, 1, 0, cmd_image_rebase},
    {"image import-disk", "FILE NAME", GROUP_IMAGES, "put an image file into a host's store",
     "Brings an image file of any format into the store of a host, as it is or converted, and "
     "prints its digest and what to write into a cluster's file for its nodes to start from "
     "it: `images: { NAME: { stored: DIGEST } }`.",
     OPTIONS(import), 2, 2, READS_FILE, cmd_image_import_disk},
    {0},
};
