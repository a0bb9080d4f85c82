#include "key_list.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))

// An ascending list takes in a key when every element becomes min(itself, max(the one before, key)). That has
// no branch which depends on the keys: where a search waits for memory, a branch that was guessed wrong
// would throw away what was begun meanwhile.

// The elements one place on: the last of `before`, then those of `block` but the last.
AVX512 static inline __m512i shifted(__m512i block, __m512i before) {
  return _mm512_alignr_epi64(block, before, 7);
}

AVX512 static inline __m512i taking_in(__m512i block, __m512i before, __m512i key) {
  return _mm512_min_epu64(block, _mm512_max_epu64(shifted(block, before), key));
}

// A list of less than 8 · BLOCKS keys, held in registers: with one place for the key that was dropped last,
// which may be the marked one of two that are the same.
#define INSERT_INTO(BLOCKS)                                                                       \
  AVX512 static void insert_into_##BLOCKS(uint64_t *keys, engram_key_list *list, size_t capacity, \
                                          size_t end, const uint64_t *added, size_t n) {          \
    const __m512i none = _mm512_set1_epi64(-1), one = _mm512_set1_epi64(1);                       \
    const __m512i zero = _mm512_setzero_si512();                                                  \
    uint64_t in = ((uint64_t)1 << list->count) - 1, kept = ((uint64_t)1 << end) - 1;              \
    __m512i k[BLOCKS];                                                                            \
    _Pragma("GCC unroll 8") for (int b = 0; b < BLOCKS; b++)                                      \
      k[b] = _mm512_mask_loadu_epi64(none, (__mmask8)(in >> 8 * b), keys + 8 * b);                \
    for (size_t i = 0; i < n; i++) {                                                              \
      __m512i key = _mm512_set1_epi64((long long)added[i]);                                       \
      _Pragma("GCC unroll 8") for (int b = BLOCKS - 1; b > 0; b--)                                \
        k[b] = taking_in(k[b], k[b - 1], key);                                                    \
      k[0] = taking_in(k[0], zero, key);                                                          \
    }                                                                                             \
    uint64_t even = 0, repeated = 0;                                                              \
    _Pragma("GCC unroll 8") for (int b = 0; b < BLOCKS; b++) {                                    \
      __m512i before = shifted(k[b], b > 0 ? k[b - 1] : zero);                                    \
      __mmask8 same =                                                                             \
          _mm512_cmpeq_epi64_mask(_mm512_or_si512(k[b], one), _mm512_or_si512(before, one));      \
      repeated |= (uint64_t)same << 8 * b;                                                        \
      even |= (uint64_t)_mm512_testn_epi64_mask(k[b], one) << 8 * b;                              \
    }                                                                                             \
    if (__builtin_expect((repeated & (kept << 1 | 1)) != 0, 0)) {                                 \
      engram_insert_keys(keys, list, capacity, added, n);                                         \
      return;                                                                                     \
    }                                                                                             \
    _Pragma("GCC unroll 8") for (int b = 0; b < BLOCKS; b++)                                      \
      _mm512_storeu_si512(keys + 8 * b, k[b]);                                                    \
    even &= kept;                                                                                 \
    list->count = end;                                                                            \
    list->first = even ? (size_t)__builtin_ctzll(even) : end;                                     \
    even &= even - 1;                                                                             \
    list->second = even ? (size_t)__builtin_ctzll(even) : end;                                    \
  }

INSERT_INTO(1)
INSERT_INTO(2)
INSERT_INTO(3)
INSERT_INTO(4)
INSERT_INTO(6)
INSERT_INTO(8)

// Inserts from the end, block by block up to that where the key belongs; returns its place.
AVX512 static size_t insert_from_end(uint64_t *keys, size_t count, uint64_t added) {
  const __m512i key = _mm512_set1_epi64((long long)added);
  size_t start = (count - 1) / 8 * 8;
  __m512i block = _mm512_loadu_si512(keys + start);
  while (start > 0 && keys[start] > added) {
    __m512i before = _mm512_loadu_si512(keys + start - 8);
    _mm512_storeu_si512(keys + start, taking_in(block, before, key));
    block = before;
    start -= 8;
  }
  // The first of this block may move on: then the key belongs before it.
  __m512i before = start > 0 ? _mm512_loadu_si512(keys + start - 8) : _mm512_setzero_si512();
  size_t place = start + (size_t)__builtin_popcount(_mm512_cmplt_epu64_mask(block, key));
  _mm512_storeu_si512(keys + start, taking_in(block, before, key));
  return place;
}

AVX512 static void insert_into_long(uint64_t *keys, engram_key_list *list, size_t capacity,
                                    const uint64_t *added, size_t n) {
  const __m512i none = _mm512_set1_epi64(-1);
  size_t count = list->count, first = list->first;
  // What stands after the end of the last block counts as larger than any key.
  if (count % 8 > 0) {
    uint64_t *last = keys + count / 8 * 8;
    _mm512_storeu_si512(
        last, _mm512_mask_loadu_epi64(none, (__mmask8)((1u << count % 8) - 1), last));
  }
  for (size_t i = 0; i < n; i++) {
    uint64_t largest = 0;
    int is_full = count == capacity;
    if (is_full) {
      largest = keys[count - 1];
      if ((added[i] | 1) >= (largest | 1)) continue;
    } else {
      if (count % 8 == 0) _mm512_storeu_si512(keys + count, none);
      count++;
    }
    size_t place = insert_from_end(keys, count, added[i]);
    size_t after = place + 1;
    if (after < count && (keys[after] | 1) == (added[i] | 1)) {
      // It was there: taken out again.
      memmove(keys + place, keys + after, (count - after) * sizeof *keys);
      keys[count - 1] = is_full ? largest : UINT64_MAX;
      count -= !is_full;
      continue;
    }
    if (place < first) first = place;
  }
  while (first < count && keys[first] & 1) first++;
  size_t second = first + 1;
  while (second < count && keys[second] & 1) second++;
  *list = (engram_key_list){count, first, second};
}

AVX512 void engram_insert_keys_avx512(uint64_t *keys, engram_key_list *list, size_t capacity,
                                      const uint64_t *added, size_t n) {
  size_t end = list->count + n < capacity ? list->count + n : capacity;
  switch (end / 8) {
    case 0: insert_into_1(keys, list, capacity, end, added, n); break;
    case 1: insert_into_2(keys, list, capacity, end, added, n); break;
    case 2: insert_into_3(keys, list, capacity, end, added, n); break;
    case 3: insert_into_4(keys, list, capacity, end, added, n); break;
    case 4:
    case 5: insert_into_6(keys, list, capacity, end, added, n); break;
    case 6:
    case 7: insert_into_8(keys, list, capacity, end, added, n); break;
    default: insert_into_long(keys, list, capacity, added, n);
  }
}
#endif
