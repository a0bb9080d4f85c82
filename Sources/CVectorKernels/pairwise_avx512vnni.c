// All distances between rows of signed bytes, a tile of 12 rows by 32 columns at a time.
#include "tables.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define VNNI __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma")))
#define ROWS ENGRAM_PAIRWISE_ROWS
#define COLUMNS ENGRAM_PAIRWISE_COLUMNS

// The products of a tile, all sums in registers.
#define TILE_SUMS(sums, a, b, k)                                                              \
  __m512i sums[ROWS][2];                                                                      \
  _Pragma("clang loop unroll(full)") for (int r = 0; r < ROWS; r++)                           \
      sums[r][0] = sums[r][1] = _mm512_setzero_si512();                                       \
  for (size_t at = 0; at < k; at += 4) {                                                      \
    const uint8_t *column = (b) + at * COLUMNS;                                               \
    __m512i b0 = _mm512_loadu_si512(column), b1 = _mm512_loadu_si512(column + 64);            \
    _Pragma("clang loop unroll(full)") for (int r = 0; r < ROWS; r++) {                       \
      int32_t four;                                                                           \
      memcpy(&four, (a) + (size_t)r * k + at, sizeof four);                                   \
      __m512i row = _mm512_set1_epi32(four);                                                  \
      sums[r][0] = _mm512_dpbusd_epi32(sums[r][0], b0, row);                                  \
      sums[r][1] = _mm512_dpbusd_epi32(sums[r][1], b1, row);                                  \
    }                                                                                         \
  }

// The same bits for a pair in either order: sums and products of two are commutative.
VNNI static inline __m512 distances(__m512i sums, engram_byte_rows row, engram_byte_rows column) {
  __m512 dot = _mm512_cvtepi32_ps(_mm512_sub_epi32(sums, _mm512_set1_epi32(128 * *row.sum)));
  __m512 constant = _mm512_add_ps(_mm512_set1_ps(*row.norm), _mm512_loadu_ps(column.norm));
  __m512 slope = _mm512_mul_ps(_mm512_set1_ps(-2 * *row.scale), _mm512_loadu_ps(column.scale));
  return _mm512_max_ps(_mm512_fmadd_ps(slope, dot, constant), _mm512_setzero_ps());
}

static inline engram_byte_rows from(engram_byte_rows rows, size_t place) {
  return (engram_byte_rows){rows.scale + place, rows.norm + place, rows.sum + place};
}

VNNI static inline void pairwise_tile(const int8_t *a, engram_byte_rows a_rows, size_t height,
                                      const uint8_t *b, engram_byte_rows b_rows, size_t k,
                                      float *out, size_t ldo) {
  TILE_SUMS(sums, a, b, k)
#pragma clang loop unroll(full)
  for (int r = 0; r < ROWS; r++) {
    if ((size_t)r >= height) break;
    engram_byte_rows row = from(a_rows, (size_t)r);
    float *line = out + (size_t)r * ldo;
    _mm512_storeu_ps(line, distances(sums[r][0], row, b_rows));
    _mm512_storeu_ps(line + 16, distances(sums[r][1], row, from(b_rows, 16)));
  }
}

// One row by up to three groups of columns: as wide as keeps the multipliers busy.
VNNI static inline void pairwise_line(const int8_t *a, engram_byte_rows row, const uint8_t *b,
                                      engram_byte_rows b_rows, size_t groups, size_t k, float *out) {
  __m512i sums[6];
  for (int c = 0; c < 6; c++) sums[c] = _mm512_setzero_si512();
  for (size_t at = 0; at < k; at += 4) {
    int32_t four;
    memcpy(&four, a + at, sizeof four);
    __m512i bytes = _mm512_set1_epi32(four);
#pragma clang loop unroll(full)
    for (size_t g = 0; g < 3; g++) {
      if (g >= groups) break;
      const uint8_t *column = b + (g * k + at) * COLUMNS;
      sums[2 * g] = _mm512_dpbusd_epi32(sums[2 * g], _mm512_loadu_si512(column), bytes);
      sums[2 * g + 1] = _mm512_dpbusd_epi32(sums[2 * g + 1], _mm512_loadu_si512(column + 64), bytes);
    }
  }
#pragma clang loop unroll(full)
  for (size_t c = 0; c < 6; c++)
    if (c < 2 * groups) _mm512_storeu_ps(out + 16 * c, distances(sums[c], row, from(b_rows, 16 * c)));
}

