public import VectorMath

/// Builds an immutable index segment from vectors in memory.
public enum SegmentBuilder {
  /// Builds a segment.
  ///
  /// - Parameters:
  ///   - vectors: `recordIDs.count` rows of `dimension` floats, one after the other. For cosine they
  ///     need not have unit length: the segment stores them scaled.
  ///   - recordIDs: the caller's number of each row, ascending without repeats.
  ///   - model: the identifier of what made the vectors (at most 128 bytes of UTF-8), checked by
  ///     callers when they open the segment; may be empty.
  ///   - progress: called now and then from the build's threads; return false to cancel.
  /// - Returns: the image, the same bytes for the same input, seed and machine whatever the number of
  ///   threads.
  /// - Throws: ``VamanaError`` for a bad configuration, a value that is not finite, ids out of order,
  ///   or a cancelled build.
  /// - Complexity: about 40,000 · dimension multiply-adds a vector, nearly all in matrix products.
  public static func build(
    vectors: UnsafeBufferPointer<Float>, dimension: Int, recordIDs: [UInt64], metric: Metric,
    model: String = "", configuration: VamanaConfiguration = VamanaConfiguration(),
    progress: (@Sendable (BuildProgress) -> Bool)? = nil
  ) throws(VamanaError) -> SegmentImage {
    try build(
      vectors: vectors, areStored: false, dimension: dimension, recordIDs: recordIDs,
      metric: metric, model: model, configuration: configuration, progress: progress)
  }

  /// - Parameter areStored: whether the vectors come from an index: then they are of unit length for
  ///   cosine, and are not copied once more.
  static func build(
    vectors: UnsafeBufferPointer<Float>, areStored: Bool, dimension: Int, recordIDs: [UInt64],
    metric: Metric, model: String, configuration: VamanaConfiguration,
    progress: (@Sendable (BuildProgress) -> Bool)?
  ) throws(VamanaError) -> SegmentImage {
    try configuration.validate()
    try check(vectors: vectors, dimension: dimension, recordIDs: recordIDs, model: model)
    let control = BuildControl(report: progress)
    let count = recordIDs.count
    var header = SegmentHeader(
      count: count, dimension: dimension, metric: metric,
      maximumDegree: configuration.maximumDegree,
      entryPointCount: min(
        count,
        configuration.entryPointCount ?? VamanaConfiguration.defaultEntryPointCount(for: count)),
      edgeShape: smallestShape, isFused: configuration.isFused,
      placement: configuration.placement, model: model)
    guard count > 0, let base = vectors.baseAddress else {
      let image = SegmentImage(byteCount: SegmentLayout(header: header).byteCount)
      SegmentWriter(layout: SegmentLayout(header: header), image: image).finish()
      return image
    }
    let workers = Workers(threadCount: configuration.threadCount)
    let stored = StoredVectors(
      of: base, count: count, dimension: dimension, metric: metric, areStored: areStored)
    let center = stored.matrix.mean()
    let euclidean = EuclideanVectors.make(of: stored.matrix, metric: metric, center: center)
    let random = EntryPoints.random(
      header.entryPointCount, of: count, seed: configuration.seed)
    let builder = GraphBuilder(
      matrix: euclidean.matrix, configuration: configuration, control: control)
    let (graph, chosen) = try builder.build(entryPoints: random)
    let groups = EntryGroups.make(
      of: chosen, matrix: euclidean.matrix, seed: configuration.seed)
    let entryPoints = groups ?? chosen
    header.entryPointCount = entryPoints.count
    header.entryGroupCount = groups.map { $0.count / EntryGroups.size } ?? 0
    withExtendedLifetime(euclidean) {}

    let encoding = EdgeEncoding(
      metric: metric, vectors: stored.matrix, center: center, graph: graph, workers: workers)
    let choice = encoding.choose()
    header.edgeShape = choice.shape
    header.unitA = choice.unitA
    header.typicalLength = choice.typicalLength
    let layout = SegmentLayout(header: header)
    let image = SegmentImage(byteCount: layout.byteCount)
    let writer = SegmentWriter(layout: layout, image: image)
    writer.write(recordIDs: recordIDs)
    writer.write(center, to: .center)
    let quantizer = writer.write(choice, center: metric == .squaredEuclidean ? nil : center)
    writer.write(
      codesBy: ByteQuantizer(metric: metric, center: center), of: stored.matrix, workers: workers)
    try encoding.write(by: quantizer, entryPoints: entryPoints, to: writer, control: control)
    writer.sealRecords(recordIDs: recordIDs, workers: workers)
    // The segment is searched once it is complete, and complete again with what that gave.
    writer.finish()
    let measurement = RecallMeasurement(
      segment: try Segment(image), vectors: stored.matrix, workers: workers,
      seed: configuration.seed)
    writer.write(try measurement.curve())
    withExtendedLifetime(stored) {}
    writer.finish()
    return image
  }

  private static let smallestShape = EdgeCodeShape(groups4: 0, groups2: 0, groups1: 1)

  /// The most bytes that the image of `count` vectors takes.
  public static func imageByteCount(
    count: Int, dimension: Int, configuration: VamanaConfiguration = VamanaConfiguration()
  ) -> Int {
    let entryPointCount =
      configuration.entryPointCount
      ?? VamanaConfiguration.defaultEntryPointCount(for: count) * GraphBuilder.entryPointFactorMax
    let groupCount = (entryPointCount + EntryGroups.size - 1) / EntryGroups.size
    return SegmentLayout(
      header: SegmentHeader(
        count: count, dimension: dimension, metric: .cosine,
        maximumDegree: configuration.maximumDegree,
        entryPointCount: groupCount * EntryGroups.size, entryGroupCount: groupCount,
        edgeShape: EdgeCodeShape(
          groups4: 0, groups2: 0,
          groups1: (EdgeEncoding.byteCountMax(dimension: dimension) + 3) / 4),
        isFused: configuration.isFused, placement: configuration.placement, model: "")
    ).byteCount
  }

  private static func check(
    vectors: UnsafeBufferPointer<Float>, dimension: Int, recordIDs: [UInt64], model: String
  ) throws(VamanaError) {
    guard (1...65_536).contains(dimension) else {
      throw .invalidConfiguration(
        field: "dimension", value: "\(dimension)", expected: "1 to 65536")
    }
    guard recordIDs.count <= nodeCountMax else {
      throw .tooManyVectors(count: recordIDs.count, limit: nodeCountMax)
    }
    guard vectors.count == recordIDs.count * dimension else {
      throw .invalidConfiguration(
        field: "vectors", value: "\(vectors.count) floats",
        expected: "\(recordIDs.count) rows of \(dimension)")
    }
    guard model.utf8.count <= SegmentHeader.modelBytesMax else {
      throw .invalidConfiguration(
        field: "model", value: "\(model.utf8.count) bytes",
        expected: "at most \(SegmentHeader.modelBytesMax)")
    }
    for row in recordIDs.indices {
      if row > 0, recordIDs[row] <= recordIDs[row - 1] { throw .recordIDsNotAscending(row: row) }
      let values = UnsafeBufferPointer(rebasing: vectors[row * dimension..<(row + 1) * dimension])
      guard VectorValues.areUsable(values) else { throw .notFinite(row: row) }
    }
  }
}
