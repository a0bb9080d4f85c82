// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

// Apart from the library, so that whoever depends on that resolves no benchmark tools.
let package = Package(
  name: "EngramMicroBenchmarks",
  dependencies: [
    .package(name: "Engram", path: "../.."),
    // Without its traits: those count allocations and references, by libraries loaded before the program.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "VectorIndex",
      dependencies: [
        "CAllocationCount",
        .product(name: "Vamana", package: "Engram"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "Benchmarks/VectorIndex",
      swiftSettings: strict,
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    // Takes the place of malloc in the programs that it is linked into.
    .target(name: "CAllocationCount", path: "Checks/CAllocationCount"),
    .executableTarget(
      name: "AllocationCheck",
      dependencies: ["CAllocationCount", .product(name: "Vamana", package: "Engram")],
      path: "Checks/Allocations",
      swiftSettings: strict),
  ]
)
