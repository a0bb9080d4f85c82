// swift-tools-version: 6.1
import PackageDescription

// Apart from the library, so that whoever depends on that resolves no benchmark tools.
let package = Package(
  name: "EngramMicroBenchmarks",
  dependencies: [
    .package(name: "Engram", path: "../.."),
    // Without its traits: counting of allocations needs an interposer on malloc, and a test counts them.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "VectorIndex",
      dependencies: [
        .product(name: "Vamana", package: "Engram"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "Benchmarks/VectorIndex",
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
      ],
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ]
)
