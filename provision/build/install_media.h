/* SPDX-License-Identifier: Apache-2.0 */
/* What an installer boots from and is told, brought into a workshop: kernel and initial RAM
 * disk with the answers in it, the medium, a second one with answers. */
#ifndef PROVISION_INSTALL_MEDIA_H
#define PROVISION_INSTALL_MEDIA_H

#include "config/image/image.h"
#include "provision/build/workshop.h"

/* Which volumes of the workshop there are; kernel and initrd always. */
struct install_media {
    bool medium, answers;
};

#define INSTALL_KERNEL "kernel"
#define INSTALL_INITRD "initrd"
#define INSTALL_MEDIUM "medium.iso"
#define INSTALL_ANSWERS "answers.iso"

/* `iso`: the medium as a local file, or NULL. `scratch`: where local files may be put whose
 * names begin with it; they are gone afterwards. */
int install_media_bring(const struct workshop *w, const struct image *image, const char *iso,
                        const char *scratch, struct task *task, struct install_media *ret,
                        struct error **err) MUST_CHECK;
/* Refuses answers that no installer would take. */
int install_answers_check(const struct answers *answers, struct error **err) MUST_CHECK;

#endif
