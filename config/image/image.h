/* SPDX-License-Identifier: Apache-2.0 */
/* Images: where one comes from, and what is done to it before nodes start from it. */
#ifndef CONFIG_IMAGE_H
#define CONFIG_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "config/schema/schema.h"

/* qcow2 and raw are what nodes run on; the others are converted. */
enum image_format {
    IMAGE_FORMAT_DETECT,
    IMAGE_FORMAT_QCOW2,
    IMAGE_FORMAT_RAW,
    IMAGE_FORMAT_VMDK,
    IMAGE_FORMAT_VDI,
    IMAGE_FORMAT_VHDX,
    IMAGE_FORMAT_VHD,
};

/* A file to be fetched: of an image, or of the ISO that one is installed from. */
struct download {
    const char *url;         /* NULL: none, or several */
    struct string_list urls; /* mirrors of one file, tried in this order */
    /* Lower-case hex of the file as it is downloaded, or NULL. */
    const char *sha256, *sha512;
    const char *locked;    /* the image, where that digest is from virtopo.lock alone */
    const char *checksums; /* URL or path of a list of digests, or NULL */
    const char *signature; /* URL or path of the list's detached signature, or NULL */
    const char *keyring;   /* file with the keys that may have signed, absolute; or NULL */
    bool insecure;         /* taken without knowing its digest */
    bool allow_http;
    uint64_t size_limit; /* bytes, of the image; 0: the default */
    uint64_t timeout;    /* ms, of an ISO's whole download (an image has its own); 0: default */
};

/* A file or folder of this machine that goes into a layer. */
struct layer_copy {
    const char *from; /* absolute */
    const char *to;   /* in the guest, absolute */
    const struct document_node *source;
};

enum layer_cache { LAYER_CACHE_WHOLE, LAYER_CACHE_STEP };

/* What is done to a parent's image in a throw-away guest, in this order. */
struct layer {
    struct list copies; /* struct layer_copy */
    struct list files;  /* struct guest_file */
    struct string_list packages;
    struct string_list run;
    int cache; /* enum layer_cache */
    /* Not of the file: the one step that this layer is for, from 1, where each is one of its
     * own; 0: all. And such a layer is not sealed, but for the last. */
    size_t only;
    bool unsealed;
    bool flatten;
    bool network; /* default true */
};

enum answer_kind { ANSWER_PRESEED, ANSWER_KICKSTART, ANSWER_AUTOINSTALL, ANSWER_ISO };

struct answers {
    int kind;         /* enum answer_kind */
    const char *file; /* absolute; NULL: none given */
    const struct document_node *source;
};

/* The medium of an unattended installation. */
struct install_medium {
    const char *file; /* absolute, or NULL */
    struct download download;
    /* Paths in the ISO; without a medium, files of this machine. NULL: where the known
     * distributions have them. */
    const char *kernel, *initrd;
    const struct document_node *source; /* NULL: the image is not installed */
};

struct image {
    const char *name;
    /* Exactly one of these, and of download.url and download.urls, is given. */
    const char *file;          /* absolute */
    const char *script;        /* absolute path of a program that writes $OUT */
    const char *from;          /* another image's name */
    const char *stored;        /* lower-case SHA-256 of an image in the store */
    struct install_medium iso; /* .source is not NULL */

    struct download download;
    struct string_list inputs;  /* what the script's result depends on; absolute */
    const struct image *parent; /* that `from` names; NULL when there is none of that name */
    struct layer layer;         /* with from */
    struct answers answers;     /* with iso */
    const char *cmdline;        /* with iso */
    uint64_t size;              /* of the disk of a layer or an installation; 0: the parent's */
    long long cpus;             /* of the guest that builds or installs; 0: default */
    uint64_t memory;            /* the same, bytes */
    uint64_t timeout;           /* ms, of that guest's life, or of the download; 0: default */
    bool uefi;                  /* that guest's firmware */
    int format;                 /* enum image_format */
    const char *user;           /* the login that the image is made for, or NULL */
    const struct document_node *source;
};

/* The tables; image_schema goes on in the next two. */
extern const struct schema image_schema, image_download_schema, image_layer_schema,
    layer_copy_schema, answers_schema, install_medium_schema;

/* True when it is downloaded: `url` or `urls`. */
bool download_is_given(const struct download *download);

/* The key of the file that says where it comes from. */
const char *image_source_key(const struct image *image);

#endif
