#ifndef COUNTERSIGN_CPNG_SHIM_H
#define COUNTERSIGN_CPNG_SHIM_H

#include <png.h>

/* A palette of 8-bit grey values: the macro is too complex for Swift to see. */
static const png_uint_32 COUNTERSIGN_PNG_GREY_PALETTE = PNG_FORMAT_FLAG_COLORMAP;

#endif
