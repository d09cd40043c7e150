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

#endif
