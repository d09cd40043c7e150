// libtiff without its variadic calls, which Swift can't make, and without messages of its own.
#ifndef INRR_CTIFF_SHIM_H
#define INRR_CTIFF_SHIM_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

static inline void inrr_tiff_silence(void) {
  TIFFSetErrorHandler(0);
  TIFFSetWarningHandler(0);
}

// A tag of 16 bits; its default where the file does not have it and the tag has one, else `otherwise`.
static inline uint16_t inrr_tiff_short(TIFF *file, uint32_t tag, uint16_t otherwise) {
  uint16_t value = 0;
  return TIFFGetFieldDefaulted(file, tag, &value) == 1 ? value : otherwise;
}

// A tag of 32 bits, or `otherwise`.
static inline uint32_t inrr_tiff_long(TIFF *file, uint32_t tag, uint32_t otherwise) {
  uint32_t value = 0;
  return TIFFGetField(file, tag, &value) == 1 ? value : otherwise;
}

// A resolution in samples per unit, or 0.
static inline float inrr_tiff_ratio(TIFF *file, uint32_t tag) {
  float value = 0;
  return TIFFGetField(file, tag, &value) == 1 ? value : 0;
}

// A text, which belongs to the file, or null.
static inline const char *inrr_tiff_text(TIFF *file, uint32_t tag) {
  char *value = 0;
  return TIFFGetField(file, tag, &value) == 1 ? value : 0;
}

static inline void inrr_tiff_copy_short(TIFF *from, TIFF *to, uint32_t tag) {
  uint16_t value = 0;
  if (TIFFGetField(from, tag, &value) == 1) TIFFSetField(to, tag, value);
}

static inline void inrr_tiff_copy_text(TIFF *from, TIFF *to, uint32_t tag) {
  char *value = 0;
  if (TIFFGetField(from, tag, &value) == 1 && value) TIFFSetField(to, tag, value);
}

// What a tag of several numbers of 16 bits holds, or null; the numbers belong to the file.
static inline const uint16_t *inrr_tiff_shorts(TIFF *file, uint32_t tag, uint16_t *count) {
  uint16_t *values = 0;
  *count = 0;
  return TIFFGetField(file, tag, count, &values) == 1 ? values : 0;
}

// The three columns of a palette of 2^bits colours; 0 where there is none.
static inline int inrr_tiff_colours(TIFF *file, const uint16_t **red, const uint16_t **green, const uint16_t **blue) {
  uint16_t *r = 0, *g = 0, *b = 0;
  if (TIFFGetField(file, TIFFTAG_COLORMAP, &r, &g, &b) != 1) return 0;
  *red = r, *green = g, *blue = b;
  return r && g && b;
}

// The colour profile, which belongs to the file, or null.
static inline const void *inrr_tiff_profile(TIFF *file, uint32_t *size) {
  void *data = 0;
  *size = 0;
  return TIFFGetField(file, TIFFTAG_ICCPROFILE, size, &data) == 1 ? data : 0;
}

