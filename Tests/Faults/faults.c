// A library for LD_PRELOAD that makes the n-th call of one kind fail, for tests of what is left then.
//
// FAULT_KIND   write, read, open, sync, rename or memory
// FAULT_NUMBER the call that fails, from 1; 0 for none
// FAULT_LASTS  1: all later calls of the kind fail, too, as on a disk that stays full
// FAULT_COUNT  a file that gets the number of calls when the process ends
//
// Standard input, output and error count as no files. Calls within the C library, such as those of fclose, can't be replaced, so
// that fwrite, fread, fflush and fclose count themselves.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;
static long number;
static int lasts;
static char kind[16];

__attribute__((constructor)) static void begin(void) {
  const char *name = getenv("FAULT_KIND");
  if (name) strncpy(kind, name, sizeof kind - 1);
  const char *text = getenv("FAULT_NUMBER");
  number = text ? atol(text) : 0;
  lasts = getenv("FAULT_LASTS") != NULL;
}

__attribute__((destructor)) static void end(void) {
  const char *path = getenv("FAULT_COUNT");
  if (!path) return;
  long count = atomic_load(&calls);
  kind[0] = 0;
  FILE *file = fopen(path, "w");
  if (!file) return;
  fprintf(file, "%ld\n", count);
  fclose(file);
}

// Whether a call of a kind fails now.
static int fails(const char *name) {
  if (kind[0] != name[0] || strcmp(kind, name)) return 0;
  long call = atomic_fetch_add(&calls, 1) + 1;
  return number > 0 && (call == number || (lasts && call > number));
}

#define REAL(name) \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

#define FAIL(code, value) \
  do { \
    errno = code; \
    return value; \
  } while (0)

ssize_t write(int file, const void *bytes, size_t count) {
  REAL(write);
  if (file > 2 && fails("write")) FAIL(ENOSPC, -1);
  return real(file, bytes, count);
}
ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
  REAL(pwrite);
  if (fails("write")) FAIL(ENOSPC, -1);
  return real(file, bytes, count, at);
}
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
  REAL(pwrite64);
  if (fails("write")) FAIL(ENOSPC, -1);
  return real(file, bytes, count, at);
}
ssize_t writev(int file, const struct iovec *parts, int count) {
  REAL(writev);
  if (file > 2 && fails("write")) FAIL(ENOSPC, -1);
  return real(file, parts, count);
}
size_t fwrite(const void *bytes, size_t size, size_t count, FILE *file) {
  REAL(fwrite);
  if (file != stdout && file != stderr && fails("write")) FAIL(ENOSPC, 0);
  return real(bytes, size, count, file);
}
int fflush(FILE *file) {
  REAL(fflush);
  if (file && file != stdout && file != stderr && fails("write")) FAIL(ENOSPC, EOF);
  return real(file);
}
int fclose(FILE *file) {
  REAL(fclose);
  int failed = fails("write"), code = real(file);
  if (failed) FAIL(ENOSPC, EOF);
  return code;
}
int ftruncate(int file, off_t length) {
  REAL(ftruncate);
  if (fails("write")) FAIL(ENOSPC, -1);
  return real(file, length);
}
int ftruncate64(int file, off64_t length) {
  REAL(ftruncate64);
  if (fails("write")) FAIL(ENOSPC, -1);
  return real(file, length);
}

ssize_t read(int file, void *bytes, size_t count) {
  REAL(read);
  if (file > 2 && fails("read")) FAIL(EIO, -1);
  return real(file, bytes, count);
}
ssize_t pread(int file, void *bytes, size_t count, off_t at) {
  REAL(pread);
  if (fails("read")) FAIL(EIO, -1);
  return real(file, bytes, count, at);
}
ssize_t pread64(int file, void *bytes, size_t count, off64_t at) {
  REAL(pread64);
  if (fails("read")) FAIL(EIO, -1);
  return real(file, bytes, count, at);
}
size_t fread(void *bytes, size_t size, size_t count, FILE *file) {
  REAL(fread);
  if (fails("read")) FAIL(EIO, 0);
  return real(bytes, size, count, file);
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    REAL(name); \
    va_list list; \
    va_start(list, flags); \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0; \
    va_end(list); \
    if (fails("open")) FAIL(EIO, -1); \
    return real(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)
#define OPEN_AT(name) \
  int name(int folder, const char *path, int flags, ...) { \
    REAL(name); \
    va_list list; \
    va_start(list, flags); \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0; \
    va_end(list); \
    if (fails("open")) FAIL(EIO, -1); \
    return real(folder, path, flags, mode); \
  }
OPEN_AT(openat)
OPEN_AT(openat64)
FILE *fopen(const char *path, const char *mode) {
  REAL(fopen);
  if (fails("open")) FAIL(EIO, NULL);
  return real(path, mode);
}
FILE *fopen64(const char *path, const char *mode) {
  REAL(fopen64);
  if (fails("open")) FAIL(EIO, NULL);
  return real(path, mode);
}

int fsync(int file) {
  REAL(fsync);
  if (fails("sync")) FAIL(EIO, -1);
  return real(file);
}
int fdatasync(int file) {
  REAL(fdatasync);
  if (fails("sync")) FAIL(EIO, -1);
  return real(file);
}

int rename(const char *from, const char *to) {
  REAL(rename);
  if (fails("rename")) FAIL(EIO, -1);
  return real(from, to);
}
int link(const char *from, const char *to) {
  REAL(link);
  if (fails("rename")) FAIL(EPERM, -1);
  return real(from, to);
}

// dlsym may ask for memory itself: glibc has these names for its own.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
void *malloc(size_t size) {
  if (fails("memory")) FAIL(ENOMEM, NULL);
  return __libc_malloc(size);
}
void *calloc(size_t count, size_t size) {
  if (fails("memory")) FAIL(ENOMEM, NULL);
  return __libc_calloc(count, size);
}
void *realloc(void *memory, size_t size) {
  if (fails("memory")) FAIL(ENOMEM, NULL);
  return __libc_realloc(memory, size);
}
int posix_memalign(void **memory, size_t alignment, size_t size) {
  if (fails("memory")) return ENOMEM;
  *memory = __libc_memalign(alignment, size);
  return *memory || !size ? 0 : ENOMEM;
}
void *aligned_alloc(size_t alignment, size_t size) {
  if (fails("memory")) FAIL(ENOMEM, NULL);
  return __libc_memalign(alignment, size);
}
