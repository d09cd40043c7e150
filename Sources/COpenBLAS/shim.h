#ifndef INRR_OPENBLAS_SHIM_H
#define INRR_OPENBLAS_SHIM_H
#include <cblas.h>
#include <stddef.h>

/* OpenBLAS carries LAPACK, but the headers of LAPACK's C interface come with other packages: so the Fortran
   interface is declared here. Lengths of the character arguments come last, as Fortran compilers pass them. */

/* Eigenvalues w (n), rising, and with jobz = 'V' eigenvectors of a symmetric matrix a (n, n), which is overwritten. */
void ssyev_(
    const char *jobz, const char *uplo, const blasint *n, float *a, const blasint *lda, float *w, float *work,
    const blasint *lwork, blasint *info, size_t jobz_length, size_t uplo_length);
#endif
