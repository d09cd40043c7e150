// Vectors of sixteen floats for every architecture: the compiler splits them where registers are shorter.
#ifndef VM_VECTOR_H
#define VM_VECTOR_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// Vectors only pass between functions that are inlined, so their calling convention does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float v16 __attribute__((ext_vector_type(16)));
typedef int32_t i16 __attribute__((ext_vector_type(16)));
// What may sit at any address.
typedef float v16_any __attribute__((ext_vector_type(16), aligned(4)));

#define VM_INLINE static inline __attribute__((always_inline, unused))

#endif
