/* SPDX-License-Identifier: Apache-2.0 */
/* Where a download's bytes go: through the hash, into the file or through the unpacker; counted
 * and limited. It survives the connections that bring them. */
#ifndef PROVISION_FETCH_SINK_H
#define PROVISION_FETCH_SINK_H

#include "provision/fetch/fetch.h"

#define SINK_HEAD 512 /* bytes looked at before anything is done with them */

struct sink {
    const struct fetch_request *request;
    struct task *task;
    uint64_t limit;
    int fd;
    struct hasher *hash;
    uint64_t received, total; /* total 0: not said */
    char head[SINK_HEAD];
    size_t head_length;
    bool decided; /* what it is: the head has gone on its way */
    struct unpack *unpack;
    char *validator; /* of what has been received */
};

/* Opens the file as it is there; nothing of it counts yet. */
int sink_open(struct sink *sink, struct error **err) MUST_CHECK;
/* Empty again. */
int sink_restart(struct sink *sink, struct error **err) MUST_CHECK;
/* The first `bytes` of the file count: hashed again. */
int sink_adopt(struct sink *sink, uint64_t bytes, struct error **err) MUST_CHECK;
int sink_take(struct sink *sink, const void *data, size_t length,
              struct error **err) MUST_CHECK;
/* The last byte has come. */
int sink_finish(struct sink *sink, struct fetch_result *ret, struct error **err) MUST_CHECK;
/* True when the rest can be asked for: by this process, or by a later one. */
bool sink_can_resume(const struct sink *sink);
bool sink_can_outlive(const struct sink *sink);
void sink_close(struct sink *sink);

#endif
