#define VM_NAME(f) f##_baseline
#define VM_LEVEL VM_BASELINE
#define VM_TILE_ROWS 4
#define VM_TILE_VECTORS 1
#include "vm_kernels.inc"
