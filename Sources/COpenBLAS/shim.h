#pragma once
#include <cblas.h>

// LAPACK comes with OpenBLAS, its C headers do not.
void ssyevd_(const char *jobz, const char *uplo, const int *n, float *a, const int *lda, float *w,
             float *work, const int *lwork, int *iwork, const int *liwork, int *info);
