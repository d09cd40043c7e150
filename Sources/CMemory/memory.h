#ifndef INRR_MEMORY_H
#define INRR_MEMORY_H
#include <stddef.h>
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/// Makes glibc share memory that is freed among `arenas` places instead of eight for each core, give blocks of at least
/// `least` bytes back to the system when they are freed, and keep up to `kept` bytes of smaller ones for what comes next.
/// Other C libraries are left as they are.
static inline void inrr_set_memory(int arenas, size_t least, size_t kept) {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, arenas);
  mallopt(M_MMAP_THRESHOLD, (int)least);
  mallopt(M_TRIM_THRESHOLD, (int)kept);
#endif
}

/// Gives memory that is free back to the system, also between blocks that are in use, as far as the C library can.
static inline void inrr_return_memory(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}
#endif
