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
    {0},
};
