#ifndef CMACHINE_H
#define CMACHINE_H

#include <stddef.h>

#pragma clang assume_nonnull begin

/// Multiplies and adds in registers only, `rounds` times with twelve vectors of the widest kind this CPU has.
/// `result` makes the work count as used: it is what each chain must have become, for a check.
/// Returns the number of floating-point operations done.
double machine_fused_multiply_add(size_t rounds, float *result);

/// Floats in the vectors that `machine_fused_multiply_add` uses.
int machine_vector_width(void);

/// a = b + scale c.
void machine_triad(float *a, const float *b, const float *c, float scale, size_t count);

#pragma clang assume_nonnull end

#endif
