#include "key_list.h"
#include "tables.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")))
#define VNNI __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma")))

static inline __mmask16 tail16(size_t left) { return (__mmask16)((1u << left) - 1u); }

AVX512 static inline float dot_row(const float *q, const float *x, size_t d) {
  __m512 s0 = _mm512_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;
  size_t j = 0;
  for (; j + 64 <= d; j += 64) {
    s0 = _mm512_fmadd_ps(_mm512_loadu_ps(q + j), _mm512_loadu_ps(x + j), s0);
    s1 = _mm512_fmadd_ps(_mm512_loadu_ps(q + j + 16), _mm512_loadu_ps(x + j + 16), s1);
    s2 = _mm512_fmadd_ps(_mm512_loadu_ps(q + j + 32), _mm512_loadu_ps(x + j + 32), s2);
    s3 = _mm512_fmadd_ps(_mm512_loadu_ps(q + j + 48), _mm512_loadu_ps(x + j + 48), s3);
  }
  for (; j + 16 <= d; j += 16)
    s0 = _mm512_fmadd_ps(_mm512_loadu_ps(q + j), _mm512_loadu_ps(x + j), s0);
  if (j < d) {
    __mmask16 m = tail16(d - j);
    s1 = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(m, q + j), _mm512_maskz_loadu_ps(m, x + j), s1);
  }
  return _mm512_reduce_add_ps(_mm512_add_ps(_mm512_add_ps(s0, s1), _mm512_add_ps(s2, s3)));
}

AVX512 static inline float squared_euclidean_row(const float *q, const float *x, size_t d) {
  __m512 s0 = _mm512_setzero_ps(), s1 = s0;
  size_t j = 0;
  for (; j + 32 <= d; j += 32) {
    __m512 a = _mm512_sub_ps(_mm512_loadu_ps(q + j), _mm512_loadu_ps(x + j));
    __m512 b = _mm512_sub_ps(_mm512_loadu_ps(q + j + 16), _mm512_loadu_ps(x + j + 16));
    s0 = _mm512_fmadd_ps(a, a, s0);
    s1 = _mm512_fmadd_ps(b, b, s1);
  }
  for (; j < d; j += 16) {
    __mmask16 m = d - j >= 16 ? (__mmask16)0xffff : tail16(d - j);
    __m512 a = _mm512_sub_ps(_mm512_maskz_loadu_ps(m, q + j), _mm512_maskz_loadu_ps(m, x + j));
    s0 = _mm512_fmadd_ps(a, a, s0);
  }
  return _mm512_reduce_add_ps(_mm512_add_ps(s0, s1));
}

AVX512 static inline int32_t code_row(const int8_t *u, const uint8_t *codes, size_t d) {
  __m512i s0 = _mm512_setzero_si512(), s1 = s0;
  for (size_t j = 0; j < d; j += 32) {
    __mmask32 m = d - j >= 32 ? 0xffffffffu : (__mmask32)((1u << (d - j)) - 1u);
    __m512i c = _mm512_cvtepu8_epi16(_mm256_maskz_loadu_epi8(m, codes + j));
    __m512i v = _mm512_cvtepi8_epi16(_mm256_maskz_loadu_epi8(m, u + j));
    s0 = _mm512_add_epi32(s0, _mm512_madd_epi16(c, v));
  }
  return _mm512_reduce_add_epi32(_mm512_add_epi32(s0, s1));
}

VNNI static inline int32_t code_row_vnni(const int8_t *u, const uint8_t *codes, size_t d) {
  __m512i s0 = _mm512_setzero_si512(), s1 = s0;
  size_t j = 0;
  for (; j + 128 <= d; j += 128) {
    s0 = _mm512_dpbusd_epi32(s0, _mm512_loadu_si512(codes + j), _mm512_loadu_si512(u + j));
    s1 = _mm512_dpbusd_epi32(s1, _mm512_loadu_si512(codes + j + 64),
                             _mm512_loadu_si512(u + j + 64));
  }
  for (; j < d; j += 64) {
    __mmask64 m = d - j >= 64 ? ~(__mmask64)0 : ((__mmask64)1 << (d - j)) - 1;
    s0 = _mm512_dpbusd_epi32(s0, _mm512_maskz_loadu_epi8(m, codes + j),
                             _mm512_maskz_loadu_epi8(m, u + j));
  }
  return _mm512_reduce_add_epi32(_mm512_add_epi32(s0, s1));
}

