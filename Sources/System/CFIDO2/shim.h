#ifndef COUNTERSIGN_CFIDO2_SHIM_H
#define COUNTERSIGN_CFIDO2_SHIM_H

#include <fido.h>
#include <fido/bio.h>
#include <fido/credman.h>
#include <fido/err.h>

#endif
