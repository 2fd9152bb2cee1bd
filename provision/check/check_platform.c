/* SPDX-License-Identifier: Apache-2.0 */
/* The sort of guest: KVM, architecture, machine type, firmware. */
#include <string.h>

#include "provision/check/question.h"
#include "provision/node/guest_type.h"
#include "util/suggest.h"

bool platform_concerns(const struct node *node)
{
    const struct platform *p = &node->platform;

    return node->virt == VIRT_KVM || p->arch || p->machine || p->firmware.kind ||
           p->features.hyperv.source;
}

static void check_kvm(struct question *q)
{
    const struct document_node *at = question_source(q, "virt", NULL);
    const char *hint =
        "write virt: auto (emulated where KVM is missing, and slow), or give the "
        "host /dev/kvm: virtualisation on in its firmware, module kvm_intel or "
        "kvm_amd loaded";
    auto_free char *why = NULL;

    if (q->node->virt != VIRT_KVM)
        return;
    if (!guest_type_is_native(q->facts, q->arch)) {
        why = xasprintf("its own architecture is %s", q->facts->arch);
        hint = "write virt: auto: guests of another architecture are emulated, and slow";
    } else if (!q->facts->kvm) {
        why = xstrdup(q->facts->kvm_offered ? "its CPU has neither vmx nor svm"
                                            : "libvirt offers no KVM there");
    } else {
        return;
    }
    q->refused = true;
    question_report(q, at, "host-kvm", hint,
                    "node '%s' wants virt: kvm, which host '%s' cannot do: %s", q->node->group,
                    question_host(q), why);
}

/* What brings an emulator, in Debian and in Fedora. */
static const struct emulator_package {
    const char *arch, *debian, *fedora;
} packages[] = {
    {"x86_64", "qemu-system-x86", "qemu-system-x86"},
    {"i686", "qemu-system-x86", "qemu-system-x86"},
    {"aarch64", "qemu-system-arm", "qemu-system-aarch64"},
    {"armv7l", "qemu-system-arm", "qemu-system-arm"},
    {"riscv64", "qemu-system-misc", "qemu-system-riscv"},
};

static void report_arch(const struct question *q)
{
    auto_buffer struct buffer hint = {0};

    for (size_t i = 0; i < ARRAY_SIZE(packages); i++) {
        const struct emulator_package *p = &packages[i];

        if (strcmp(p->arch, q->arch) != 0)
            continue;
        buffer_printf(&hint, "install %s", p->debian);
        if (strcmp(p->debian, p->fedora) != 0)
            buffer_printf(&hint, " (Debian, Ubuntu) or %s (Fedora)", p->fedora);
        buffer_puts(&hint, " there; ");
    }
    buffer_puts(&hint, "it has ");
    for (size_t i = 0; i < q->facts->guests.count; i++)
        buffer_printf(&hint, "%s%s", i ? ", " : "", q->facts->guests.items[i].arch);
    question_report(q, question_source(q, "arch", NULL), "host-arch", hint.data,
                    "node '%s' is for %s, which host '%s' has no QEMU for", q->node->group,
                    q->arch, question_host(q));
}

static void report_machine(const struct question *q, const struct host_guest *guest)
{
    struct suggest near = suggest_start(q->machine_type);
    auto_buffer struct buffer hint = {0};

    for (size_t i = 0; i < guest->machine_count; i++)
        suggest_offer(&near, guest->machines[i].name);
    if (suggest_result(&near)) {
        buffer_printf(&hint, "did you mean '%s'?", suggest_result(&near));
    } else {
        for (size_t i = 0; i < guest->machine_count; i++) {
            if (guest->machines[i].canonical)
                buffer_printf(&hint, "%s%s", hint.length ? ", " : "it has ",
                              guest->machines[i].name);
        }
    }
    question_report(
        q, question_source(q, "machine", NULL), "host-machine", hint.data,
        "node '%s' wants machine '%s', which QEMU for %s on host '%s' does not have",
        q->node->group, q->machine_type, q->arch, question_host(q));
}

/* With another QEMU than libvirt's choice nobody knows what it has. */
static void check_machine(struct question *q)
{
    const struct host_guest *guest = guests_arch(&q->facts->guests, q->arch);

    if (q->node->platform.emulator || !q->facts->guests.count)
        return;
    if (!guest) {
        q->refused = true;
        report_arch(q);
    } else if (guest->machine_count && !guests_machine(guest, q->machine_type)) {
        q->refused = true;
        report_machine(q, guest);
    }
}

static void check_firmware(const struct question *q, const struct domcaps *caps)
{
    int kind = platform_firmware(q->node, q->arch);
    bool arm = strcmp(q->arch, "aarch64") == 0;
    bool is_secure = kind == FIRMWARE_UEFI_SECURE;

    if (kind == FIRMWARE_BIOS || q->node->platform.firmware.loader || !q->starts)
        return;
    if (domcaps_has(caps, DOMCAPS_FIRMWARE, "efi") == HOST_NO)
        question_report(q, question_source(q, "firmware", NULL), "host-firmware",
                        arm ? "install qemu-efi-aarch64 (Debian, Ubuntu) or edk2-aarch64 "
                              "(Fedora) there"
                            : "install ovmf (Debian, Ubuntu) or edk2-ovmf (Fedora, Arch) there",
                        "node '%s' starts with UEFI, and host '%s' has no such firmware for %s",
                        q->node->group, question_host(q), q->arch);
    else if (is_secure && domcaps_has(caps, DOMCAPS_SECURE_LOADER, "yes") == HOST_NO)
        question_report(q, question_source(q, "firmware", NULL), "host-firmware",
                        "write uefi, or install a firmware for it: ovmf (Debian, Ubuntu), "
                        "edk2-ovmf (Fedora, Arch)",
                        "node '%s' wants secure boot, and host '%s' has no firmware for it on "
                        "machine '%s'",
                        q->node->group, question_host(q), q->machine_type);
}

int platform_check(struct question *q, struct error **err)
{
    const struct domcaps *caps;

    check_kvm(q);
    check_machine(q);
    if (question_caps(q, &caps, err) < 0)
        return -1;
    if (caps) {
        check_firmware(q, caps);
        hyperv_check(q, caps);
    }
    return 0;
}
