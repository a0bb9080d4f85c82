import Benchmark

let benchmarks: @Sendable () -> Void = {
  registerFloatKernels()
  registerCodeKernels()
  registerEdgeKernels()
  registerPairwiseKernels()
  registerWalkStructures()
  registerBuilds()
  registerSearches()
}
