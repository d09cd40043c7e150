// Calls every kernel of the baseline set on numbers that are the same everywhere, and prints what comes out, a line for each result:
// the kernel's name and the number. Two builds for two architectures print the same but for rounding.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CVectorMath.h"

static uint64_t state;

// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), -bound ... bound.
static float number(float bound) {
  uint64_t z = state += 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  z ^= z >> 31;
  return bound * ((float)(z >> 40) / (1 << 23) - 1);
}

// Arrays are as long as asked, filled, and never freed: the process is short.
static float *numbers(size_t count, float bound) {
  float *x = aligned_alloc(64, (count * sizeof(float) / 64 + 2) * 64);
  for (size_t i = 0; i < count + 16; i++) x[i] = number(bound);
  return x;
}
static float *zeros(size_t count) {
  float *x = numbers(count, 0);
  memset(x, 0, count * sizeof(float));
  return x;
}
static uint8_t *flags(size_t count, float share) {
  uint8_t *x = malloc(count + 64);
  for (size_t i = 0; i < count; i++) x[i] = number(0.5f) + 0.5f < share;
  return x;
}
static void print(const char *name, const float *x, size_t count) {
  for (size_t i = 0; i < count; i++) printf("%s %.9g\n", name, x[i]);
}
static void print_one(const char *name, double x) { printf("%s %.9g\n", name, x); }

static void elementwise(const elementwise_kernels *k) {
  const size_t rows = 7, columns = 37, count = rows * columns;
  float *x = numbers(count, 40), *y = numbers(count, 2), *bias = numbers(columns, 1);
  float *a = zeros(count), *b = zeros(count);
  k->sine_cosine(x, a, b, count), print("sine_cosine", a, count), print("sine_cosine", b, count);
  k->sine_layer(x, bias, 1.5f, a, b, rows, columns), print("sine_layer", a, count), print("sine_layer", b, count);
  k->relu_layer(x, bias, a, rows, columns), print("relu_layer", a, count);
  k->relu_backward(a, y, b, count), print("relu_backward", b, count);
  k->sigmoid(x, a, count), print("sigmoid", a, count);
  float *prior = numbers(count, 3);
  k->softmax_rows(y, prior, a, rows, columns), print("softmax_rows", a, count);
  k->softmax_rows_backward(a, y, b, rows, columns), print("softmax_rows_backward", b, count);
  float *m = zeros(count), *v = zeros(count), *p = numbers(count, 1);
  for (int step = 0; step < 3; step++) k->adam(p, y, m, v, count, 1e-2f, 0.9f, 0.999f, 1e-8f, 0.1f, 0.001f);
  print("adam", p, count), print("adam", m, count), print("adam", v, count);
  print_one("dot", k->dot(x, y, count));
  float *z = numbers(count, 1);
  k->axpy(0.7f, x, z, count), print("axpy", z, count);
  k->multiply(0.7f, x, y, z, count), print("multiply", z, count);
  k->clamp(x, z, count, 1, -5, 20), print("clamp", z, count);
  float *sums = numbers(columns, 1);
  k->add_column_sums(x, sums, rows, columns), print("add_column_sums", sums, columns);
  k->transpose(x, columns, z, rows, rows, columns), print("transpose", z, count);
  for (size_t i = 0; i < count; i += 5) y[i] = NAN;
  print_one("masked_square_sum", k->masked_square_sum(x, y, count));
}

static void product(const char *name, matrix_product *product) {
  const size_t rows = 13, depth = 45, columns = 35;
  float *a = numbers(rows * depth, 1), *b = numbers(depth * columns + 16, 1), *c = numbers(rows * columns, 1);
  product(a, depth, 1, b, columns, c, columns, rows, columns, depth, 0), print(name, c, rows * columns);
  product(a, 1, rows, b, columns, c, columns, rows, columns, depth, 1), print(name, c, rows * columns);
}

static void variation(const variation_kernels *k) {
  const size_t height = 9, width = 37, count = height * width;
  float *x = numbers(3 * count, 1), *y = numbers(3 * count, 1), *gradient = zeros(count);
  for (size_t i = 0; i < 3 * count; i += 3) y[i] = NAN;
  variation_frame frame = {x, x + count, x + 2 * count, y, y + count, y + 2 * count, height, width, 2, 0.3f, 0.2f, 0.05f,
                           numbers(variation_scratch(width), 1)};
  double value;
  k->frame(&frame, gradient, &value);
  print("variation", gradient, count), print_one("variation", value);
}

