#include "CMachine.h"

// Twelve independent chains hide the latency of a multiply-add on every machine in use: x = x / 2 + 1/2 tends to 1.
#define CHAINS 12
#define CHAIN_LOOP(NAME, WIDTH, TARGET)                                              \
  TARGET static float NAME(size_t rounds) {                                          \
    typedef float vector __attribute__((vector_size(WIDTH * sizeof(float))));        \
    vector x[CHAINS];                                                                \
    for (int k = 0; k < CHAINS; k++) x[k] = (vector){0} + (float)k;                  \
    vector half = (vector){0} + 0.5f;                                                \
    for (size_t i = 0; i < rounds; i++) {                                            \
      _Pragma("clang loop unroll(full)") for (int k = 0; k < CHAINS; k++) {          \
        x[k] = x[k] * half + half;                                                   \
        __asm__ volatile("" : "+" MACHINE_REGISTER(x[k]));                           \
      }                                                                              \
    }                                                                                \
    float worst = 1;                                                                 \
    for (int k = 0; k < CHAINS; k++)                                                 \
      for (int j = 0; j < WIDTH; j++)                                                \
        if ((x[k][j] - 1) * (x[k][j] - 1) > (worst - 1) * (worst - 1)) worst = x[k][j]; \
    return worst;                                                                    \
  }

#if defined(__x86_64__)
#define MACHINE_REGISTER "v"
#define WITH(features) __attribute__((target(features)))
CHAIN_LOOP(chains_512, 16, WITH("avx512f,avx512vl"))
CHAIN_LOOP(chains_256, 8, WITH("avx2,fma"))
#undef MACHINE_REGISTER
#define MACHINE_REGISTER "x"
CHAIN_LOOP(chains_plain, 4, )
int machine_vector_width(void) {
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) return 16;
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 8 : 4;
}
#else
#define MACHINE_REGISTER "w"
CHAIN_LOOP(chains_plain, 4, )
int machine_vector_width(void) { return 4; }
#endif

double machine_fused_multiply_add(size_t rounds, float *result) {
  int width = machine_vector_width();
#if defined(__x86_64__)
  *result = width == 16 ? chains_512(rounds) : width == 8 ? chains_256(rounds) : chains_plain(rounds);
#else
  *result = chains_plain(rounds);
#endif
  return 2.0 * (double)rounds * CHAINS * width;
}

void machine_triad(float *a, const float *b, const float *c, float scale, size_t count) {
  for (size_t i = 0; i < count; i++) a[i] = b[i] + scale * c[i];
}
