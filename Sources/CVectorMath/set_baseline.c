#include "CVectorMath.h"
#include "vector.h"

#define TILE_ROWS 4
#define TILE_VECTORS 1
#include "kernels.inc"

const vm_kernels vm_table_baseline = VM_TABLE(VM_BASELINE, product);
