#ifndef COUNTERSIGN_CQRENCODE_SHIM_H
#define COUNTERSIGN_CQRENCODE_SHIM_H

#include <errno.h>
#include <qrencode.h>

#endif
