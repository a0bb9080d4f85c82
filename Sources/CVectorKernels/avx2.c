#include "key_list.h"
#include "tables.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2 __attribute__((target("avx2,fma,f16c")))

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

// Sums of products of unsigned bytes below 128 with signed bytes, four to a lane: no pair saturates.
AVX2 static inline __m256i multiply_add_narrow(__m256i sum, __m256i u, __m256i s) {
  return _mm256_add_epi32(
      sum, _mm256_madd_epi16(_mm256_maddubs_epi16(u, s), _mm256_set1_epi16(1)));
}

AVX2 static inline __m256i broadcast4(const void *q) {
  int32_t four;
  memcpy(&four, q, sizeof four);
  return _mm256_set1_epi32(four);
}

// The products of 8 lanes.
AVX2 static inline __m256i edge_dots(const int8_t *q, engram_edge_shape shape,
                                     const uint8_t *codes) {
  __m256i s0 = _mm256_setzero_si256(), s1 = s0;
  const uint32_t groups[3] = {shape.groups4, shape.groups2, shape.groups1};
  for (int kind = 0; kind < 3; kind++) {
    int width = 4 >> kind;
    const __m256i mask = _mm256_set1_epi8((char)((1 << width) - 1));
    for (uint32_t g = 0; g < groups[kind]; g++, codes += 64) {
      __m256i x = _mm256_loadu_si256((const __m256i *)codes);
      for (int shift = 0; shift < 8; shift += 2 * width, q += 8) {
        s0 = multiply_add_narrow(s0, _mm256_and_si256(x, mask), broadcast4(q));
        x = _mm256_srli_epi16(x, width);
        s1 = multiply_add_narrow(s1, _mm256_and_si256(x, mask), broadcast4(q + 4));
        x = _mm256_srli_epi16(x, width);
      }
    }
  }
  return _mm256_add_epi32(s0, s1);
}

AVX2 static size_t score_edges(const engram_edge_query *query, engram_edge_shape shape,
                               const uint8_t *codes, const uint16_t *a, const uint16_t *b,
                               size_t blocks, float threshold, const uint8_t *ahead,
                               uint32_t *out_places, float *out_distances) {
  size_t block_bytes = 64 * (size_t)(shape.groups4 + shape.groups2 + shape.groups1);
  size_t count = 0;
  for (size_t half = 0; half < 2 * blocks; half++, a += 8, b += 8, ahead += block_bytes / 2) {
    prefetch_row(ahead, block_bytes / 2);
    const uint8_t *lanes = codes + half / 2 * block_bytes + half % 2 * 32;
    __m256 shifted = _mm256_sub_ps(_mm256_cvtepi32_ps(edge_dots(query->codes, shape, lanes)),
                                   _mm256_set1_ps(query->offset));
    __m256 slope = _mm256_mul_ps(_mm256_set1_ps(query->unit_b),
                                 _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)b)));
    __m256 constant = _mm256_add_ps(
        _mm256_set1_ps(query->base),
        _mm256_mul_ps(_mm256_set1_ps(query->unit_a),
                      _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)a))));
    __m256 distance = _mm256_add_ps(constant, _mm256_mul_ps(slope, shifted));
    float distances[8];
    _mm256_storeu_ps(distances, distance);
    uint32_t below = (uint32_t)_mm256_movemask_ps(
        _mm256_cmp_ps(distance, _mm256_set1_ps(threshold), _CMP_LT_OQ));
    for (; below; below &= below - 1) {
      uint32_t lane = (uint32_t)__builtin_ctz(below);
      out_places[count] = (uint32_t)(half * 8) + lane;
      out_distances[count++] = distances[lane];
    }
  }
  return count;
}

AVX2 static void multiply_s8(const int8_t *matrix, const uint8_t *x, size_t out_blocks,
                             size_t columns, int32_t *out) {
  const __m256i low = _mm256_set1_epi16(0xff);
  for (size_t half = 0; half < 2 * out_blocks; half++, out += 8) {
    const int8_t *rows = matrix + half / 2 * 16 * columns + half % 2 * 32;
    __m256i s0 = _mm256_setzero_si256(), s1 = s0;
    for (size_t i = 0; i < columns; i += 4, rows += 64) {
      __m256i u = broadcast4(x + i), s = _mm256_loadu_si256((const __m256i *)rows);
      // Bytes of 0…255 would saturate in pairs: even and odd ones are widened apart.
      s0 = _mm256_add_epi32(
          s0, _mm256_madd_epi16(_mm256_and_si256(u, low),
                                _mm256_srai_epi16(_mm256_slli_epi16(s, 8), 8)));
      s1 = _mm256_add_epi32(
          s1, _mm256_madd_epi16(_mm256_srli_epi16(u, 8), _mm256_srai_epi16(s, 8)));
    }
    _mm256_storeu_si256((__m256i *)out, _mm256_add_epi32(s0, s1));
  }
}

AVX2 static inline __m256 wide_values(const uint8_t *high, const int8_t *low) {
  __m256i h = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)high));
  __m256i l = _mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)low));
  h = _mm256_slli_epi32(_mm256_sub_epi32(h, _mm256_set1_epi32(128)), 8);
  return _mm256_cvtepi32_ps(_mm256_add_epi32(h, l));
}

AVX2 static inline float dot_wide_row(const float *q, const uint8_t *high, const int8_t *low,
                                      float scale, size_t d) {
  __m256 s0 = _mm256_setzero_ps(), s1 = s0;
  size_t j = 0;
  for (; j + 16 <= d; j += 16) {
    s0 = _mm256_fmadd_ps(_mm256_loadu_ps(q + j), wide_values(high + j, low + j), s0);
    s1 = _mm256_fmadd_ps(_mm256_loadu_ps(q + j + 8), wide_values(high + j + 8, low + j + 8), s1);
  }
  float sum = sum_of(_mm256_add_ps(s0, s1));
  for (; j < d; j++) sum += q[j] * wide_value(high, low, j);
  return sum * scale;
}

AVX2 static inline float squared_euclidean_wide_row(const float *q, const uint8_t *high,
                                                    const int8_t *low, float scale, size_t d) {
  __m256 s0 = _mm256_setzero_ps(), factor = _mm256_set1_ps(scale);
  size_t j = 0;
  for (; j + 8 <= d; j += 8) {
    __m256 difference = _mm256_fnmadd_ps(factor, wide_values(high + j, low + j), _mm256_loadu_ps(q + j));
    s0 = _mm256_fmadd_ps(difference, difference, s0);
  }
  float sum = sum_of(s0);
  for (; j < d; j++) {
    float difference = q[j] - scale * wide_value(high, low, j);
    sum += difference * difference;
  }
  return sum;
}

WIDE_GATHER(dot_wide, AVX2, dot_wide_row)
WIDE_GATHER(squared_euclidean_wide, AVX2, squared_euclidean_wide_row)

EDGE_ENCODER(encode_edge, AVX2)
QUANTIZER(quantize_s8, AVX2)
SELECT(select_below, AVX2)

const engram_kernel_table engram_table_avx2 = {
    "avx2",      dot_gather, squared_euclidean_gather, code_gather, score_edges,
    multiply_s8, dot_wide,   squared_euclidean_wide,
    encode_edge, quantize_s8, select_below, NULL, NULL, engram_insert_keys};
#endif
