#if defined(__x86_64__)
#include <math.h>
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define VM_NAME(f) f##_avx2
#include "shrink.inc"
#include "group.inc"
#pragma clang attribute pop
#endif
