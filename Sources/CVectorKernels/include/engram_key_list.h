// Ascending lists of 64-bit keys, as a search keeps its candidates.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Keys that a list of `capacity` needs memory for: whole groups, which kernels write.
#define ENGRAM_KEY_LIST_ROOM(capacity) (((capacity) + 63) / 64 * 64)

/// How many keys a list has, and the places of the first two that are even: not before `first` and
/// `second` when given to a kernel, exact when it returns, `count` or more for none.
typedef struct {
  size_t count, first, second;
} engram_key_list;

/// Inserts `n` even keys into a list that holds at most `capacity`, 1 or more; what is largest is dropped. The
/// lowest bit of a key is a mark that the list keeps for its owner: a key that is there, with the mark or
/// without, is not inserted again. `keys` has room for ENGRAM_KEY_LIST_ROOM(capacity); what stands after
/// `count` is overwritten. Every instruction set leaves the same list.
typedef void (*engram_key_insert)(uint64_t *keys, engram_key_list *list, size_t capacity,
                                  const uint64_t *added, size_t n);

#ifdef __cplusplus
}
#endif