// Has the codec of JPEG give RGB for luma and chroma.
static inline int inrr_tiff_decode_to_rgb(TIFF *file) {
  return TIFFSetField(file, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
}

// A file in memory. `limit` bounds what writing may make of it.
typedef struct {
  uint8_t *data;
  uint64_t size, capacity, place, limit;
} inrr_tiff_memory;

static inline tmsize_t inrr_tiff_memory_read(thandle_t handle, void *target, tmsize_t count) {
  inrr_tiff_memory *file = (inrr_tiff_memory *)handle;
  if (count <= 0 || file->place >= file->size) return 0;
  uint64_t rest = file->size - file->place;
  uint64_t taken = (uint64_t)count < rest ? (uint64_t)count : rest;
  memcpy(target, file->data + file->place, taken);
  file->place += taken;
  return (tmsize_t)taken;
}

static inline tmsize_t inrr_tiff_memory_write(thandle_t handle, void *source, tmsize_t count) {
  inrr_tiff_memory *file = (inrr_tiff_memory *)handle;
  if (count <= 0) return 0;
  if (file->place > file->limit || (uint64_t)count > file->limit - file->place) return -1;
  uint64_t end = file->place + (uint64_t)count;
  if (end > file->capacity) {
    uint64_t larger = end + end / 2;
    uint8_t *data = (uint8_t *)realloc(file->data, larger);
    if (!data) return -1;
    file->data = data;
    file->capacity = larger;
  }
  if (file->place > file->size) memset(file->data + file->size, 0, file->place - file->size);
  memcpy(file->data + file->place, source, (size_t)count);
  file->place = end;
  if (end > file->size) file->size = end;
  return count;
}

static inline toff_t inrr_tiff_memory_seek(thandle_t handle, toff_t offset, int whence) {
  inrr_tiff_memory *file = (inrr_tiff_memory *)handle;
  // Offsets from the place or the end may be negative, which wraps to the same sum.
  file->place = whence == SEEK_CUR ? file->place + offset : whence == SEEK_END ? file->size + offset : offset;
  return file->place;
}

static inline int inrr_tiff_memory_close(thandle_t handle) { return (void)handle, 0; }

static inline toff_t inrr_tiff_memory_size(thandle_t handle) { return ((inrr_tiff_memory *)handle)->size; }

// A copy of some bytes as a file, or null; `inrr_tiff_memory_free` frees it once the file is closed.
static inline inrr_tiff_memory *inrr_tiff_memory_make(const void *bytes, size_t size, uint64_t limit) {
  inrr_tiff_memory *file = (inrr_tiff_memory *)calloc(1, sizeof *file);
  if (!file) return 0;
  file->data = (uint8_t *)malloc(size ? size : 1);
  if (!file->data) return free(file), (inrr_tiff_memory *)0;
  memcpy(file->data, bytes, size);
  file->size = file->capacity = size;
  file->limit = limit;
  return file;
}

static inline void inrr_tiff_memory_free(inrr_tiff_memory *file) {
  if (file) free(file->data);
  free(file);
}

static inline TIFF *inrr_tiff_open_memory(inrr_tiff_memory *file, const char *mode) {
  return TIFFClientOpen("memory", mode, (thandle_t)file, inrr_tiff_memory_read, inrr_tiff_memory_write,
                        inrr_tiff_memory_seek, inrr_tiff_memory_close, inrr_tiff_memory_size, 0, 0);
}

// Begins a page of one number for each sample, like the current page of another file but for its size and resolution;
// `description` may be null.
static inline void inrr_tiff_begin_page(TIFF *from, TIFF *to, uint32_t width, uint32_t height, uint32_t rows_per_strip,
                                        float x_factor, float y_factor, const char *description) {
  static const uint32_t shorts[] = {TIFFTAG_BITSPERSAMPLE, TIFFTAG_SAMPLEFORMAT, TIFFTAG_PHOTOMETRIC,
                                    TIFFTAG_COMPRESSION,   TIFFTAG_ORIENTATION,  TIFFTAG_RESOLUTIONUNIT};
  static const uint32_t texts[] = {TIFFTAG_SOFTWARE,     TIFFTAG_DATETIME, TIFFTAG_ARTIST, TIFFTAG_COPYRIGHT,
                                   TIFFTAG_HOSTCOMPUTER, TIFFTAG_MAKE,     TIFFTAG_MODEL,  TIFFTAG_DOCUMENTNAME};
  TIFFSetField(to, TIFFTAG_IMAGEWIDTH, width);
  TIFFSetField(to, TIFFTAG_IMAGELENGTH, height);
  TIFFSetField(to, TIFFTAG_ROWSPERSTRIP, rows_per_strip);
  TIFFSetField(to, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField(to, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++) inrr_tiff_copy_short(from, to, shorts[i]);
  // Only codecs that predict have the tag, so it follows the compression.
  inrr_tiff_copy_short(from, to, TIFFTAG_PREDICTOR);
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) inrr_tiff_copy_text(from, to, texts[i]);
  float x = inrr_tiff_ratio(from, TIFFTAG_XRESOLUTION), y = inrr_tiff_ratio(from, TIFFTAG_YRESOLUTION);
  if (x > 0) TIFFSetField(to, TIFFTAG_XRESOLUTION, x * x_factor);
  if (y > 0) TIFFSetField(to, TIFFTAG_YRESOLUTION, y * y_factor);
  if (description) TIFFSetField(to, TIFFTAG_IMAGEDESCRIPTION, description);
}

#endif
