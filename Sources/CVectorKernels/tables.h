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

void engram_pairwise_avx512vnni(const int8_t *a, engram_byte_rows a_rows, size_t m,
                                const uint8_t *b, engram_byte_rows b_rows, size_t n, size_t k,
                                float *out, size_t ldo);
void engram_join_avx512vnni(const int8_t *a, const uint8_t *b, engram_byte_rows rows, size_t k,
                            engram_range row_range, engram_range column_range,
                            engram_near_lists lists);
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

// One component of a row of two bytes an axis, in steps of its low byte.
static inline float wide_value(const uint8_t *high, const int8_t *low, size_t j) {
  return (float)(256 * ((int32_t)high[j] - 128) + low[j]);
}

// The bodies of the functions over rows of two bytes an axis, around a row kernel
// `ROW(q, high, low, scale, d)`.
#define WIDE_GATHER(NAME, TARGET, ROW)                                                        \
  TARGET static void NAME(const float *q, const uint8_t *base, size_t stride,                 \
                          const int8_t *low_base, size_t low_stride, const uint32_t *ids,     \
                          size_t n, size_t d, float factor, float *out) {                     \
    for (size_t i = 0; i < n + PREFETCH_AHEAD; i++) {                                         \
      if (i < n) {                                                                            \
        prefetch_row(base + row_id(ids, i) * stride, d + CODE_HEADER_BYTES);                  \
        prefetch_row(low_base + row_id(ids, i) * low_stride, d);                              \
      }                                                                                       \
      if (i < PREFETCH_AHEAD) continue;                                                       \
      size_t id = row_id(ids, i - PREFETCH_AHEAD);                                            \
      const uint8_t *row = base + id * stride;                                                \
      float ab[2];                                                                            \
      memcpy(ab, row, sizeof ab);                                                             \
      out[i - PREFETCH_AHEAD] =                                                               \
          ROW(q, row + CODE_HEADER_BYTES, low_base + id * low_stride, factor * ab[1], d);     \
    }                                                                                         \
  }

// The last step of an edge's distance, shared so that every instruction set rounds alike.
static inline float edge_distance(const engram_edge_query *q, float a, float b, int32_t dot) {
#pragma STDC FP_CONTRACT OFF
  float shifted = (float)dot - q->offset;
  float slope = q->unit_b * b;
  float constant = q->base + q->unit_a * a;
  return constant + slope * shifted;
}

// The body of the edge encoder: runs at build time only, so plain loops that the compiler widens for
// `TARGET` are enough.
#define EDGE_ENCODER(NAME, TARGET)                                                            \
  TARGET static void NAME(const float *target, const float *source,                           \
                          const engram_edge_axes *axes, uint8_t *restrict codes,              \
                          engram_edge_sums *sums) {                                           \
    _Pragma("clang fp reassociate(on) contract(fast)") size_t n = axes->count;                \
    const float *inverse_deviation = axes->inverse_deviation, *weight = axes->weight;         \
    const float *inverse_weight = axes->inverse_weight, *offset = axes->offset;               \
    const float *level_max = axes->level_max;                                                 \
    float energy = 0;                                                                         \
    for (size_t i = 0; i < n; i++) {                                                          \
      float r = (target[i] - source[i]) * inverse_deviation[i];                               \
      energy += r * r;                                                                        \
    }                                                                                         \
    float scale = __builtin_sqrtf(energy / (float)n);                                         \
    float inverse = scale > 0 ? 1 / scale : 0;                                                \
    float r_dot_decoded = 0, source_dot_decoded = 0;                                          \
    for (size_t i = 0; i < n; i++) {                                                          \
      float r = target[i] - source[i];                                                        \
      float level = r * inverse * inverse_weight[i] + offset[i] + 0.5f;                       \
      level = level < 0 ? 0 : level;                                                          \
      level = level > level_max[i] ? level_max[i] : level;                                    \
      int32_t code = (int32_t)level;                                                          \
      codes[i] = (uint8_t)code;                                                               \
      float decoded = weight[i] * ((float)code - offset[i]);                                  \
      r_dot_decoded += r * decoded;                                                           \
      source_dot_decoded += source[i] * decoded;                                              \
    }                                                                                         \
    sums->scale = scale;                                                                      \
    sums->r_dot_decoded = scale * r_dot_decoded;                                              \
    sums->source_dot_decoded = scale * source_dot_decoded;                                    \
  }

// The body of the quantizer of queries: element by element, so that no order of sums matters. Magnitudes
// are compared by their bits, which order like the numbers.
#define QUANTIZER(NAME, TARGET)                                                               \
  TARGET static inline __attribute__((always_inline)) float NAME##_body(                      \
      const float *x, const float *center, const float *weight, size_t n, int8_t *out,        \
      int centred, int weighted) {                                                            \
    uint32_t largest_bits = 0;                                                                \
    for (size_t i = 0; i < n; i++) {                                                          \
      float value = (centred ? x[i] - center[i] : x[i]) * (weighted ? weight[i] : 1.0f);      \
      uint32_t bits;                                                                          \
      memcpy(&bits, &value, sizeof bits);                                                     \
      bits &= 0x7fffffffu;                                                                    \
      largest_bits = bits > largest_bits ? bits : largest_bits;                               \
    }                                                                                         \
    float largest;                                                                            \
    memcpy(&largest, &largest_bits, sizeof largest);                                          \
    float scale = largest / 127;                                                              \
    float inverse = 1 / scale;                                                                \
    /* A scale too small to invert: zero as far as codes can tell. */                         \
    if (!(inverse <= 3.402823466e38f)) inverse = 0;                                           \
    for (size_t i = 0; i < n; i++) {                                                          \
      float value = (centred ? x[i] - center[i] : x[i]) * (weighted ? weight[i] : 1.0f);      \
      float level = __builtin_rintf(value * inverse);                                         \
      level = level > 127 ? 127 : level;                                                      \
      level = level < -127 ? -127 : level;                                                    \
      out[i] = (int8_t)(int32_t)level;                                                        \
    }                                                                                         \
    return scale;                                                                             \
  }                                                                                           \
  TARGET static float NAME(const float *x, const float *center, const float *weight, size_t n, \
                           int8_t *out) {                                                     \
    if (center && weight) return NAME##_body(x, center, weight, n, out, 1, 1);                \
    if (center) return NAME##_body(x, center, weight, n, out, 1, 0);                          \
    if (weight) return NAME##_body(x, center, weight, n, out, 0, 1);                          \
    return NAME##_body(x, center, weight, n, out, 0, 0);                                      \
  }

// The select of instruction sets without a compressing store: written always and kept if below, so that
// no branch is mispredicted. `places` and `values` need room for one more than is kept.
#define SELECT(NAME, TARGET)                                                                  \
  TARGET static size_t NAME(const float *x, size_t n, float threshold, uint32_t *places,      \
                            float *values) {                                                  \
    size_t count = 0;                                                                         \
    for (size_t i = 0; i < n; i++) {                                                          \
      places[count] = (uint32_t)i;                                                            \
      values[count] = x[i];                                                                   \
      count += x[i] < threshold;                                                              \
    }                                                                                         \
    return count;                                                                             \
  }
