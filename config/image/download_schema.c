/* SPDX-License-Identifier: Apache-2.0 */
/* What is fetched: the rows that images and the media of installations share. */
#include "config/cluster.h"
#include "util/size.h"

#define DIGEST(digits) "pattern: '^[0-9a-fA-F]{" #digits "}$'"

#define DOWNLOAD_FIELDS(at_, example_)                                                        \
    {.key = "url",                                                                            \
     .type = FIELD_STRING,                                                                    \
     .offset = at_(url),                                                                      \
     .summary = "Where to fetch it: https://, or file:///",                                   \
     .example = example_,                                                                     \
     .flags = FIELD_NOTE,                                                                     \
     .also = "uri link download href"},                                                       \
        {.key = "urls",                                                                       \
         .type = FIELD_STRINGS,                                                               \
         .offset = at_(urls),                                                                 \
         .summary = "Mirrors of the same file, tried in this order",                          \
         .example = "[" example_ "]",                                                         \
         .also = "mirrors"},                                                                  \
        {.key = "sha256",                                                                     \
         .type = FIELD_STRING,                                                                \
         .offset = at_(sha256),                                                               \
         .type_text = "64 hexadecimal digits",                                                \
         .json_schema = DIGEST(64),                                                           \
         .summary = "The SHA-256 of the file as it is published, before it is unpacked",      \
         .example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",       \
         .only = "with url or urls",                                                          \
         .also = "checksum digest hash sha256sum"},                                           \
        {.key = "sha512",                                                                     \
         .type = FIELD_STRING,                                                                \
         .offset = at_(sha512),                                                               \
         .type_text = "128 hexadecimal digits",                                               \
         .json_schema = DIGEST(128),                                                          \
         .summary = "The SHA-512 of the file as it is published",                             \
         .example = "ee26b0dd4af7e749aa1a8ee3c10ae9923f618980772e473f8819a5d4940e0db2"        \
                    "7ac185f8a0e1d5f84f88bc887fd67b143732c304cc5fa9ad8e6f57f50028a8ff",       \
         .only = "with url or urls",                                                          \
         .also = "sha512sum"},                                                                \
        {.key = "checksums",                                                                  \
         .type = FIELD_STRING,                                                                \
         .offset = at_(checksums),                                                            \
         .type_text = "a URL or a path",                                                      \
         .summary = "A list of digests that has this file's, such as SHA256SUMS",             \
         .example = "https://example.org/SHA256SUMS",                                         \
         .only = "with url or urls",                                                          \
         .also = "sha256sums sums"},                                                          \
        {.key = "signature",                                                                  \
         .type = FIELD_STRING,                                                                \
         .offset = at_(signature),                                                            \
         .type_text = "a URL or a path",                                                      \
         .summary = "The signature of that list, where it is not in the list itself",         \
         .example = "https://example.org/SHA256SUMS.gpg",                                     \
         .only = "with checksums and keyring",                                                \
         .also = "gpg sig"},                                                                  \
        {.key = "keyring",                                                                    \
         .type = FIELD_PATH,                                                                  \
         .offset = at_(keyring),                                                              \
         .summary = "The keys that may have signed that list, as gpgv takes them",            \
         .example = "/usr/share/keyrings/debian-role-keys.gpg",                               \
         .only = "with checksums",                                                            \
         .also = "gpgkey signed_by"},                                                         \
        {.key = "insecure",                                                                   \
         .type = FIELD_BOOL,                                                                  \
         .offset = at_(insecure),                                                             \
         .flags = FIELD_NOTE,                                                                 \
         .default_text = "false",                                                             \
         .summary = "Takes whatever the server sends: nothing says what it must be",          \
         .example = "true",                                                                   \
         .only = "with url or urls"},                                                         \
        {.key = "allow_http",                                                                 \
         .type = FIELD_BOOL,                                                                  \
         .offset = at_(allow_http),                                                           \
         .flags = FIELD_NOTE,                                                                 \
         .default_text = "false",                                                             \
         .summary = "Also http://, which anybody on the way can read and change",             \
         .example = "true",                                                                   \
         .only = "with url or urls",                                                          \
         .also = "http"},                                                                     \
    {                                                                                         \
        .key = "size_limit", .type = FIELD_SIZE, .offset = at_(size_limit),                   \
        .flags = FIELD_NOTE, .min = MIB, .max = 1024 * (long long)TIB, .default_text = "64G", \
        .summary = "The most that it may be, unpacked", .example = "200G",                    \
        .only = "with url or urls", .also = "max_size"                                        \
    }

#define OF_IMAGE(member) offsetof(struct image, download.member)
#define OF_MEDIUM(member) offsetof(struct install_medium, download.member)

static const struct field image_rows[] = {
    DOWNLOAD_FIELDS(OF_IMAGE, "https://example.org/debian-12-genericcloud-amd64.qcow2"),
};

const struct schema image_download_schema = {
    .name = "image",
    .size = sizeof(struct image),
    .fields = image_rows,
    .field_count = ARRAY_SIZE(image_rows),
    .source_offset = SCHEMA_NO_SOURCE,
    .rest = &image_layer_schema,
};

static const struct field medium_rows[] = {
    {.key = "file",
     .type = FIELD_PATH,
     .offset = offsetof(struct install_medium, file),
     .summary = "An ISO file on this machine",
     .example = "debian-12-netinst.iso",
     .also = "path source"},
    DOWNLOAD_FIELDS(OF_MEDIUM, "https://example.org/debian-12-netinst.iso"),
    {.key = "timeout",
     .type = FIELD_DURATION,
     .offset = offsetof(struct install_medium, download.timeout),
     .flags = FIELD_NOTE,
     .default_text = "6h",
     .summary = "How long fetching it may take",
     .example = "1h",
     .only = "with url or urls"},
    {.key = "kernel",
     .type = FIELD_STRING,
     .offset = offsetof(struct install_medium, kernel),
     .flags = FIELD_NOTE,
     .type_text = "a path",
     .default_text = "where the known distributions have it",
     .summary = "The installer's kernel: its path in the ISO, or without one a file here",
     .example = "install.amd/vmlinuz",
     .also = "vmlinuz linux"},
    {.key = "initrd",
     .type = FIELD_STRING,
     .offset = offsetof(struct install_medium, initrd),
     .flags = FIELD_NOTE,
     .type_text = "a path",
     .default_text = "where the known distributions have it",
     .summary = "The installer's initial RAM disk, likewise",
     .example = "install.amd/initrd.gz",
     .also = "initramfs"},
};

const struct schema install_medium_schema = {
    .name = "iso",
    .size = sizeof(struct install_medium),
    .fields = medium_rows,
    .field_count = ARRAY_SIZE(medium_rows),
    .source_offset = offsetof(struct install_medium, source),
    .scalar_key = "file",
    .short_form_text = "write debian-12-netinst.iso, or { url: …, sha256: … }",
};
