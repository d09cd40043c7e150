// A library for LD_PRELOAD under which the calls of a parallel loop begin together, for the sanitizer of threads.
//
// It tells of what two threads do to one place, not of what they might do. Where processors are busy with other things, the first
// thread is done with a short loop before the second has begun, and no race is found. Here each waits for the others at its
// beginning, some milliseconds at most, for there may be fewer threads than calls.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

// A block as its runtime lays it out; what it does is called with itself first.
struct block {
  void *isa;
  int32_t flags, reserved;
  void (*invoke)(struct block *, size_t);
};

struct loop {
  struct block *body;
  // Calls that have begun, and those that can be at work at once.
  size_t begun, together;
};

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

// Relaxed, and not seen by the sanitizer: nothing that a call does may come before another's because of this.
static void run_call(void *pointer, size_t i) {
  struct loop *loop = pointer;
  __atomic_add_fetch(&loop->begun, 1, __ATOMIC_RELAXED);
  double end = seconds() + 0.005;
  while (__atomic_load_n(&loop->begun, __ATOMIC_RELAXED) < loop->together && seconds() < end) sched_yield();
  loop->body->invoke(loop->body, i);
}

// Stands before that of libdispatch.
void dispatch_apply(size_t count, void *queue, struct block *body) {
  typedef void loop_function(size_t, void *, void *, void (*)(void *, size_t));
  loop_function *real = (loop_function *)dlsym(RTLD_NEXT, "dispatch_apply_f");
  if (!real) abort();
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  size_t most = processors > 0 ? (size_t)processors : 1;
  struct loop loop = {.body = body, .begun = 0, .together = count < most ? count : most};
  real(count, queue, &loop, run_call);
}
