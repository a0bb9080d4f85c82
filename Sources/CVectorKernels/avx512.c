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

const engram_kernel_table engram_table_avx512 = {"avx512", dot_gather, squared_euclidean_gather,
                                                 code_gather};
const engram_kernel_table engram_table_avx512vnni = {"avx512vnni", dot_gather,
                                                     squared_euclidean_gather, code_gather_vnni};
#endif
