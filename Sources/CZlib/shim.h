// zlib, which reads and writes .gz files and inflates the members of .npz archives.
#ifndef INRR_CZLIB_SHIM_H
#define INRR_CZLIB_SHIM_H

#include <zlib.h>

// A macro in zlib.h. A negative number of bits: members of archives have no header of their own.
static inline int inrr_inflate_raw_begin(z_stream *stream) { return inflateInit2(stream, -MAX_WBITS); }

// 16 more bits than the window's: with the header of a .gz file.
static inline int inrr_deflate_gzip_begin(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);
}

#endif
