#ifndef INRR_OPTICAL_FLOW_H
#define INRR_OPTICAL_FLOW_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What went wrong; 0 is success. No exception leaves these functions. */
enum {
  OPTICAL_FLOW_OK = 0,
  OPTICAL_FLOW_BAD_SIZE = 1,
  OPTICAL_FLOW_NO_MEMORY = 2,
  OPTICAL_FLOW_FAILED = 3
};

/* Dense optical flow between two 8-bit gray pictures (height, width), rows without gaps, by dense inverse search
   (OpenCV's DISOpticalFlow, preset medium): from(y, x) shows what to(y + dy, x + dx) shows.

   detail is 1 for flow that is looked for down to the pictures' own samples, 0 for half their resolution, which is faster
   and less shaken by noise, 2 for full resolution with patches farther apart and less smoothing. dx and dy take (height,
   width) floats, in samples; if is_halved is not 0, half as many rows and columns, rounded up: means of two by two, in
   samples of that size. message takes the cause of an error, at most capacity bytes with the zero at its end; it is empty on
   success. Runs on the calling thread alone, so that the result does not depend on the number of threads; may be called from
   several threads at once. */
int optical_flow_dis(
    const uint8_t *from, const uint8_t *to, int height, int width, int detail, int is_halved, float *dx, float *dy,
    char *message, size_t capacity);

/* Refines a flow between two pictures (height, width), full scale 255, in its place: brightness, its slopes and a flow that
   changes little from sample to sample are weighed against each other, as in T. Brox, A. Bruhn, N. Papenberg, J. Weickert:
   "High Accuracy Optical Flow Estimation Based on a Theory for Warping", ECCV 2004 (OpenCV's VariationalRefinement, with the
   weights of its search). Otherwise as above. */
int optical_flow_refine(
    const float *from, const float *to, int height, int width, int iterations, float *dx, float *dy, char *message,
    size_t capacity);

#ifdef __cplusplus
}
#endif
#endif
