/* SPDX-License-Identifier: Apache-2.0 */
/* What a host says when asked: it may not know. */
#ifndef HOST_HARDWARE_ANSWER_H
#define HOST_HARDWARE_ANSWER_H

enum host_answer { HOST_UNKNOWN, HOST_NO, HOST_YES };

#endif