F32_GATHER(dot_gather, AVX512, dot_row)
F32_GATHER(squared_euclidean_gather, AVX512, squared_euclidean_row)
CODE_GATHER(code_gather, AVX512, code_row)
CODE_GATHER(code_gather_vnni, VNNI, code_row_vnni)

// Sums of products of unsigned with signed bytes, four to a lane.
AVX512 static inline __m512i multiply_add_bw(__m512i sum, __m512i u, __m512i s) {
  // Byte by byte pairs would saturate: even and odd bytes are widened apart.
  const __m512i low = _mm512_set1_epi16(0xff);
  __m512i even = _mm512_madd_epi16(_mm512_and_si512(u, low), _mm512_srai_epi16(_mm512_slli_epi16(s, 8), 8));
  __m512i odd = _mm512_madd_epi16(_mm512_srli_epi16(u, 8), _mm512_srai_epi16(s, 8));
  return _mm512_add_epi32(sum, _mm512_add_epi32(even, odd));
}
VNNI static inline __m512i multiply_add_vnni(__m512i sum, __m512i u, __m512i s) {
  return _mm512_dpbusd_epi32(sum, u, s);
}

// Expands to the kernels around a multiply-add of bytes.
#define EDGE_KERNELS(SUFFIX, TARGET, MULTIPLY_ADD)                                                \
  TARGET static inline __m512i broadcast_##SUFFIX(const int8_t *q) {                              \
    int32_t four;                                                                                 \
    memcpy(&four, q, sizeof four);                                                                \
    return _mm512_set1_epi32(four);                                                               \
  }                                                                                               \
  /* Codes stay where they stand in their byte, so that none has to be shifted: the sums of those    */\
  /* `shift` bits up are 2 to that power too large, and are shifted down at the end. They do not     */\
  /* overflow: of one bit, 4 * 128 * 127 a group, and a header has at most 8,192 groups of a width.  */\
  TARGET static inline __m512i add_codes_##SUFFIX(__m512i sum, __m512i x, int mask, int shift,    \
                                                  const int8_t *q) {                              \
    return MULTIPLY_ADD(sum, _mm512_and_si512(x, _mm512_set1_epi8((char)(mask << shift))),        \
                        broadcast_##SUFFIX(q));                                                   \
  }                                                                                               \
  TARGET static inline __m512i edge_dots_##SUFFIX(const int8_t *q, engram_edge_shape shape,       \
                                                  const uint8_t *codes, const uint8_t *ahead) {   \
    __m512i s0 = _mm512_setzero_si512(), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0;    \
    __m512i s7 = s0;                                                                              \
    for (uint32_t g = 0; g < shape.groups4; g++, codes += 64, ahead += 64, q += 8) {              \
      __m512i x = _mm512_loadu_si512(codes);                                                      \
      _mm_prefetch((const char *)ahead, _MM_HINT_T0);                                             \
      s0 = add_codes_##SUFFIX(s0, x, 15, 0, q);                                                   \
      s4 = add_codes_##SUFFIX(s4, x, 15, 4, q + 4);                                               \
    }                                                                                             \
    for (uint32_t g = 0; g < shape.groups2; g++, codes += 64, ahead += 64, q += 16) {             \
      __m512i x = _mm512_loadu_si512(codes);                                                      \
      _mm_prefetch((const char *)ahead, _MM_HINT_T0);                                             \
      s0 = add_codes_##SUFFIX(s0, x, 3, 0, q);                                                    \
      s2 = add_codes_##SUFFIX(s2, x, 3, 2, q + 4);                                                \
      s4 = add_codes_##SUFFIX(s4, x, 3, 4, q + 8);                                                \
      s6 = add_codes_##SUFFIX(s6, x, 3, 6, q + 12);                                               \
    }                                                                                             \
    for (uint32_t g = 0; g < shape.groups1; g++, codes += 64, ahead += 64, q += 32) {             \
      __m512i x = _mm512_loadu_si512(codes);                                                      \
      _mm_prefetch((const char *)ahead, _MM_HINT_T0);                                             \
      s0 = add_codes_##SUFFIX(s0, x, 1, 0, q);                                                    \
      s1 = add_codes_##SUFFIX(s1, x, 1, 1, q + 4);                                                \
      s2 = add_codes_##SUFFIX(s2, x, 1, 2, q + 8);                                                \
      s3 = add_codes_##SUFFIX(s3, x, 1, 3, q + 12);                                               \
      s4 = add_codes_##SUFFIX(s4, x, 1, 4, q + 16);                                               \
      s5 = add_codes_##SUFFIX(s5, x, 1, 5, q + 20);                                               \
      s6 = add_codes_##SUFFIX(s6, x, 1, 6, q + 24);                                               \
      s7 = add_codes_##SUFFIX(s7, x, 1, 7, q + 28);                                               \
    }                                                                                             \
    s6 = _mm512_add_epi32(s6, _mm512_srai_epi32(s7, 1));                                          \
    s4 = _mm512_add_epi32(s4, _mm512_srai_epi32(_mm512_add_epi32(s5, _mm512_srai_epi32(s6, 1)), 1));\
    s2 = _mm512_add_epi32(s2, _mm512_srai_epi32(s3, 1));                                          \
    s0 = _mm512_add_epi32(s0, _mm512_srai_epi32(_mm512_add_epi32(s1, _mm512_srai_epi32(s2, 1)), 1));\
    return _mm512_add_epi32(s0, _mm512_srai_epi32(s4, 4));                                        \
  }                                                                                               \
  TARGET static size_t score_edges_##SUFFIX(                                                      \
      const engram_edge_query *query, engram_edge_shape shape, const uint8_t *codes,              \
      const uint16_t *a, const uint16_t *b, size_t blocks, float threshold, const uint8_t *ahead, \
      uint32_t *out_places, float *out_distances) {                                               \
    size_t block_bytes = 64 * (size_t)(shape.groups4 + shape.groups2 + shape.groups1);            \
    __m512 base = _mm512_set1_ps(query->base), unit_a = _mm512_set1_ps(query->unit_a);            \
    __m512 unit_b = _mm512_set1_ps(query->unit_b), offset = _mm512_set1_ps(query->offset);        \
    __m512i places = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);     \
    size_t count = 0;                                                                             \
    for (size_t block = 0; block < blocks; block++, codes += block_bytes, ahead += block_bytes,   \
                a += 16, b += 16) {                                                               \
      __m512i dots = edge_dots_##SUFFIX(query->codes, shape, codes, ahead);                       \
      __m512 shifted = _mm512_sub_ps(_mm512_cvtepi32_ps(dots), offset);                           \
      __m512 slope =                                                                              \
          _mm512_mul_ps(unit_b, _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)b)));         \
      __m512 constant = _mm512_add_ps(                                                            \
          base, _mm512_mul_ps(unit_a, _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)a))));  \
      __m512 distance = _mm512_add_ps(constant, _mm512_mul_ps(slope, shifted));                   \
      __mmask16 below = _mm512_cmp_ps_mask(distance, _mm512_set1_ps(threshold), _CMP_LT_OQ);      \
      /* Compressed in registers: compressing stores are slow on Zen 4. */                        \
      _mm512_storeu_ps(out_distances + count, _mm512_maskz_compress_ps(below, distance));         \
      _mm512_storeu_si512(out_places + count, _mm512_maskz_compress_epi32(below, places));        \
      count += (size_t)__builtin_popcount(below);                                                 \
      places = _mm512_add_epi32(places, _mm512_set1_epi32(16));                                   \
    }                                                                                             \
    return count;                                                                                 \
  }                                                                                               \
  TARGET static void multiply_s8_##SUFFIX(const int8_t *matrix, const uint8_t *x,                 \
                                          size_t out_blocks, size_t columns, int32_t *out) {      \
    for (size_t block = 0; block < out_blocks; block++, matrix += 16 * columns, out += 16) {      \
      __m512i s0 = _mm512_setzero_si512(), s1 = s0, s2 = s0, s3 = s0;                             \
      size_t i = 0;                                                                               \
      for (; i + 16 <= columns; i += 16) {                                                        \
        const int8_t *m = matrix + i * 16, *v = (const int8_t *)x + i;                            \
        s0 = MULTIPLY_ADD(s0, broadcast_##SUFFIX(v), _mm512_loadu_si512(m));                      \
        s1 = MULTIPLY_ADD(s1, broadcast_##SUFFIX(v + 4), _mm512_loadu_si512(m + 64));             \
        s2 = MULTIPLY_ADD(s2, broadcast_##SUFFIX(v + 8), _mm512_loadu_si512(m + 128));            \
        s3 = MULTIPLY_ADD(s3, broadcast_##SUFFIX(v + 12), _mm512_loadu_si512(m + 192));           \
      }                                                                                           \
      for (; i < columns; i += 4)                                                                 \
        s0 = MULTIPLY_ADD(s0, broadcast_##SUFFIX((const int8_t *)x + i),                          \
                          _mm512_loadu_si512(matrix + i * 16));                                   \
      _mm512_storeu_si512(out, _mm512_add_epi32(_mm512_add_epi32(s0, s1),                         \
                                                _mm512_add_epi32(s2, s3)));                       \
    }                                                                                             \
  }

EDGE_KERNELS(bw, AVX512, multiply_add_bw)
EDGE_KERNELS(vnni, VNNI, multiply_add_vnni)

AVX512 static inline __m512 wide_values(const uint8_t *high, const int8_t *low, __mmask16 m) {
  __m512i h = _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(m, high));
  __m512i l = _mm512_cvtepi8_epi32(_mm_maskz_loadu_epi8(m, low));
  h = _mm512_slli_epi32(_mm512_sub_epi32(h, _mm512_set1_epi32(128)), 8);
  return _mm512_cvtepi32_ps(_mm512_add_epi32(h, l));
}

AVX512 static inline float dot_wide_row(const float *q, const uint8_t *high, const int8_t *low,
                                        float scale, size_t d) {
  __m512 s0 = _mm512_setzero_ps(), s1 = s0;
  size_t j = 0;
  for (; j + 32 <= d; j += 32) {
    s0 = _mm512_fmadd_ps(_mm512_loadu_ps(q + j), wide_values(high + j, low + j, 0xffff), s0);
    s1 = _mm512_fmadd_ps(_mm512_loadu_ps(q + j + 16),
                         wide_values(high + j + 16, low + j + 16, 0xffff), s1);
  }
  for (; j < d; j += 16) {
    __mmask16 m = d - j >= 16 ? (__mmask16)0xffff : tail16(d - j);
    s0 = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(m, q + j), wide_values(high + j, low + j, m), s0);
  }
  return _mm512_reduce_add_ps(_mm512_add_ps(s0, s1)) * scale;
}

AVX512 static inline float squared_euclidean_wide_row(const float *q, const uint8_t *high,
                                                      const int8_t *low, float scale, size_t d) {
  __m512 s0 = _mm512_setzero_ps(), factor = _mm512_set1_ps(scale);
  for (size_t j = 0; j < d; j += 16) {
    __mmask16 m = d - j >= 16 ? (__mmask16)0xffff : tail16(d - j);
    __m512 x = wide_values(high + j, low + j, m);
    __m512 difference =
        _mm512_maskz_fnmadd_ps(m, factor, x, _mm512_maskz_loadu_ps(m, q + j));
    s0 = _mm512_fmadd_ps(difference, difference, s0);
  }
  return _mm512_reduce_add_ps(s0);
}

WIDE_GATHER(dot_wide, AVX512, dot_wide_row)
WIDE_GATHER(squared_euclidean_wide, AVX512, squared_euclidean_wide_row)

EDGE_ENCODER(encode_edge, AVX512)
QUANTIZER(quantize_s8, AVX512)

AVX512 static size_t select_below(const float *x, size_t n, float threshold, uint32_t *places,
                                  float *values) {
  __m512i place = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  size_t count = 0;
  for (size_t i = 0; i < n; i += 16, place = _mm512_add_epi32(place, _mm512_set1_epi32(16))) {
    __mmask16 in = n - i >= 16 ? (__mmask16)0xffff : tail16(n - i);
    __m512 value = _mm512_maskz_loadu_ps(in, x + i);
    __mmask16 below = _mm512_mask_cmp_ps_mask(in, value, _mm512_set1_ps(threshold), _CMP_LT_OQ);
    if (!below) continue;
    _mm512_mask_compressstoreu_ps(values + count, below, value);
    _mm512_mask_compressstoreu_epi32(places + count, below, place);
    count += (size_t)__builtin_popcount(below);
  }
  return count;
}

const engram_kernel_table engram_table_avx512 = {
    "avx512",       dot_gather, squared_euclidean_gather, code_gather, score_edges_bw,
    multiply_s8_bw, dot_wide,   squared_euclidean_wide,
    encode_edge, quantize_s8, select_below, NULL, NULL, engram_insert_keys_avx512};
const engram_kernel_table engram_table_avx512vnni = {
    "avx512vnni",     dot_gather, squared_euclidean_gather, code_gather_vnni, score_edges_vnni,
    multiply_s8_vnni, dot_wide,   squared_euclidean_wide,
    encode_edge, quantize_s8, select_below, engram_pairwise_avx512vnni,
    engram_join_avx512vnni, engram_insert_keys_avx512};
#endif
