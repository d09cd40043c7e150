// libtiff without its variadic calls, which Swift can't make, and without messages of its own.
#ifndef INRR_CTIFF_SHIM_H
#define INRR_CTIFF_SHIM_H

#include <stdint.h>
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