VNNI static void pairwise_one(const int8_t *a, engram_byte_rows row, const uint8_t *b,
                              engram_byte_rows b_rows, size_t n, size_t k, float *out) {
  size_t j = 0;
  for (; j + 2 * COLUMNS < n; j += 3 * COLUMNS)
    pairwise_line(a, row, b + j * k, from(b_rows, j), 3, k, out + j);
  for (; j < n; j += COLUMNS)
    pairwise_line(a, row, b + j * k, from(b_rows, j), 1, k, out + j);
}

VNNI void engram_pairwise_avx512vnni(const int8_t *a, engram_byte_rows a_rows, size_t m,
                                     const uint8_t *b, engram_byte_rows b_rows, size_t n, size_t k,
                                     float *out, size_t ldo) {
  if (m == 1) return pairwise_one(a, a_rows, b, b_rows, n, k, out);
  // Columns outside: a group of them stays in the first-level cache while all rows pass.
  for (size_t j = 0; j < n; j += COLUMNS, b += COLUMNS * k)
    for (size_t i = 0; i < m; i += ROWS)
      pairwise_tile(a + i * k, from(a_rows, i), m - i < ROWS ? m - i : ROWS, b, from(b_rows, j), k,
                    out + i * ldo + j, ldo);
}

static inline void append(engram_near_lists lists, size_t place, uint32_t distance, size_t other) {
  lists.keys[place * lists.stride + lists.counts[place]++] = (uint64_t)distance << 32 | other;
}

VNNI static inline void join_tile(const int8_t *a, const uint8_t *b, engram_byte_rows rows, size_t k,
                                  size_t i, size_t height, size_t j, size_t width,
                                  engram_near_lists lists) {
  TILE_SUMS(sums, a + i * k, b, k)
  engram_byte_rows columns = from(rows, j);
  __m512 limits0 = _mm512_loadu_ps(lists.limits + j), limits1 = _mm512_loadu_ps(lists.limits + j + 16);
  uint32_t bits[COLUMNS];
#pragma clang loop unroll(full)
  for (int r = 0; r < ROWS; r++) {
    if ((size_t)r >= height) break;
    size_t place = i + (size_t)r;
    if (place <= j) continue;
    size_t before = place - j < width ? place - j : width;
    uint32_t valid = before < 32 ? (1u << before) - 1 : ~0u;
    engram_byte_rows row = from(rows, place);
    __m512 d0 = distances(sums[r][0], row, columns), d1 = distances(sums[r][1], row, from(columns, 16));
    __m512 limit = _mm512_set1_ps(lists.limits[place]);
    uint32_t row_hits = _mm512_cmp_ps_mask(d0, limit, _CMP_LT_OQ) |
                        (uint32_t)_mm512_cmp_ps_mask(d1, limit, _CMP_LT_OQ) << 16;
    uint32_t column_hits = _mm512_cmp_ps_mask(d0, limits0, _CMP_LT_OQ) |
                           (uint32_t)_mm512_cmp_ps_mask(d1, limits1, _CMP_LT_OQ) << 16;
    row_hits &= valid;
    column_hits &= valid;
    if (!(row_hits | column_hits)) continue;
    _mm512_storeu_si512(bits, _mm512_castps_si512(d0));
    _mm512_storeu_si512(bits + 16, _mm512_castps_si512(d1));
    for (; row_hits; row_hits &= row_hits - 1) {
      int c = __builtin_ctz(row_hits);
      append(lists, place, bits[c], j + (size_t)c);
    }
    for (; column_hits; column_hits &= column_hits - 1) {
      int c = __builtin_ctz(column_hits);
      append(lists, j + (size_t)c, bits[c], place);
    }
  }
}

VNNI void engram_join_avx512vnni(const int8_t *a, const uint8_t *b, engram_byte_rows rows, size_t k,
                                 engram_range row_range, engram_range column_range,
                                 engram_near_lists lists) {
  for (size_t j = column_range.start; j < column_range.end; j += COLUMNS) {
    size_t width = column_range.end - j < COLUMNS ? column_range.end - j : COLUMNS;
    for (size_t i = row_range.start; i < row_range.end; i += ROWS) {
      size_t height = row_range.end - i < ROWS ? row_range.end - i : ROWS;
      if (i + height <= j + 1) continue;
      join_tile(a, b + j * k, rows, k, i, height, j, width, lists);
    }
  }
}
#endif
