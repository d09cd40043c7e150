#define VM_NAME(f) f##_baseline
#include "shrink.inc"
#include "group.inc"
