#include "flat.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma")))
#define VNNI __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma")))
#define INLINE static inline __attribute__((always_inline))

// Sums of products of unsigned with signed bytes, four to a lane.
AVX512 INLINE __m512i multiply_add_bw(__m512i sum, __m512i u, __m512i s) {
  // Byte by byte pairs would saturate: even and odd bytes are widened apart.
  const __m512i low = _mm512_set1_epi16(0xff);
  __m512i even =
      _mm512_madd_epi16(_mm512_and_si512(u, low), _mm512_srai_epi16(_mm512_slli_epi16(s, 8), 8));
  __m512i odd = _mm512_madd_epi16(_mm512_srli_epi16(u, 8), _mm512_srai_epi16(s, 8));
  return _mm512_add_epi32(sum, _mm512_add_epi32(even, odd));
}
VNNI INLINE __m512i multiply_add_vnni(__m512i sum, __m512i u, __m512i s) {
  return _mm512_dpbusd_epi32(sum, u, s);
}

// The last step of 16 rows: rarely is there anything to write.
AVX512 INLINE engram_flat_hit *offer(const engram_flat_rows *rows, const engram_flat_queries *queries,
                                     size_t query, size_t first, __m512i dots, engram_flat_hit *out) {
  __m512 line = _mm512_fmadd_ps(_mm512_set1_ps(queries->slope[query]), _mm512_cvtepi32_ps(dots),
                                _mm512_set1_ps(queries->offset[query]));
  __m512 estimate = _mm512_fmadd_ps(_mm512_loadu_ps(rows->scale + first), line,
                                    _mm512_loadu_ps(rows->constant + first));
  __m512 bound = _mm512_fmadd_ps(_mm512_set1_ps(queries->residual_factor[query]),
                                 _mm512_loadu_ps(rows->residual + first), estimate);
  bound = _mm512_fmadd_ps(_mm512_set1_ps(queries->norm_factor[query]),
                          _mm512_loadu_ps(rows->norm + first), bound);
  uint32_t kept =
      _mm512_cmp_ps_mask(bound, _mm512_set1_ps(queries->threshold[query]), _CMP_NGT_UQ);
  if (__builtin_expect(kept == 0, 1)) return out;
  float bounds[16], estimates[16];
  _mm512_storeu_ps(bounds, bound);
  _mm512_storeu_ps(estimates, estimate);
  for (; kept; kept &= kept - 1) {
    uint32_t lane = (uint32_t)__builtin_ctz(kept);
    *out++ = (engram_flat_hit){(uint32_t)query, (uint32_t)first + lane, bounds[lane], estimates[lane]};
  }
  return out;
}

