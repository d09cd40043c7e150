#ifndef INRR_COMPENSATION_H
#define INRR_COMPENSATION_H
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* All pictures are (height, width) floats without gaps between rows, in steps of 8 bits. Rows first ..< end are written and no
   others, so that threads can share a picture. 0 is success; no exception leaves these functions. */

/* What `picture` shows where the flow leads: moved(y, x) = picture(y + dy, x + dx), bicubic, held beyond the edge. dx and dy are
   of pictures `scale` times smaller, (flowHeight, flowWidth), and linear between their samples. inside, of the
   rows that are written alone, is 1 where the flow leads into the picture, else 0. Sides are at most 32767. */
int compensation_move(
    const float *picture, int height, int width, const float *dx, const float *dy, int flowHeight, int flowWidth, int scale,
    int first, int end, float *moved, uint8_t *inside);

/* Rows around those that are written which the next function looks at. */
enum { COMPENSATION_MARGIN = 8 };

/* Compares a picture with two others that were moved onto it.

   Flow of smaller pictures is off by a part of a sample, which texture shows as a residual: one step of Lucas and Kanade's method
   (1981) by at most a sample, in windows of 11 x 11, takes away what such a shift explains. Residuals r count 1 / (1 + (r/4)^2), so
   that what is in one picture only does not pull. settled1 and settled2 are the moved pictures after that; mean and half are half
   the sum and half the absolute difference of both residuals, blurred a little (5 x 5, sigma .8). */
int compensation_compare(
    const float *picture, const float *moved1, const float *moved2, int height, int width, int first, int end, float *settled1,
    float *settled2, float *mean, float *half);

#ifdef __cplusplus
}
#endif
#endif