static void blocks(const block_kernels *k) {
  const size_t channels = 3, frames = 11, height = 40, width = 37, plane = frames * height * width;
  float *values = numbers(channels * plane, 1), *sums = zeros(channels * plane);
  uint8_t *states = flags(channels * plane, 0.8f);
  block_tiling tiling = {values, sums, states, channels, plane, frames, height, width, 3, 5, 9, 0.2f, 8, 1, NULL, NULL, NULL,
                         NULL};
  for (size_t row = 0; row < tiling_rows(&tiling); row++) k->row(&tiling, row);
  k->write_back(values, sums, states, 0.5f, channels * plane);
  print("blocks", values, channels * plane);
  size_t count = tiling_rows(&tiling) * tiling_columns(&tiling);
  int32_t *offsets = calloc(count * 8 * 2, sizeof *offsets);
  for (size_t i = 0; i < count * 16; i++) offsets[i] = (int32_t)number(3);
  tiling.offsets = offsets;
  tiling.blocks = zeros(count * channels * 8 * 256);
  tiling.touched = calloc(count, sizeof(uint32_t));
  tiling.counts = zeros(plane);
  for (size_t row = 0; row < tiling_rows(&tiling); row++) k->row(&tiling, row);
  for (size_t frame = 0; frame < frames; frame++) k->frame(&tiling, frame);
  print("blocks_frame", tiling.counts, plane);
  for (size_t c = 0; c < channels; c++)
    k->write_back_counted(values + c * plane, sums + c * plane, tiling.counts, states + c * plane, plane);
  print("blocks_frame", values, channels * plane);
}

static void group(const group_kernels *k) {
  const size_t channels = 3, frames = 5, height = 40, width = 41, plane = frames * height * width;
  float *values = numbers(channels * plane, 1);
  group_volume volume = {values, channels, plane, frames, height, width, 9, 2, 4, 0.4f};
  uint32_t matches[GROUP_SIZE];
  float *patches = zeros(channels * GROUP_SIDE * GROUP_SIDE * GROUP_SIZE);
  for (uint32_t reference = 0; reference < 3; reference++) {
    k->match(&volume, (uint32_t)(height * width * 2 + reference * 9 * width + 7), matches);
    for (int i = 0; i < GROUP_SIZE; i++) print_one("match", matches[i]);
    float weight = k->threshold(&volume, matches, patches);
    print_one("threshold", weight);
    print("threshold", patches, channels * GROUP_SIDE * GROUP_SIDE * GROUP_SIZE);
    float *sums = zeros(channels * plane), *counts = zeros(plane);
    group_add(&volume, matches, patches, &weight, 1, 0, frames, sums, counts);
    print("group_add", sums, channels * plane), print("group_add", counts, plane);
  }
}

static void level_lines(const level_line_kernels *k) {
  const size_t frames = 5, height = 6, width = 37, count = frames * height * width;
  float *u = numbers(count, 1), *a = numbers(count, 0.3f), *b = numbers(count, 0.3f), *c = numbers(count, 0.3f);
  float *mask = numbers(count, 1), *out = zeros(count), *x = zeros(count), *y = zeros(count), *z = zeros(count);
  level_line_volume volume = {frames, height, width, 0.5f, 1, 0.7f, a, b, c};
#define ROWS(call) \
  for (size_t row = 0; row < frames * height; row++) call
  ROWS(k->bend(&volume, u, row, 0, width, out)); print("bend", out, count);
  ROWS(k->stiffen(&volume, u, row, 1, width - 1, 0.8f, 0.3f, out)); print("stiffen", out, count);
  ROWS(k->bend_back(&volume, u, mask, row, 0, width, out)); print("bend_back", out, count);
  ROWS(k->slopes(&volume, u, row, 0, width, x, y, z)); print("slopes", x, count), print("slopes", y, count);
  print("slopes", z, count);
  level_line_volume slopes = {frames, height, width, 0.5f, 1, 0.7f, x, y, z};
  float *p = zeros(count), *q = zeros(count), *r = zeros(count);
  ROWS(k->normals(&slopes, row, 0, width, 0.4f, 0.9f, p, q, r));
  // The sign of a direction is nobody's.
  for (size_t i = 0; i < count; i++)
    print_one("normals", p[i] * p[i]), print_one("normals", p[i] * q[i]), print_one("normals", q[i] * r[i]);
  spline_grids grids = {frames, height, width, (frames + 1) / 2 + 1, (height + 1) / 2 + 1, (width + 1) / 2 + 1};
  size_t coarse_rows = grids.coarse_frames * grids.coarse_height, coarse = coarse_rows * grids.coarse_width;
  float *small = zeros(coarse), *small_mask = numbers(coarse, 1);
  for (size_t row = 0; row < coarse_rows; row++) k->coarsen(&grids, u, small_mask, row, 0, grids.coarse_width, small);
  print("coarsen", small, coarse);
  ROWS(k->refine(&grids, small, 0.4f, row, 0, width, out)); print("refine", out, count);
  float *direction = numbers(count, 1), *image = numbers(count, 1), *residual = numbers(count, 1);
  print_one("step", k->step(0.3f, direction, image, u, residual, count));
  print("step", u, count), print("step", residual, count);
  k->turn(0.6f, residual, direction, count), print("turn", direction, count);
}

