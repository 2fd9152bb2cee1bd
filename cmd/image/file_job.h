/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands that read an image have in common: a word of the command line is a file, or
 * an image of a store, and the work is one job with progress. */
#ifndef CMD_FILE_JOB_H
#define CMD_FILE_JOB_H

#include "cmd/context.h"
#include "engine/resource.h"
#include "provision/disk_file/disk_input.h"

struct file_job {
    struct context *context;
    const char *word;        /* that names it */
    const char *from_format; /* its format where it is a file; or NULL: detected */
    bool follow;             /* backing files from everywhere */
    const char *made;        /* "converted" */
    json_t *result;          /* for --json; work adds to it */
    int (*work)(struct file_job *job, struct disk_input *input, struct task *task,
                struct error **err);
    void *data;    /* work's own */
    char *summary; /* said at the end; set by file_job_made */
};

/* A word that is a path: with a '/', or the name of a file in this folder. */
bool file_job_is_path(const char *word);
/* enum image_format of an option's word (NULL: detected); others are usage errors. */
int file_job_format(const char *option, const char *word, int *ret,
                    struct error **err) MUST_CHECK;
/* Finds the input, then does the work as a job. The exit code, or -1 where it could not begin.
 */
int file_job_run(struct file_job *job, struct error **err);
/* "to", "format", "size", "bytes" of a file that was made, into job->result. */
void file_job_made(struct file_job *job, const char *path, const char *format,
                   uint64_t capacity);

#endif
