/* SPDX-License-Identifier: Apache-2.0 */
#include "config/hardware/nic.h"

bool nic_is_conventional(int model)
{
    return model == NIC_E1000 || model == NIC_RTL8139 || model == NIC_VMXNET3;
}

bool nic_can_hotplug(int model)
{
    return !nic_is_conventional(model);
}
