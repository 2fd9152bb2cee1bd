# SPDX-License-Identifier: Apache-2.0
# Programs that put something of their own in a library's place.
UNIT_LDFLAGS_test_host_device := -Wl,--wrap=virNodeDeviceGetXMLDesc
UNIT_LDFLAGS_test_install_watch := -Wl,--wrap=virDomainGetInfo,--wrap=virDomainBlockStats

# A guest whose disk's file cannot be written.
UNIT_LDFLAGS_test_guest_pause := -Wl,--wrap=virDomainGetState,--wrap=virDomainGetDiskErrors
