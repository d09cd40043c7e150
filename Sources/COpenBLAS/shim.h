#ifndef INRR_OPENBLAS_SHIM_H
#define INRR_OPENBLAS_SHIM_H
#include <cblas.h>
#endif
