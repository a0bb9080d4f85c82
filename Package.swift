// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

// The page that `engram serve` has at `/`.
let pageFiles = [
  "index.html",
  "style.css",
  "icon.svg",
  "app.js",
  "api.js",
  "dom.js",
  "format.js",
  "chart.js",
  "search.js",
  "episode.js",
  "patterns.js",
  "pattern.js",
  "map.js",
  "health.js",
  "benchmarks.js",
].sorted()

let package = Package(
  name: "Engram",
  products: [
    .library(name: "Engram", targets: ["Engram", "Episodes", "Embedders", "DurableStore", "Sync"]),
    .library(name: "Episodes", targets: ["Episodes"]),
    .library(name: "Vamana", targets: ["Vamana", "VectorMath"]),
    .executable(name: "engram", targets: ["engram"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    // Without what it reads its own configuration with.
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1",
      traits: ["FullFoundation"]),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.8.0"),
  ],
  targets: [
    // C libraries and kernels.
    .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .target(name: "CVectorKernels"),

    // What the system gives, made safe: durable files, locks, seconds.
    .target(name: "Platform", swiftSettings: strict),

    // The index: usable alone.
    .target(
      name: "VectorMath", dependencies: ["CVectorKernels", "COpenBLAS"], swiftSettings: strict),
    .target(name: "Vamana", dependencies: ["Platform", "VectorMath"], swiftSettings: strict),

    // The words: an inverted index, usable alone.
    .target(name: "TextSearch", dependencies: ["Platform"], swiftSettings: strict),

    // The domain, its embedders, and where its records live.
    .target(name: "Episodes", swiftSettings: strict),
    .target(
      name: "Embedders",
      dependencies: ["VectorMath", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: strict),
    .target(
      name: "DurableStore",
      dependencies: [
        "Episodes", "Platform",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .target(
      name: "Cache",
      dependencies: [
        "Episodes", "Platform", "VectorMath", "CLMDB", "CZstd",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["Protobuf/engram_cache.proto"],
      swiftSettings: strict),
    .target(
      name: "Sync",
      dependencies: [
        "Episodes", "DurableStore", "Cache", "Platform",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),

    // The facade and its doors.
    .target(
      name: "Engram",
      dependencies: [
        "Episodes", "Embedders", "Vamana", "VectorMath", "TextSearch", "DurableStore", "Cache",
        "Sync", "Platform",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .target(
      name: "EngramServer",
      dependencies: [
        "Engram", "Episodes", "Embedders", "DurableStore", "Sync", "Platform",
        "Vamana",
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    // The lines of imports and exports.
    .target(
      name: "Interchange",
      dependencies: [
        "Engram", "Episodes", "DurableStore", .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    // The sessions of agents' programs, as these write them.
    .target(
      name: "Transcripts", dependencies: ["Episodes", "Platform"], swiftSettings: strict),
    // The protocol of libSQL: what goes over the wire, and SQL sessions behind it.
    .target(name: "Hrana", dependencies: ["Episodes"], swiftSettings: strict),
    .target(
      name: "HranaSessions",
      dependencies: [
        "Hrana", "Platform", .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .target(
      name: "HranaHTTP",
      dependencies: [
        "Hrana", "HranaSessions", "Episodes",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      swiftSettings: strict),
    // The durable store in a database elsewhere.
    .target(
      name: "RemoteStore",
      dependencies: [
        "DurableStore", "Hrana", "Episodes", "Platform",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .target(
      name: "EngramHTTP",
      dependencies: [
        "EngramServer", "HranaHTTP", "HranaSessions", "Interchange", "Engram", "Episodes",
        "DurableStore", "Sync", "Platform",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      resources: pageFiles.map { .embedInCode("Page/" + $0) },
      swiftSettings: strict),
    .target(
      name: "EngramCommand",
      dependencies: [
        "Engram", "EngramHTTP", "EngramServer", "Interchange", "Transcripts", "Episodes",
        "Embedders", "Vamana", "VectorMath", "DurableStore", "Cache", "Sync", "Platform",
        "HranaSessions", "RemoteStore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "TOMLKit", package: "TOMLKit"),
        .product(name: "Configuration", package: "swift-configuration"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "engram",
      dependencies: [
        "EngramCommand", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // What tests of several targets share.
    .target(
      name: "TestSupport", dependencies: ["VectorMath", "Embedders"], path: "Tests/TestSupport",
      swiftSettings: strict),
    // What tests of libSQL share.
    .target(
      name: "HranaTestSupport",
      dependencies: [
        "HranaHTTP", "HranaSessions",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
      ],
      path: "Tests/HranaTestSupport", swiftSettings: strict),
    .testTarget(
      name: "PlatformTests", dependencies: ["Platform"], swiftSettings: strict),
    .testTarget(name: "EpisodesTests", dependencies: ["Episodes"], swiftSettings: strict),
    .testTarget(
      name: "VectorMathTests", dependencies: ["VectorMath", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "VamanaTests", dependencies: ["Vamana", "VectorMath", "TestSupport"],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "TextSearchTests", dependencies: ["TextSearch", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "EmbeddersTests", dependencies: ["Embedders", "TestSupport"],
      resources: [.copy("Fixtures")],
      swiftSettings: strict),
    .testTarget(
      name: "DurableStoreTests",
      dependencies: [
        "DurableStore", "Episodes", "TestSupport", "HranaTestSupport", "HranaSessions",
        "RemoteStore",
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "HranaTests",
      dependencies: [
        "Hrana", "HranaSessions", "HranaTestSupport", "RemoteStore", "DurableStore",
        "Episodes", "Engram", "Sync", "Cache", "TestSupport",
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      exclude: ["Client"], swiftSettings: strict),
    .testTarget(
      name: "CacheTests", dependencies: ["Cache", "Episodes", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "SyncTests",
      dependencies: ["Sync", "DurableStore", "Cache", "Episodes", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "EngramTests",
      dependencies: [
        "Engram", "engram", "Episodes", "Embedders", "DurableStore", "Sync", "Vamana",
        "TestSupport",
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "EngramServerTests",
      dependencies: [
        "EngramServer", "Engram", "engram", "Episodes", "Embedders", "Sync", "TestSupport",
      ],
      exclude: ["Client"], swiftSettings: strict),
    .testTarget(
      name: "EngramHTTPTests",
      dependencies: [
        "EngramHTTP", "EngramServer", "Engram", "Episodes", "DurableStore", "Hrana",
        "HranaSessions", "RemoteStore", "Sync",
        "TestSupport",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      exclude: ["Page", "OpenAPI"], swiftSettings: strict),
    .testTarget(
      name: "TranscriptsTests", dependencies: ["Transcripts", "Episodes"],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "EngramCommandTests",
      dependencies: [
        "EngramCommand", "engram", "Interchange", "Transcripts", "Episodes", "Embedders", "Sync",
        "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ReliabilityTests", dependencies: ["engram", "DurableStore", "Vamana", "TestSupport"],
      swiftSettings: strict),
  ]
)
