#include "key_list.h"

#include <string.h>

// The first place whose key is not below `key`. Which way a step goes cannot be guessed: it is chosen by a
// conditional move.
static size_t lower_bound(const uint64_t *keys, size_t count, uint64_t key) {
  const uint64_t *base = keys;
  while (count > 1) {
    size_t half = count / 2;
    base = __builtin_unpredictable(base[half - 1] < key) ? base + half : base;
    count -= half;
  }
  return (size_t)(base - keys) + (count == 1 && *base < key);
}

void engram_insert_keys(uint64_t *keys, engram_key_list *list, size_t capacity,
                        const uint64_t *added, size_t n) {
  size_t count = list->count, first = list->first;
  for (size_t i = 0; i < n; i++) {
    uint64_t key = added[i];
    size_t end = count;
    if (count == capacity) {
      if ((key | 1) >= (keys[count - 1] | 1)) continue;
      end = count - 1;
    }
    size_t place = lower_bound(keys, end, key);
    if (place < count && (keys[place] | 1) == (key | 1)) continue;
    memmove(keys + place + 1, keys + place, (end - place) * sizeof *keys);
    keys[place] = key;
    count = end + 1;
    if (place < first) first = place;
  }
  while (first < count && keys[first] & 1) first++;
  size_t second = first + 1;
  while (second < count && keys[second] & 1) second++;
  *list = (engram_key_list){count, first, second};
}
