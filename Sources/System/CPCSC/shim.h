#ifndef COUNTERSIGN_CPCSC_SHIM_H
#define COUNTERSIGN_CPCSC_SHIM_H

#include <winscard.h>

/* The protocol control structures are reached through macros that Swift does not see. */

static inline const SCARD_IO_REQUEST *countersign_pcsc_pci_t0(void) {
	return SCARD_PCI_T0;
}

static inline const SCARD_IO_REQUEST *countersign_pcsc_pci_t1(void) {
	return SCARD_PCI_T1;
}

#endif
