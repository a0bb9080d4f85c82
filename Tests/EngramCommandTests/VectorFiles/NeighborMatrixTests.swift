import EngramCommand
import Testing

@Suite("Reading and writing lists of neighbours")
struct NeighborMatrixTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private let truth = NeighborMatrix(count: 2, neighborCount: 3, neighbors: [5, 0, 9, 1, 2, 3])

  private func failure(
    _ bytes: [UInt8], _ name: String, rowCount: Int? = nil
  ) throws -> VectorFileError.Cause {
    let path = try folder.write(bytes, to: name)
    let error = #expect(throws: VectorFileError.self) {
      try NeighborMatrix(path: path, rowCount: rowCount)
    }
    return try #require(error).cause
  }

  @Test("Lists written are read back", arguments: ["npy", "ivecs", "ibin"])
  func roundTrip(suffix: String) throws {
    let path = folder.path("truth.\(suffix)")
    try truth.write(to: path)
    let read = try NeighborMatrix(path: path, rowCount: 10)
    #expect(read == truth)
    #expect(Array(read[1]) == [1, 2, 3])
  }

  @Test("NumPy's whole numbers are read in four types")
  func numpyTypes() throws {
    for (descr, width) in [("<i4", 4), ("<u4", 4), ("<i8", 8), ("<u8", 8)] {
      let values = truth.neighbors.flatMap { value in
        (0..<width).map { UInt8(truncatingIfNeeded: UInt64(value) >> (8 * UInt64($0))) }
      }
      let path = try folder.write(
        VectorFileBytes.npy(descr: descr, shape: "(2, 3)", values), to: "t.npy")
      #expect(try NeighborMatrix(path: path) == truth)
    }
  }

  @Test("Distances after the lists of a Big-ANN file are passed over")
  func bigANN() throws {
    let bytes =
      VectorFileBytes.u32(2) + VectorFileBytes.u32(3)
      + truth.neighbors.flatMap { VectorFileBytes.u32($0) }
    let distances = VectorFileBytes.floats([0, 1, 2, 0, 1, 2])
    let path = try folder.write(bytes + distances, to: "t.ibin")
    #expect(try NeighborMatrix(path: path) == truth)
    #expect(
      try failure(bytes + distances.dropLast(), "cut.ibin")
        == .sizeMismatch(expectedBytes: 32, actualBytes: 55))
  }

  @Test("A neighbour that is no row is refused by query")
  func badNeighbor() throws {
    let bytes = VectorFileBytes.ivecs([[0, 1], [2, 10]])
    #expect(
      try failure(bytes, "far.ivecs", rowCount: 10)
        == .badNeighbor(row: 1, value: 10, expected: "a row of the 10 base vectors"))
    #expect(
      try failure(VectorFileBytes.ivecs([[0, 1], [-1, 3]]), "minus.ivecs")
        == .badNeighbor(row: 1, value: -1, expected: "a row number"))
  }

  @Test("Fractions, ragged rows and unknown names are refused")
  func refusals() throws {
    #expect(
      try failure(NumPyFixtures.float32Version1, "f.npy")
        == .unsupported("holds fractions ('<f4'); expected whole numbers"))
    #expect(
      try failure(VectorFileBytes.ivecs([[0, 1], [2, 3, 4]]), "r.ivecs")
        == .rowDimension(row: 1, found: 3, expected: 2))
    #expect(
      try failure([], "t.txt") == .unknownFormat(expected: ".npy, .ivecs or .ibin"))
  }
}
