/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What makes a file system in a guest as large as its disk: a script for any POSIX shell, run
 * as root, by `sh -c`. Its arguments: the disk's size in bytes, and its serial number; without
 * one it is the disk that the root file system is on.
 *
 * Grown are the last partition of the disk, or the whole disk where it has none, and the ext,
 * XFS or btrfs file system that is mounted from there. All else is left alone and told.
 *
 * Exit code 0: the last line is "grown: TYPE DEVICE KIB MOUNTPOINT". GROW_BY_HAND: a line "why:
 * …", then a line "type: …" for each command for the guest's root. Any other: it failed, and
 * all output is what the tools said.
 */
#ifndef TEMPLATES_GROW_SCRIPT_H
#define TEMPLATES_GROW_SCRIPT_H

#define GROW_BY_HAND 10

extern const char grow_script[];

#endif
