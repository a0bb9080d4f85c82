#include "tables.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2,fma")))

AVX2 static inline float sum_of(__m256 v) {
  __m128 half = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  half = _mm_add_ps(half, _mm_movehl_ps(half, half));
  return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
}

AVX2 static inline float dot_row(const float *q, const float *x, size_t d) {
  __m256 s0 = _mm256_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
  size_t j = 0;
  for (; j + 32 <= d; j += 32) {
    s0 = _mm256_fmadd_ps(_mm256_loadu_ps(q + j), _mm256_loadu_ps(x + j), s0);
    s1 = _mm256_fmadd_ps(_mm256_loadu_ps(q + j + 8), _mm256_loadu_ps(x + j + 8), s1);
    s2 = _mm256_fmadd_ps(_mm256_loadu_ps(q + j + 16), _mm256_loadu_ps(x + j + 16), s2);
    s3 = _mm256_fmadd_ps(_mm256_loadu_ps(q + j + 24), _mm256_loadu_ps(x + j + 24), s3);
  }
  for (; j + 8 <= d; j += 8)
    s0 = _mm256_fmadd_ps(_mm256_loadu_ps(q + j), _mm256_loadu_ps(x + j), s0);
  float sum = sum_of(_mm256_add_ps(_mm256_add_ps(s0, s1), _mm256_add_ps(s2, s3)));
  for (; j < d; j++) sum += q[j] * x[j];
  return sum;
}

AVX2 static inline float squared_euclidean_row(const float *q, const float *x, size_t d) {
  __m256 s0 = _mm256_setzero_ps(), s1 = s0;
  size_t j = 0;
  for (; j + 16 <= d; j += 16) {
    __m256 a = _mm256_sub_ps(_mm256_loadu_ps(q + j), _mm256_loadu_ps(x + j));
    __m256 b = _mm256_sub_ps(_mm256_loadu_ps(q + j + 8), _mm256_loadu_ps(x + j + 8));
    s0 = _mm256_fmadd_ps(a, a, s0);
    s1 = _mm256_fmadd_ps(b, b, s1);
  }
  float sum = sum_of(_mm256_add_ps(s0, s1));
  for (; j < d; j++) {
    float difference = q[j] - x[j];
    sum += difference * difference;
  }
  return sum;
}

// Bytes are widened to 16 bits first: the byte multiply-add of AVX2 saturates.
AVX2 static inline int32_t code_row(const int8_t *u, const uint8_t *codes, size_t d) {
  __m256i s0 = _mm256_setzero_si256(), s1 = s0;
  size_t j = 0;
  for (; j + 32 <= d; j += 32) {
    __m256i c0 = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(codes + j)));
    __m256i c1 = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(codes + j + 16)));
    __m256i u0 = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(u + j)));
    __m256i u1 = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(u + j + 16)));
    s0 = _mm256_add_epi32(s0, _mm256_madd_epi16(c0, u0));
    s1 = _mm256_add_epi32(s1, _mm256_madd_epi16(c1, u1));
  }
  s0 = _mm256_add_epi32(s0, s1);
  __m128i half = _mm_add_epi32(_mm256_castsi256_si128(s0), _mm256_extracti128_si256(s0, 1));
  half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4e));
  half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xb1));
  int32_t sum = _mm_cvtsi128_si32(half);
  for (; j < d; j++) sum += (int32_t)u[j] * (int32_t)codes[j];
  return sum;
}

F32_GATHER(dot_gather, AVX2, dot_row)
F32_GATHER(squared_euclidean_gather, AVX2, squared_euclidean_row)
CODE_GATHER(code_gather, AVX2, code_row)

const engram_kernel_table engram_table_avx2 = {"avx2", dot_gather, squared_euclidean_gather,
                                               code_gather};
#endif