static void spots(const spot_kernels *k) {
  const size_t height = 23, width = 31, count = 150;
  uint8_t *missing = flags(height * width, 0.1f), *bytes = malloc(height * width);
  uint16_t *words = malloc(2 * height * width);
  for (size_t i = 0; i < height * width; i++)
    bytes[i] = (uint8_t)(128 + number(100)), words[i] = (uint16_t)(500 + number(400));
  float *y = numbers(count, 25), *x = numbers(count, 33), *out = zeros(count);
  for (size_t i = 0; i < count; i++) y[i] += 23, x[i] += 31;
  spot_motion motion = {numbers(2 * 9 * 11, 3), 9, 11, 8};
  k->follow(&motion, y, x, count), print("follow", y, count), print("follow", x, count);
  spot_plane plane = {missing, height, width, 0.5f, 0.5f, 0.5f};
  spot_place *places = calloc(count, sizeof *places);
  print_one("find", (double)k->find(&plane, y, x, count, places));
  for (size_t i = 0; i < count; i++) {
    print_one("find", places[i].kind);
    if (places[i].kind != SPOT_UNSEEN) print_one("find", places[i].index), print_one("find", places[i].down);
  }
  k->bytes(bytes, width, 0.01f, places, count, out), print("bytes", out, count);
  k->words(words, width, 0.01f, places, count, out), print("words", out, count);
}

static void residuals(const residual_kernels *k) {
  const size_t height = 29, width = 45, count = height * width, grid = 9 * 13;
  float *picture = numbers(count, 100), *moved = zeros(count), *settled = zeros(count), *other = numbers(count, 100);
  float *mean = zeros(count), *half = zeros(count), *scratch = zeros(RESIDUAL_SCRATCH(width));
  uint8_t *inside = calloc(count, 1);
  residual_flow flow = {numbers(grid, 2), numbers(grid, 2), 8, 12, 4};
  k->move(picture, height, width, &flow, 0, height, moved, inside, scratch), print("move", moved, count);
  for (size_t i = 0; i < count; i++) print_one("move", inside[i]);
  k->settle(picture, moved, height, width, 0, height, settled, scratch), print("settle", settled, count);
  k->compare(picture, settled, other, height, width, 0, height, mean, half, scratch);
  print("compare", mean, count), print("compare", half, count);
  k->median(picture, width, 15, mean, zeros(MEDIAN_SCRATCH(15))), print("median", mean, width);
}

static void patches(const patch_kernels *k) {
  const size_t stride = 29, plane = PATCH_SIDE * stride, count = 10 * stride;
  patch_pair pair = {numbers(count, 100), numbers(count, 10), numbers(count, 10), numbers(count, 100), stride, stride, 0.3f, 0.6f};
  float *sums = zeros(3 * plane);
  patch_slopes slopes;
  k->slopes(&pair, &slopes), print("slopes", &slopes.down, 5);
  patch_difference difference;
  k->compare(&pair, &difference), print("compare", &difference.sum, 4);
  k->spread(&pair, 3, 0.7f, -1.5f, sums, stride, plane), print("spread", sums, 3 * plane);
}

static void alike(const alike_kernels *k) {
  // Patches of three channels of 20 x 29 samples begin in 14 rows and 23 columns, which take 32 numbers.
  const size_t rows = 14, stride = 32, height = 20, width = 29, area = height * width;
  float *features = numbers(rows * ALIKE_FEATURES * stride, 1);
  for (size_t line = 0; line < rows * ALIKE_FEATURES; line++)
    for (size_t x = 23; x < stride; x++) features[line * stride + x] = INFINITY;
  const alike_space space = {features, 1, rows, stride, width, area};
  const alike_range range = {0, 1, 0, rows, 0, 23};
  uint32_t places[ALIKE_SIZE];
  float distances[ALIKE_SIZE], *patches = zeros(ALIKE_MEMBERS * 3 * ALIKE_SIDE * ALIKE_SIDE);
  k->match(&space, &range, 0, 5, 9, places, distances), print("match", distances, ALIKE_SIZE);
  for (size_t i = 0; i < ALIKE_SIZE; i++) print_one("match", places[i]);
  const alike_signal signal = {numbers(3 * area, 0.1f), flags(3 * area, 0.3f), 3, area, 1, height, width, 1, 1e-3f};
  k->estimate(&signal, places, distances, patches);
  print("estimate", patches, ALIKE_MEMBERS * 3 * ALIKE_SIDE * ALIKE_SIDE);
}

// The set alone, without the choice among those of a processor.
extern const vm_kernels vm_table_baseline;

int main(void) {
  const vm_kernels *kernels = &vm_table_baseline;
  elementwise(&kernels->elementwise);
  product("product_full", kernels->product.full);
  product("product_rounded", kernels->product.rounded);
  variation(&kernels->variation);
  blocks(&kernels->blocks);
  group(&kernels->group);
  level_lines(&kernels->level_lines);
  spots(&kernels->spots);
  residuals(&kernels->residuals);
  patches(&kernels->patches);
  alike(&kernels->alike);
  return 0;
}
