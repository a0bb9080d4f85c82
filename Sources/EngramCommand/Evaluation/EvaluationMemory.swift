internal import Embedders
internal import Engram
internal import Episodes
internal import Foundation
internal import Platform

/// A memory that lasts as long as one evaluation.
enum EvaluationMemory {
  /// Imports episodes, indexes them, and lets `body` ask.
  ///
  /// - Parameter vectorsPath: vectors of the descriptions, in the order of the episodes.
  static func with<Value>(
    episodesFrom path: String, vectorsFrom vectorsPath: String? = nil,
    _ body: (Memory) async throws -> Value
  ) async throws -> Value {
    let vectors = try vectorsPath.map { try VectorMatrix.read($0, of: "--vectors") }
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "engram-eval-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var configuration = MemoryConfiguration(home: Home(path: folder.path))
    if let vectors {
      let rows = try rows(of: path, in: vectors)
      configuration.embedder = {
        try KnownVectorEmbedder(
          vectors: vectors, rows: rows, others: MiniLMEmbedder(model: MiniLMModel.locate()))
      }
    }
    // Neither its time nor what it finds belongs to the measurement.
    configuration.learning.isAutomatic = false
    configuration.sealing.isAutomatic = false
    return try await Memory.using(configuration) { memory in
      var reader = try EpisodeFileReader(path: path, startTime: .now)
      var batch = ImportBatch(memory: memory, policy: .keepStored, keepsCopies: true)
      while let line = try reader.next() {
        switch line {
        case .episode(_, let episode): try await batch.add(episode)
        case .record: break
        case .failure(let error):
          throw CommandFailure("\(path): \(error)", status: .badData)
        }
      }
      try await batch.flush()
      _ = try await memory.buildIndex()
      return try await body(memory)
    }
  }

  /// Which row is that of each description.
  private static func rows(of path: String, in vectors: VectorMatrix) throws -> [String: Int] {
    var rows: [String: Int] = [:]
    var count = 0
    var reader = try EpisodeFileReader(path: path, startTime: .now)
    while let line = try reader.next() {
      guard case .episode(_, let episode) = line else { continue }
      rows[episode.taskDescription] = count
      count += 1
    }
    guard count == vectors.count else {
      throw CommandFailure(
        "--vectors has \(vectors.count) rows; expected \(count), one for each episode",
        status: .badData)
    }
    return rows
  }
}
