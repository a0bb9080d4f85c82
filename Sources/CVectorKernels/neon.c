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

const engram_kernel_table engram_table_neon = {"neon", dot_gather, squared_euclidean_gather,
                                               code_gather};
#endif
