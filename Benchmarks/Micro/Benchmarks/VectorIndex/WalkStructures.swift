import Benchmark
internal import VectorMath

// The sources of these structures are compiled into this module, as they are into the index: so they are
// inlined alike, and the index need not show them.

/// What a walk keeps: the pool of candidates, the nearest reached, the nodes seen.
func registerWalkStructures() {
  // Keys of a walk: they come nearer as it goes on.
  var random = RandomRows(seed: 5)
  let candidates = (0..<1024).map { step in
    NeighborKey(
      distance: 1 / (1 + Float(step) / 256) + 0.3 * abs(random.normal()),
      node: UInt32(random.next() % 100_000))
  }

  for capacity in [12, 40, 120, 480] {
    Benchmark(
      "pool of \(capacity): 1,024 candidates in one by one, popped as they come",
      configuration: BenchmarkSize.searches
    ) { benchmark in
      // SAFETY: room for one key more than the pool holds, as in the index.
      let keys = UnsafeMutablePointer<NeighborKey>.allocate(capacity: capacity + 1)
      defer { keys.deallocate() }
      var expanded = 0
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        var pool = CandidatePool(keys: keys, capacity: capacity)
        for start in stride(from: 0, to: candidates.count, by: 16) {
          for index in start..<start + 16 where candidates[index].distance < pool.threshold {
            pool.insert(candidates[index])
          }
          if pool.popNearest() != nil { expanded += 1 }
        }
        while pool.popNearest() != nil { expanded += 1 }
      }
      benchmark.stopMeasurement()
      blackHole(expanded)
    }
  }

  for capacity in [12, 40, 120, 480] {
    Benchmark(
      "pool of \(capacity): 1,024 candidates in by sixteen at once, popped as they come",
      configuration: BenchmarkSize.searches
    ) { benchmark in
      // SAFETY: room for all that the kernel writes, and for sixteen.
      let keys = UnsafeMutablePointer<NeighborKey>.allocate(
        capacity: KeyList.room(forCapacity: capacity))
      let added = UnsafeMutablePointer<NeighborKey>.allocate(capacity: 16)
      defer {
        keys.deallocate()
        added.deallocate()
      }
      var expanded = 0
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        var pool = CandidatePool(keys: keys, capacity: capacity)
        for start in stride(from: 0, to: candidates.count, by: 16) {
          let threshold = pool.threshold
          var count = 0
          for index in start..<start + 16 {
            added[count] = candidates[index]
            count += candidates[index].distance < threshold ? 1 : 0
          }
          pool.insert(added, count: count, kernels: .best)
          if pool.popNearest() != nil { expanded += 1 }
        }
        while pool.popNearest() != nil { expanded += 1 }
      }
      benchmark.stopMeasurement()
      blackHole(expanded)
    }
  }

  Benchmark("nearest 24 reached of 1,024", configuration: BenchmarkSize.searches) { benchmark in
    // SAFETY: room for one key more than is kept, as in the index.
    let keys = UnsafeMutablePointer<NeighborKey>.allocate(capacity: 25)
    defer { keys.deallocate() }
    var kept = 0
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      var reached = ReachedNodes(keys: keys, capacity: 24)
      for key in candidates { reached.insert(key) }
      kept += reached.count
    }
    benchmark.stopMeasurement()
    blackHole(kept)
  }

  Benchmark("visited table: 1,024 nodes, half of them again", configuration: BenchmarkSize.searches)
  {
    benchmark in
    let memory = VisitedMemory(placeBits: 12)
    var fresh = 0
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      let visited = memory.next()
      for index in 0..<1024 where visited.insert(candidates[index / 3 * 2 & 1023].node) {
        fresh += 1
      }
    }
    benchmark.stopMeasurement()
    blackHole(fresh)
  }
}
