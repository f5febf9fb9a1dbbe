#ifndef COUNTERSIGN_CMEMCHECK_SHIM_H
#define COUNTERSIGN_CMEMCHECK_SHIM_H

/*
 * Valgrind's requests are macros of inline assembly, which Swift does not see. Outside valgrind they do nothing.
 *
 * Without valgrind's headers this builds all the same, and says that it is not under valgrind.
 */

#include <stddef.h>

#if defined(__has_include)
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#define COUNTERSIGN_HAS_MEMCHECK 1
#endif
#endif

/* Whether the program runs under valgrind. */
static inline int memcheck_is_running(void) {
#ifdef COUNTERSIGN_HAS_MEMCHECK
	return RUNNING_ON_VALGRIND != 0;
#else
	return 0;
#endif
}

/* How many errors valgrind has reported so far. */
static inline unsigned memcheck_errors_count(void) {
#ifdef COUNTERSIGN_HAS_MEMCHECK
	return VALGRIND_COUNT_ERRORS;
#else
	return 0;
#endif
}

/* Makes length bytes secret: a branch on them, or an address made of them, is an error from now on. */
static inline void memcheck_memory_classify(void *address, size_t length) {
#ifdef COUNTERSIGN_HAS_MEMCHECK
	(void)VALGRIND_MAKE_MEM_UNDEFINED(address, length);
#else
	(void)address;
	(void)length;
#endif
}

/* Ends the secrecy of length bytes. */
static inline void memcheck_memory_declassify(void *address, size_t length) {
#ifdef COUNTERSIGN_HAS_MEMCHECK
	(void)VALGRIND_MAKE_MEM_DEFINED(address, length);
#else
	(void)address;
	(void)length;
#endif
}

/* Whether any of length bytes depends on a secret. */
static inline int memcheck_memory_is_secret(const void *address, size_t length) {
#ifdef COUNTERSIGN_HAS_MEMCHECK
	const unsigned char *bytes = (const unsigned char *)address;
	for (size_t index = 0; index < length; index++) {
		unsigned char undefined = 0;
		/* 1 is success, and a bit is set for each bit that is undefined. */
		if (VALGRIND_GET_VBITS(bytes + index, &undefined, 1) == 1 && undefined != 0) {
			return 1;
		}
	}
#else
	(void)address;
	(void)length;
#endif
	return 0;
}

#endif
