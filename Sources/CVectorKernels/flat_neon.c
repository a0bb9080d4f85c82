#include "flat.h"

#if defined(__aarch64__)
#include <arm_neon.h>

// Sums of products of 8 unsigned bytes below 128 with signed bytes, in pairs: four to a lane after
// widening.
static inline int32x4_t multiply_add(int32x4_t sum, uint8x16_t u, int8x16_t s) {
  int8x16_t v = vreinterpretq_s8_u8(u);
  int16x8_t first = vmull_s8(vget_low_s8(v), vget_low_s8(s));
  int16x8_t second = vmull_s8(vget_high_s8(v), vget_high_s8(s));
  return vaddq_s32(sum, vpaddq_s32(vpaddlq_s16(first), vpaddlq_s16(second)));
}

static inline int8x16_t broadcast4(const int8_t *q) {
  int32_t four;
  memcpy(&four, q, sizeof four);
  return vreinterpretq_s8_s32(vdupq_n_s32(four));
}

// The products of the 4 rows whose lanes begin at `at`.
static inline int32x4_t products(const uint8_t *plane, size_t at, const int8_t *q, size_t columns) {
  const uint8x16_t mask = vdupq_n_u8(15);
  int32x4_t even = vdupq_n_s32(0), odd = even;
  for (size_t i = 0; i < columns; i += 8, at += 128) {
    uint8x16_t x = vld1q_u8(plane + at);
    even = multiply_add(even, vandq_u8(x, mask), broadcast4(q + i));
    odd = multiply_add(odd, vshrq_n_u8(x, 4), broadcast4(q + i + 4));
  }
  return vaddq_s32(even, odd);
}

size_t engram_flat_scan_neon(const engram_flat_rows *rows, const engram_flat_queries *queries,
                             engram_flat_hit *hits) {
  engram_flat_hit *out = hits;
  for (size_t group = 0; group < rows->groups; group++)
    for (size_t query = 0; query < queries->count; query++) {
      const int8_t *q = queries->codes + query * rows->columns;
      int32_t dots[ENGRAM_FLAT_ROWS];
      for (size_t lane = 0; lane < ENGRAM_FLAT_ROWS; lane += 4) {
        size_t at = group * flat_group_bytes(rows->columns) + lane * 4;
        int32x4_t sum = products(rows->high, at, q, rows->columns);
        if (rows->low)
          sum = vaddq_s32(vshlq_n_s32(sum, 4), products(rows->low, at, q, rows->columns));
        vst1q_s32(dots + lane, sum);
      }
      out = flat_offer(rows, queries, query, group * ENGRAM_FLAT_ROWS, ENGRAM_FLAT_ROWS, dots, out);
    }
  return (size_t)(out - hits);
}
#endif
