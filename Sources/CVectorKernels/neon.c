#include "key_list.h"
#include "tables.h"

#if defined(__aarch64__)
#include <arm_neon.h>

static inline float dot_row(const float *q, const float *x, size_t d) {
  float32x4_t s0 = vdupq_n_f32(0), s1 = s0, s2 = s0, s3 = s0;
  size_t j = 0;
  for (; j + 16 <= d; j += 16) {
    s0 = vfmaq_f32(s0, vld1q_f32(q + j), vld1q_f32(x + j));
    s1 = vfmaq_f32(s1, vld1q_f32(q + j + 4), vld1q_f32(x + j + 4));
    s2 = vfmaq_f32(s2, vld1q_f32(q + j + 8), vld1q_f32(x + j + 8));
    s3 = vfmaq_f32(s3, vld1q_f32(q + j + 12), vld1q_f32(x + j + 12));
  }
  float sum = vaddvq_f32(vaddq_f32(vaddq_f32(s0, s1), vaddq_f32(s2, s3)));
  for (; j < d; j++) sum += q[j] * x[j];
  return sum;
}

static inline float squared_euclidean_row(const float *q, const float *x, size_t d) {
  float32x4_t s0 = vdupq_n_f32(0), s1 = s0;
  size_t j = 0;
  for (; j + 8 <= d; j += 8) {
    float32x4_t a = vsubq_f32(vld1q_f32(q + j), vld1q_f32(x + j));
    float32x4_t b = vsubq_f32(vld1q_f32(q + j + 4), vld1q_f32(x + j + 4));
    s0 = vfmaq_f32(s0, a, a);
    s1 = vfmaq_f32(s1, b, b);
  }
  float sum = vaddvq_f32(vaddq_f32(s0, s1));
  for (; j < d; j++) {
    float difference = q[j] - x[j];
    sum += difference * difference;
  }
  return sum;
}

static inline int32_t code_row(const int8_t *u, const uint8_t *codes, size_t d) {
  int32x4_t s0 = vdupq_n_s32(0), s1 = s0;
  size_t j = 0;
  for (; j + 16 <= d; j += 16) {
    uint8x16_t c = vld1q_u8(codes + j);
    int8x16_t v = vld1q_s8(u + j);
    int16x8_t c0 = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(c)));
    int16x8_t c1 = vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(c)));
    int16x8_t v0 = vmovl_s8(vget_low_s8(v));
    int16x8_t v1 = vmovl_s8(vget_high_s8(v));
    s0 = vmlal_s16(s0, vget_low_s16(c0), vget_low_s16(v0));
    s1 = vmlal_s16(s1, vget_high_s16(c0), vget_high_s16(v0));
    s0 = vmlal_s16(s0, vget_low_s16(c1), vget_low_s16(v1));
    s1 = vmlal_s16(s1, vget_high_s16(c1), vget_high_s16(v1));
  }
  int32_t sum = vaddvq_s32(vaddq_s32(s0, s1));
  for (; j < d; j++) sum += (int32_t)u[j] * (int32_t)codes[j];
  return sum;
}

F32_GATHER(dot_gather, , dot_row)
F32_GATHER(squared_euclidean_gather, , squared_euclidean_row)
CODE_GATHER(code_gather, , code_row)

// Sums of products of unsigned bytes with signed bytes, four to a lane of the result.
static inline int32x4_t multiply_add(int32x4_t sum, uint8x16_t u, int8x16_t s) {
  int16x8_t u0 = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(u)));
  int16x8_t u1 = vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(u)));
  int16x8_t s0 = vmovl_s8(vget_low_s8(s)), s1 = vmovl_s8(vget_high_s8(s));
  int32x4_t p0 = vpaddq_s32(vmull_s16(vget_low_s16(u0), vget_low_s16(s0)),
                            vmull_s16(vget_high_s16(u0), vget_high_s16(s0)));
  int32x4_t p1 = vpaddq_s32(vmull_s16(vget_low_s16(u1), vget_low_s16(s1)),
                            vmull_s16(vget_high_s16(u1), vget_high_s16(s1)));
  return vaddq_s32(sum, vpaddq_s32(p0, p1));
}

static inline int8x16_t broadcast4(const void *q) {
  int32_t four;
  memcpy(&four, q, sizeof four);
  return vreinterpretq_s8_s32(vdupq_n_s32(four));
}

