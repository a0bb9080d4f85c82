internal import Crypto
internal import Interchange

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Writes a data set to a folder: texts, vectors, questions, and a manifest that comes last.
///
/// Files appear under their names when they are complete; a manifest says that all are.
public struct DatasetBuilder: Sendable {
  /// The folder; it is made when it is not there.
  public var folder: String
  /// The name of the data set, with which its files begin.
  public var name: String

  /// - Throws: ``DatasetError/badSetting(_:)`` when the name would be no name of a file.
  public init(folder: String, name: String) throws(DatasetError) {
    let isPlain = name.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) }
    guard !name.isEmpty, name.count <= 100, isPlain, !name.hasPrefix(".") else {
      throw .badSetting("'\(name)' is no name; expected letters, digits, '-', '_' and '.'")
    }
    self.folder = folder
    self.name = name
  }

  /// Writes `<name>.texts.jsonl`, `<name>.npy` when the texts are embedded, `<name>.questions.jsonl` and
  /// `<name>.episodes.jsonl` when there are questions, and `manifest.json`.
  ///
  /// - Parameter progress: called with the number of texts embedded so far.
  /// - Throws: ``DatasetError``, and what the embedder throws.
  public func build(
    _ texts: DatasetTexts, embedding: DatasetEmbedding? = nil,
    progress: (Int) -> Void = { _ in }
  ) async throws -> DatasetManifest {
    try makeFolder()
    var files = ["\(name).texts.jsonl"]
    try writeLines(texts.texts, to: files[0])
    if !texts.questions.isEmpty {
      files.append("\(name).questions.jsonl")
      try writeLines(texts.questions, to: files[1])
      files.append("\(name).episodes.jsonl")
      try writeLines(texts.texts.map(DatasetEpisode.init), to: files[2])
    }
    if let embedding {
      files.append("\(name).npy")
      try await writeVectors(
        of: texts.texts, embedding, to: "\(name).npy", progress: progress)
    }
    return try finish(
      DatasetManifest(
        name: name, origin: texts.origin, count: texts.texts.count,
        questionCount: texts.questions.count, dimension: embedding?.dimension,
        model: embedding?.model, clusters: nil, outputs: []), files: files)
  }

  /// Writes `<name>.npy`, `<name>.queries.npy` when there are queries, and `manifest.json`.
  ///
  /// - Parameter progress: called with the number of rows written so far.
  public func build(
    _ clusters: GaussianClusters, queryCount: Int = 0, progress: (Int) -> Void = { _ in }
  ) throws(DatasetError) -> DatasetManifest {
    try makeFolder()
    var files = ["\(name).npy"]
    do throws(VectorFileError) {
      try clusters.write(to: path(files[0]), progress: progress)
      if queryCount > 0 {
        files.append("\(name).queries.npy")
        try clusters.write(to: path(files[1]), queryCount: queryCount)
      }
    } catch {
      throw .vectors(error)
    }
    return try finish(
      DatasetManifest(
        name: name,
        origin: DatasetOrigin(
          source: "Gaussian clusters drawn by xoshiro256++", licence: "public domain (CC0-1.0)"),
        count: clusters.count, questionCount: queryCount, dimension: clusters.dimension,
        model: nil,
        clusters: .init(
          clusterCount: clusters.clusterCount, spread: clusters.spread, seed: clusters.seed),
        outputs: []), files: files)
  }

  private func path(_ file: String) -> String { folder + "/" + file }

  private func makeFolder() throws(DatasetError) {
    var path = folder.hasPrefix("/") ? "/" : ""
    for part in folder.split(separator: "/") {
      path += part + "/"
      guard mkdir(path, 0o755) == 0 || InputFile.isFolder(path) else {
        throw .file(FileError.last(.create, path: path))
      }
    }
    // A manifest speaks of complete files only.
    unlink(self.path(DatasetManifest.fileName))
  }

  private func writeLines(_ values: [some Encodable], to file: String) throws {
    do {
      var output = try OutputFile(path: path(file))
      for value in values { try output.write(try JSONOutput.line(value) + "\n") }
      try output.finish()
    } catch let error as FileError {
      throw DatasetError.file(error)
    }
  }

  private func writeVectors(
    of texts: [DatasetText], _ embedding: DatasetEmbedding, to file: String,
    progress: (Int) -> Void
  ) async throws {
    do {
      var writer = try VectorFileWriter(path: path(file), dimension: embedding.dimension)
      for start in stride(from: 0, to: texts.count, by: embedding.batchSize) {
        try Task.checkCancellation()
        let batch = texts[start..<min(start + embedding.batchSize, texts.count)]
        let values = try await embedding.embed(batch.map(\.text))
        guard values.count == batch.count * embedding.dimension else {
          throw DatasetError.badEmbeddings(
            expectedValues: batch.count * embedding.dimension, actualValues: values.count)
        }
        try writer.append(values)
        progress(batch.endIndex)
      }
      try writer.finish()
    } catch let error as VectorFileError {
      throw DatasetError.vectors(error)
    }
  }

  /// Adds the sizes and digests of the files and writes the manifest.
  private func finish(
    _ draft: DatasetManifest, files: [String]
  ) throws(DatasetError) -> DatasetManifest {
    var manifest = draft
    do {
      for file in files {
        var hash = SHA256()
        let input = try InputFile(path: path(file))
        try input.forEachChunk { hash.update(bufferPointer: $0) }
        manifest.outputs.append(
          .init(
            file: file, bytes: input.byteCount ?? 0, sha256: Hexadecimal.text(hash.finalize())))
      }
      var output = try OutputFile(path: path(DatasetManifest.fileName))
      try output.write(try JSONOutput.document(manifest) + "\n")
      try output.finish()
      return manifest
    } catch let error as FileError {
      throw .file(error)
    } catch {
      throw .badSetting(String(describing: error))
    }
  }
}
