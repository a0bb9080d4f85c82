#pragma once
#include "engram_kernels.h"
#include <string.h>

// Rows asked for ahead of the one in work: enough to cover a miss with the work of a few rows.
#define PREFETCH_AHEAD 4
#define LINE 64

extern const engram_kernel_table engram_table_scalar;
#if defined(__x86_64__)
extern const engram_kernel_table engram_table_avx2;
extern const engram_kernel_table engram_table_avx512;
extern const engram_kernel_table engram_table_avx512vnni;
#endif
#if defined(__aarch64__)
extern const engram_kernel_table engram_table_neon;
#endif

static inline size_t row_id(const uint32_t *ids, size_t i) { return ids ? ids[i] : i; }

static inline void prefetch_row(const void *row, size_t bytes) {
  const char *line = (const char *)row;
  for (size_t at = 0; at < bytes; at += LINE) __builtin_prefetch(line + at, 0, 3);
}

// The last step of a code distance, shared so that every instruction set rounds alike.
static inline float code_distance(const uint8_t *row, int32_t dot, int32_t usum, float scale) {
#pragma STDC FP_CONTRACT OFF
  float ab[2];
  memcpy(ab, row, sizeof ab);
  float product = ab[1] * (scale * (float)(dot - 128 * usum));
  return ab[0] + product;
}

#define CODE_HEADER_BYTES 8

// The bodies of the gather functions around a row kernel `ROW(q, row, d)`.
#define F32_GATHER(NAME, TARGET, ROW)                                                        \
  TARGET static void NAME(const float *q, const float *base, size_t stride,                  \
                          const uint32_t *ids, size_t n, size_t d, float *out) {             \
    for (size_t i = 0; i < n && i < PREFETCH_AHEAD; i++)                                     \
      prefetch_row(base + row_id(ids, i) * stride, d * sizeof(float));                       \
    for (size_t i = 0; i < n; i++) {                                                         \
      if (i + PREFETCH_AHEAD < n)                                                            \
        prefetch_row(base + row_id(ids, i + PREFETCH_AHEAD) * stride, d * sizeof(float));    \
      out[i] = ROW(q, base + row_id(ids, i) * stride, d);                                    \
    }                                                                                        \
  }

#define CODE_GATHER(NAME, TARGET, ROW)                                                       \
  TARGET static void NAME(const int8_t *u, int32_t usum, const uint8_t *base, size_t stride, \
                          const uint32_t *ids, size_t n, size_t d, float scale,              \
                          float *out) {                                                      \
    for (size_t i = 0; i < n && i < PREFETCH_AHEAD; i++)                                     \
      prefetch_row(base + row_id(ids, i) * stride, d + CODE_HEADER_BYTES);                   \
    for (size_t i = 0; i < n; i++) {                                                         \
      if (i + PREFETCH_AHEAD < n)                                                            \
        prefetch_row(base + row_id(ids, i + PREFETCH_AHEAD) * stride, d + CODE_HEADER_BYTES); \
      const uint8_t *row = base + row_id(ids, i) * stride;                                   \
      out[i] = code_distance(row, ROW(u, row + CODE_HEADER_BYTES, d), usum, scale);          \
    }                                                                                        \
  }