// The products of 4 lanes.
static inline int32x4_t edge_dots(const int8_t *q, engram_edge_shape shape, const uint8_t *codes) {
  int32x4_t sum = vdupq_n_s32(0);
  const uint32_t groups[3] = {shape.groups4, shape.groups2, shape.groups1};
  for (int kind = 0; kind < 3; kind++) {
    int width = 4 >> kind;
    const uint8x16_t mask = vdupq_n_u8((uint8_t)((1 << width) - 1));
    for (uint32_t g = 0; g < groups[kind]; g++, codes += 64) {
      uint8x16_t x = vld1q_u8(codes);
      for (int shift = 0; shift < 8; shift += width, q += 4) {
        sum = multiply_add(sum, vandq_u8(vshlq_u8(x, vdupq_n_s8((int8_t)-shift)), mask), broadcast4(q));
      }
    }
  }
  return sum;
}

static size_t score_edges(const engram_edge_query *query, engram_edge_shape shape,
                          const uint8_t *codes, const uint16_t *a, const uint16_t *b, size_t blocks,
                          float threshold, const uint8_t *ahead, uint32_t *out_places,
                          float *out_distances) {
  size_t block_bytes = 64 * (size_t)(shape.groups4 + shape.groups2 + shape.groups1);
  size_t count = 0;
  for (size_t quarter = 0; quarter < 4 * blocks; quarter++, a += 4, b += 4, ahead += block_bytes / 4) {
    prefetch_row(ahead, block_bytes / 4);
    const uint8_t *lanes = codes + quarter / 4 * block_bytes + quarter % 4 * 16;
    int32_t dots[4];
    float fa[4], fb[4];
    vst1q_s32(dots, edge_dots(query->codes, shape, lanes));
    vst1q_f32(fa, vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(a))));
    vst1q_f32(fb, vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(b))));
    for (uint32_t lane = 0; lane < 4; lane++) {
      float distance = edge_distance(query, fa[lane], fb[lane], dots[lane]);
      if (!(distance < threshold)) continue;
      out_places[count] = (uint32_t)(quarter * 4) + lane;
      out_distances[count++] = distance;
    }
  }
  return count;
}

static void multiply_s8(const int8_t *matrix, const uint8_t *x, size_t out_blocks, size_t columns,
                        int32_t *out) {
  for (size_t quarter = 0; quarter < 4 * out_blocks; quarter++, out += 4) {
    const int8_t *rows = matrix + quarter / 4 * 16 * columns + quarter % 4 * 16;
    int32x4_t sum = vdupq_n_s32(0);
    for (size_t i = 0; i < columns; i += 4, rows += 64)
      sum = multiply_add(sum, vreinterpretq_u8_s8(broadcast4(x + i)), vld1q_s8(rows));
    vst1q_s32(out, sum);
  }
}

static inline float32x4_t wide_values(const uint8_t *high, const int8_t *low) {
  uint32_t h4;
  int32_t l4;
  memcpy(&h4, high, sizeof h4);
  memcpy(&l4, low, sizeof l4);
  int16x4_t h = vget_low_s16(vreinterpretq_s16_u16(vmovl_u8(vcreate_u8(h4))));
  int16x4_t l = vget_low_s16(vmovl_s8(vcreate_s8((uint32_t)l4)));
  int32x4_t wide = vshlq_n_s32(vsubl_s16(h, vdup_n_s16(128)), 8);
  return vcvtq_f32_s32(vaddw_s16(wide, l));
}

static inline float dot_wide_row(const float *q, const uint8_t *high, const int8_t *low,
                                 float scale, size_t d) {
  float32x4_t s0 = vdupq_n_f32(0);
  size_t j = 0;
  for (; j + 4 <= d; j += 4) s0 = vfmaq_f32(s0, vld1q_f32(q + j), wide_values(high + j, low + j));
  float sum = vaddvq_f32(s0);
  for (; j < d; j++) sum += q[j] * wide_value(high, low, j);
  return sum * scale;
}

static inline float squared_euclidean_wide_row(const float *q, const uint8_t *high,
                                               const int8_t *low, float scale, size_t d) {
  float32x4_t s0 = vdupq_n_f32(0);
  size_t j = 0;
  for (; j + 4 <= d; j += 4) {
    float32x4_t difference =
        vfmsq_f32(vld1q_f32(q + j), vdupq_n_f32(scale), wide_values(high + j, low + j));
    s0 = vfmaq_f32(s0, difference, difference);
  }
  float sum = vaddvq_f32(s0);
  for (; j < d; j++) {
    float difference = q[j] - scale * wide_value(high, low, j);
    sum += difference * difference;
  }
  return sum;
}

WIDE_GATHER(dot_wide, , dot_wide_row)
WIDE_GATHER(squared_euclidean_wide, , squared_euclidean_wide_row)

EDGE_ENCODER(encode_edge, )
QUANTIZER(quantize_s8, )
SELECT(select_below, )

const engram_kernel_table engram_table_neon = {
    "neon",      dot_gather, squared_euclidean_gather, code_gather, score_edges,
    multiply_s8, dot_wide,   squared_euclidean_wide,
    encode_edge, quantize_s8, select_below, NULL, NULL, engram_insert_keys};
#endif