// A tile is `HEIGHT` queries by a group of 32 rows, all sums in registers.
#define FLAT_SCAN(SUFFIX, TARGET, MULTIPLY_ADD)                                                     \
  TARGET INLINE engram_flat_hit *tile_##SUFFIX(                                                     \
      const engram_flat_rows *rows, const engram_flat_queries *queries, size_t group, size_t first, \
      const int height, engram_flat_hit *out) {                                                     \
    const __m512i mask = _mm512_set1_epi8(15);                                                      \
    const uint8_t *high = rows->high + group * flat_group_bytes(rows->columns);                     \
    const uint8_t *low = rows->low + group * flat_group_bytes(rows->columns);                       \
    const int8_t *q = queries->codes + first * rows->columns;                                       \
    size_t columns = rows->columns;                                                                 \
    __m512i sums[ENGRAM_FLAT_QUERIES][2];                                                           \
    _Pragma("clang loop unroll(full)") for (int r = 0; r < height; r++) sums[r][0] = sums[r][1] =   \
        _mm512_setzero_si512();                                                                     \
    for (size_t i = 0; i < columns; i += 8, high += 128, low += 128, q += 8) {                      \
      __m512i h0 = _mm512_loadu_si512(high), h1 = _mm512_loadu_si512(high + 64);                    \
      __m512i l0 = _mm512_loadu_si512(low), l1 = _mm512_loadu_si512(low + 64);                      \
      /* Bit by bit: mask ? l : h. */                                                               \
      __m512i a0 = _mm512_ternarylogic_epi32(mask, l0, _mm512_slli_epi16(h0, 4), 0xca);             \
      __m512i a1 = _mm512_ternarylogic_epi32(mask, l1, _mm512_slli_epi16(h1, 4), 0xca);             \
      __m512i b0 = _mm512_ternarylogic_epi32(mask, _mm512_srli_epi16(l0, 4), h0, 0xca);             \
      __m512i b1 = _mm512_ternarylogic_epi32(mask, _mm512_srli_epi16(l1, 4), h1, 0xca);             \
      _Pragma("clang loop unroll(full)") for (int r = 0; r < height; r++) {                         \
        int32_t four;                                                                               \
        memcpy(&four, q + (size_t)r * columns, sizeof four);                                        \
        __m512i query = _mm512_set1_epi32(four);                                                    \
        sums[r][0] = MULTIPLY_ADD(sums[r][0], a0, query);                                           \
        sums[r][1] = MULTIPLY_ADD(sums[r][1], a1, query);                                           \
        memcpy(&four, q + (size_t)r * columns + 4, sizeof four);                                    \
        query = _mm512_set1_epi32(four);                                                            \
        sums[r][0] = MULTIPLY_ADD(sums[r][0], b0, query);                                           \
        sums[r][1] = MULTIPLY_ADD(sums[r][1], b1, query);                                           \
      }                                                                                             \
    }                                                                                               \
    _Pragma("clang loop unroll(full)") for (int r = 0; r < height; r++) {                           \
      size_t query = first + (size_t)r, row = group * ENGRAM_FLAT_ROWS;                             \
      if (query >= queries->count) break;                                                           \
      out = offer(rows, queries, query, row, sums[r][0], out);                                      \
      out = offer(rows, queries, query, row + 16, sums[r][1], out);                                 \
    }                                                                                               \
    return out;                                                                                     \
  }                                                                                                 \
  TARGET INLINE engram_flat_hit *upper_##SUFFIX(const engram_flat_rows *rows,                       \
                                                const engram_flat_queries *queries, size_t group,   \
                                                size_t query, engram_flat_hit *out) {               \
    const __m512i mask = _mm512_set1_epi8(15);                                                      \
    const uint8_t *high = rows->high + group * flat_group_bytes(rows->columns);                     \
    const int8_t *q = queries->codes + query * rows->columns;                                       \
    __m512i s0 = _mm512_setzero_si512(), s1 = s0, s2 = s0, s3 = s0;                                 \
    for (size_t i = 0; i < rows->columns; i += 8, high += 128) {                                    \
      int32_t four;                                                                                 \
      memcpy(&four, q + i, sizeof four);                                                            \
      __m512i first = _mm512_set1_epi32(four);                                                      \
      memcpy(&four, q + i + 4, sizeof four);                                                        \
      __m512i second = _mm512_set1_epi32(four);                                                     \
      __m512i h0 = _mm512_loadu_si512(high), h1 = _mm512_loadu_si512(high + 64);                    \
      s0 = MULTIPLY_ADD(s0, _mm512_and_si512(h0, mask), first);                                     \
      s1 = MULTIPLY_ADD(s1, _mm512_and_si512(h1, mask), first);                                     \
      s2 = MULTIPLY_ADD(s2, _mm512_and_si512(_mm512_srli_epi16(h0, 4), mask), second);              \
      s3 = MULTIPLY_ADD(s3, _mm512_and_si512(_mm512_srli_epi16(h1, 4), mask), second);              \
    }                                                                                               \
    size_t row = group * ENGRAM_FLAT_ROWS;                                                          \
    out = offer(rows, queries, query, row, _mm512_add_epi32(s0, s2), out);                          \
    return offer(rows, queries, query, row + 16, _mm512_add_epi32(s1, s3), out);                    \
  }                                                                                                 \
  TARGET size_t engram_flat_scan_##SUFFIX(const engram_flat_rows *rows,                             \
                                          const engram_flat_queries *queries,                       \
                                          engram_flat_hit *hits) {                                  \
    engram_flat_hit *out = hits;                                                                    \
    for (size_t group = 0; group < rows->groups; group++) {                                         \
      size_t query = 0;                                                                             \
      if (!rows->low) {                                                                             \
        for (; query < queries->count; query++)                                                     \
          out = upper_##SUFFIX(rows, queries, group, query, out);                                   \
        continue;                                                                                   \
      }                                                                                             \
      for (; query + 4 < queries->count; query += 12)                                               \
        out = tile_##SUFFIX(rows, queries, group, query, 12, out);                                  \
      if (query + 1 < queries->count)                                                               \
        out = tile_##SUFFIX(rows, queries, group, query, 4, out);                                   \
      else if (query < queries->count)                                                              \
        out = tile_##SUFFIX(rows, queries, group, query, 1, out);                                   \
    }                                                                                               \
    return (size_t)(out - hits);                                                                    \
  }

FLAT_SCAN(avx512, AVX512, multiply_add_bw)
FLAT_SCAN(avx512vnni, VNNI, multiply_add_vnni)
#endif
