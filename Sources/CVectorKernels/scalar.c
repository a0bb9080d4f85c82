// The reference: what every other instruction set is held against.
#include "tables.h"

static float dot_row(const float *q, const float *x, size_t d) {
  float sum = 0;
  for (size_t j = 0; j < d; j++) sum += q[j] * x[j];
  return sum;
}

static float squared_euclidean_row(const float *q, const float *x, size_t d) {
  float sum = 0;
  for (size_t j = 0; j < d; j++) {
    float difference = q[j] - x[j];
    sum += difference * difference;
  }
  return sum;
}

static int32_t code_row(const int8_t *u, const uint8_t *codes, size_t d) {
  int32_t sum = 0;
  for (size_t j = 0; j < d; j++) sum += (int32_t)u[j] * (int32_t)codes[j];
  return sum;
}

F32_GATHER(dot_gather, , dot_row)
F32_GATHER(squared_euclidean_gather, , squared_euclidean_row)
CODE_GATHER(code_gather, , code_row)

const engram_kernel_table engram_table_scalar = {"scalar", dot_gather, squared_euclidean_gather,
                                                 code_gather};
