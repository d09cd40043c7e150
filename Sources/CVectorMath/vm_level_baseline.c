#define VM_NAME(f) f##_baseline
#define VM_LEVEL VM_BASELINE
#include "vm_kernels.inc"
