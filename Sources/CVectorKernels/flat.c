#include "flat.h"
#include <math.h>

engram_flat_scan engram_flat_scan_named(const char *name) {
  if (!engram_kernels_named(name)) return NULL;
  if (strcmp(name, "scalar") == 0) return engram_flat_scan_scalar;
#if defined(__x86_64__)
  if (strcmp(name, "avx2") == 0) return engram_flat_scan_avx2;
  if (strcmp(name, "avx512") == 0) return engram_flat_scan_avx512;
  if (strcmp(name, "avx512vnni") == 0) return engram_flat_scan_avx512vnni;
#endif
#if defined(__aarch64__)
  if (strcmp(name, "neon") == 0) return engram_flat_scan_neon;
#endif
  return NULL;
}

// Up to the next float but two, so that what is below in double precision stays below.
static float rounded_up(double value) { return (float)(value * (1 + 0x1p-22) + 0x1p-126); }

// Below this a product of two scales could leave the range of normal numbers.
#define SCALE_MIN 0x1p-60f

void engram_flat_encode(const float *x, const float *center, size_t n, size_t columns, size_t lane,
                        uint8_t *codes, uint8_t *high, uint8_t *low, engram_flat_row *row) {
  // Sums of any order do: they are in double precision, and rounded up afterwards.
#pragma clang fp reassociate(on) contract(fast)
  double largest = 0;
  for (size_t i = 0; i < n; i++) {
    double magnitude = fabs((double)x[i] - (double)center[i]);
    largest = magnitude > largest ? magnitude : largest;
  }
  float scale = (float)(largest / 127);
  if (!(scale >= SCALE_MIN)) scale = 0;
  double step = scale, inverse = scale > 0 ? 1 / step : 0;
  double squares = 0, high_residuals = 0, residuals = 0, high_norms = 0, norms = 0;
  for (size_t i = 0; i < n; i++) {
    double value = (double)x[i] - (double)center[i];
    double level = value * inverse;
    level = level > 127 ? 127 : level < -127 ? -127 : level;
    // Rounds half up: the shifted level is positive.
    int32_t code = (int32_t)(level + 128.5);
    codes[i] = (uint8_t)code;
    double decoded = step * (double)(code - 128);
    double high_decoded = step * ((double)(code & 0xf0) - 120.5);
    squares += value * value;
    residuals += (value - decoded) * (value - decoded);
    norms += decoded * decoded;
    high_residuals += (value - high_decoded) * (value - high_decoded);
    high_norms += high_decoded * high_decoded;
  }
  for (size_t i = n; i < columns; i++) codes[i] = 128;
  high += lane / 16 * 64 + lane % 16 * 4;
  low += lane / 16 * 64 + lane % 16 * 4;
  for (size_t i = 0; i < columns; i += 8, codes += 8, high += 128, low += 128) {
    uint32_t first, second;
    memcpy(&first, codes, 4);
    memcpy(&second, codes + 4, 4);
    uint32_t upper = (first >> 4 & 0x0f0f0f0fu) | (second & 0xf0f0f0f0u);
    uint32_t lower = (first & 0x0f0f0f0fu) | (second << 4 & 0xf0f0f0f0u);
    memcpy(high, &upper, 4);
    memcpy(low, &lower, 4);
  }
  row->scale = scale;
  row->squared_norm = squares;
  row->residual = rounded_up(sqrt(residuals));
  row->high_residual = rounded_up(sqrt(high_residuals));
  row->norm = rounded_up(sqrt(norms > high_norms ? norms : high_norms));
}

static inline double centred(const float *q, const float *center, size_t i) {
  return center ? (double)q[i] - (double)center[i] : (double)q[i];
}

void engram_flat_encode_query(const float *q, const float *center, size_t n, int8_t *codes,
                              engram_flat_query *query) {
#pragma clang fp reassociate(on) contract(fast)
  double largest = 0;
  for (size_t i = 0; i < n; i++) {
    double magnitude = fabs(centred(q, center, i));
    largest = magnitude > largest ? magnitude : largest;
  }
  float scale = (float)(largest / 127);
  if (!(scale >= SCALE_MIN)) scale = 0;
  double step = scale, inverse = scale > 0 ? 1 / step : 0;
  double squares = 0, residuals = 0;
  int32_t sum = 0;
  for (size_t i = 0; i < n; i++) {
    double value = centred(q, center, i);
    double level = value * inverse;
    level = level > 127 ? 127 : level < -127 ? -127 : level;
    int32_t code = (int32_t)(level + 128.5) - 128;
    codes[i] = (int8_t)code;
    sum += code;
    double rest = value - step * (double)code;
    squares += value * value;
    residuals += rest * rest;
  }
  query->scale = scale;
  query->sum = sum;
  query->norm = sqrt(squares);
  query->residual = sqrt(residuals);
}

double engram_flat_dot(const float *a, const float *b, size_t n) {
#pragma clang fp reassociate(on) contract(fast)
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += (double)a[i] * (double)b[i];
  return sum;
}

// The reference: what every other instruction set is held against.
size_t engram_flat_scan_scalar(const engram_flat_rows *rows, const engram_flat_queries *queries,
                               engram_flat_hit *hits) {
  engram_flat_hit *out = hits;
  for (size_t group = 0; group < rows->groups; group++) {
    const uint8_t *high = rows->high + group * flat_group_bytes(rows->columns);
    const uint8_t *low = rows->low ? rows->low + group * flat_group_bytes(rows->columns) : NULL;
    for (size_t query = 0; query < queries->count; query++) {
      const int8_t *q = queries->codes + query * rows->columns;
      int32_t dots[ENGRAM_FLAT_ROWS] = {0};
      for (size_t i = 0; i < rows->columns; i += 8)
        for (size_t lane = 0; lane < ENGRAM_FLAT_ROWS; lane++)
          for (size_t byte = 0; byte < 4; byte++) {
            size_t at = i * 16 + lane * 4 + byte;
            int32_t first = high[at] & 15, second = high[at] >> 4;
            if (low) {
              first = first << 4 | (low[at] & 15);
              second = second << 4 | low[at] >> 4;
            }
            dots[lane] += first * q[i + byte] + second * q[i + 4 + byte];
          }
      out = flat_offer(rows, queries, query, group * ENGRAM_FLAT_ROWS, ENGRAM_FLAT_ROWS, dots, out);
    }
  }
  return (size_t)(out - hits);
}
