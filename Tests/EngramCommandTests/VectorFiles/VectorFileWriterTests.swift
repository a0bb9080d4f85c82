import EngramCommand
import Testing

@Suite("Writing vector files")
struct VectorFileWriterTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test("Rows written in pieces are read back bit for bit", arguments: ["npy", "fvecs", "fbin"])
  func roundTrip(suffix: String) throws {
    let path = folder.path("rows.\(suffix)")
    let dimension = 7
    // Enough for several buffers of the writer; subnormal and extreme values among them.
    let values = (0..<20_000 * dimension).map { index -> Float in
      switch index % 97 {
      case 0: Float.leastNonzeroMagnitude
      case 1: -Float.greatestFiniteMagnitude
      case 2: -0.0
      default: Float(index) / 3
      }
    }
    var writer = try VectorFileWriter(path: path, dimension: dimension)
    var start = 0
    for rows in [1, 2, 19_000, 0, 997] {
      try writer.append(Array(values[start..<start + rows * dimension]))
      start += rows * dimension
    }
    #expect(writer.count == 20_000)
    try writer.finish()

    let matrix = try VectorMatrix(path: path)
    #expect(matrix.count == 20_000)
    #expect(matrix.dimension == dimension)
    matrix.withRows(0..<matrix.count) { read in
      #expect(zip(read, values).allSatisfy { $0.bitPattern == $1.bitPattern })
    }
    #expect(try folder.names() == ["rows.\(suffix)"])
  }

  @Test("A NumPy file has exactly the bytes that NumPy writes")
  func numpyBytes() throws {
    let path = folder.path("same.npy")
    var writer = try VectorFileWriter(path: path, dimension: 3)
    try writer.append([1, 2.5, -3, 0.125, 0.001, 7])
    try writer.finish()
    #expect(try TestFile.bytes(path) == NumPyFixtures.float32Version1)
  }

  @Test("A writer that goes away before it is finished leaves no file")
  func abandoned() throws {
    func abandon() throws {
      var writer = try VectorFileWriter(path: folder.path("half.npy"), dimension: 2)
      try writer.append([1, 2])
      #expect(try folder.names() == ["half.npy.partial"])
    }
    try abandon()
    #expect(try folder.names().isEmpty)
  }

  @Test("Bad rows, dimensions, names and folders are refused")
  func refusals() throws {
    var writer = try VectorFileWriter(path: folder.path("a.fbin"), dimension: 2)
    try writer.append([1, 2])
    let partial = errorOf { () throws(VectorFileError) in try writer.append([1, 2, 3]) }
    #expect(partial?.cause == .partialRow(valueCount: 3, dimension: 2))
    let bad = errorOf { () throws(VectorFileError) in try writer.append([1, 2, .nan, 4]) }
    #expect(bad?.cause == .notFinite(row: 2, column: 0))
    try writer.append([3, 4])
    try writer.finish()
    let matrix = try VectorMatrix(path: folder.path("a.fbin"))
    #expect(matrix.withRows(0..<2) { Array($0) } == [1, 2, 3, 4])

    for dimension in [0, -1, 65_537] {
      let error = #expect(throws: VectorFileError.self) {
        _ = try VectorFileWriter(path: folder.path("b.npy"), dimension: dimension)
      }
      #expect(error?.description.contains("dimension \(dimension); expected 1 to 65536") == true)
    }
    let name = #expect(throws: VectorFileError.self) {
      _ = try VectorFileWriter(path: folder.path("b.ivecs"), dimension: 2)
    }
    #expect(name?.description.contains(".npy, .fvecs or .fbin") == true)
    let missing = #expect(throws: VectorFileError.self) {
      _ = try VectorFileWriter(path: folder.path("no/such/a.npy"), dimension: 2)
    }
    #expect(missing?.description.hasPrefix("cannot create '") == true)
    #expect(try folder.names() == ["a.fbin"])
  }

  private func errorOf(_ body: () throws(VectorFileError) -> Void) -> VectorFileError? {
    do throws(VectorFileError) {
      try body()
      return nil
    } catch {
      return error
    }
  }
}
