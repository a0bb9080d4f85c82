import EngramCommand
import Testing

@Suite("Reading vector files")
struct VectorMatrixTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let rows: [[Float]] = [[1, 2.5, -3], [0.125, 0.001, 7]]

  private func read(_ bytes: [UInt8], _ name: String) throws -> [[Float]] {
    let matrix = try VectorMatrix(path: try folder.write(bytes, to: name))
    return (0..<matrix.count).map { matrix[$0] }
  }

  private func failure(_ bytes: [UInt8], _ name: String, dimension: Int? = nil) throws -> String {
    let path = try folder.write(bytes, to: name)
    let error = #expect(throws: VectorFileError.self) {
      try VectorMatrix(path: path, dimension: dimension)
    }
    let text = try #require(error).description
    #expect(text.hasPrefix("'\(path)': "))
    #expect(!text.contains("\n"))
    return text
  }

  @Test("Files that NumPy wrote are read in every header version and width")
  func numpyFiles() throws {
    #expect(try read(NumPyFixtures.float32Version1, "a.npy") == Self.rows)
    #expect(try read(NumPyFixtures.float64Version2, "b.npy") == Self.rows)
    // 0.001 in half precision is 1049 · 2^-20.
    #expect(
      try read(NumPyFixtures.float16Version3, "c.npy")
        == [[1, 2.5, -3], [0.125, 1049.0 / 1_048_576, 7]])
  }

  @Test("fvecs and fbin files are read row by row")
  func otherFormats() throws {
    #expect(try read(VectorFileBytes.fvecs(Self.rows), "a.fvecs") == Self.rows)
    let bytes = VectorFileBytes.fbin(count: 2, dimension: 3, Self.rows.flatMap { $0 })
    #expect(try read(bytes, "a.fbin") == Self.rows)
    #expect(try read(bytes, "UPPER.FBIN") == Self.rows)
  }

  @Test("Values that are not aligned in the file are read all the same")
  func unaligned() throws {
    for pad in 0..<4 {
      let header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
        + String(repeating: " ", count: pad)
      let bytes = VectorFileBytes.npy(header, VectorFileBytes.floats(Self.rows.flatMap { $0 }))
      #expect(try read(bytes, "pad\(pad).npy") == Self.rows)
    }
  }

  @Test("Headers with other spacing, quotes, order and long integers are read")
  func headerSpelling() throws {
    let values = VectorFileBytes.floats(Self.rows.flatMap { $0 })
    for header in [
      "{\"shape\": (2L, 3L), \"fortran_order\": False, \"descr\": \"<f4\"}",
      "{'shape':(2,3),'descr':'<f4','fortran_order':False}",
    ] {
      #expect(try read(VectorFileBytes.npy(header, values), "h.npy") == Self.rows)
    }
  }

  @Test("A file of no rows is an empty matrix")
  func noRows() throws {
    let path = try folder.write(VectorFileBytes.npy(shape: "(0, 384)", []), to: "none.npy")
    let matrix = try VectorMatrix(path: path)
    #expect(matrix.count == 0)
    #expect(matrix.dimension == 384)
  }

  @Test("A truncated or overlong file is refused with both sizes")
  func sizes() throws {
    let whole = VectorFileBytes.fbin(count: 2, dimension: 3, Self.rows.flatMap { $0 })
    #expect(
      try failure(whole.dropLast(), "short.fbin").hasSuffix(
        "truncated: holds 31 bytes; its header promises 32"))
    #expect(
      try failure(whole + [0], "long.fbin").hasSuffix(
        "too long: holds 33 bytes; its header promises 32"))
    #expect(try failure([1, 0, 0], "tiny.fbin").contains("ends before its 8 bytes"))
    #expect(
      try failure(NumPyFixtures.float32Version1.dropLast(2), "short.npy").hasSuffix(
        "truncated: holds 150 bytes; its header promises 152"))
    #expect(
      try failure(VectorFileBytes.fvecs(Self.rows).dropLast(4), "short.fvecs").hasSuffix(
        "truncated: holds 28 bytes; its header promises 32"))
    #expect(try failure([], "empty.fvecs").contains("is empty"))
    #expect(try failure([], "empty.npy").contains("does not begin with"))
    for length in 0..<60 {
      _ = try failure(Array(NumPyFixtures.float32Version1.prefix(length)), "cut\(length).npy")
    }
  }

  @Test("Headers that promise more than a file can hold are refused, not believed")
  func hugeHeaders() throws {
    #expect(
      try failure(VectorFileBytes.fbin(count: .max, dimension: 65_536, []), "huge.fbin")
        .contains("truncated"))
    #expect(
      try failure(VectorFileBytes.fbin(count: 1, dimension: .max, []), "wide.fbin")
        .contains("dimension 4294967295; expected 1 to 65536"))
    #expect(
      try failure(VectorFileBytes.npy(shape: "(9223372036854775807, 3)", []), "huge.npy")
        .contains("more than a file can hold"))
    #expect(
      try failure(VectorFileBytes.npy(shape: "(99999999999999999999, 3)", []), "huger.npy")
        .contains("not a tuple of whole numbers"))
    #expect(
      try failure(VectorFileBytes.u32(0) + VectorFileBytes.u32(0), "zero.fvecs")
        .contains("dimension 0"))
    #expect(
      try failure(VectorFileBytes.u32(0xFFFF_FFFF), "minus.fvecs").contains("dimension -1"))
  }

  @Test("Types and orders that are not read are named")
  func unsupported() throws {
    let values = VectorFileBytes.floats(Self.rows.flatMap { $0 })
    #expect(
      try failure(VectorFileBytes.npy(descr: ">f4", shape: "(2, 3)", values), "big.npy")
        .contains("big-endian"))
    #expect(
      try failure(VectorFileBytes.npy(fortran: true, shape: "(2, 3)", values), "fortran.npy")
        .contains("Fortran order; save it with numpy.ascontiguousarray"))
    #expect(
      try failure(VectorFileBytes.npy(descr: "<c8", shape: "(2, 3)", values), "complex.npy")
        .contains("type '<c8'; expected float32, float64 or float16"))
    #expect(
      try failure(VectorFileBytes.npy(descr: "<i4", shape: "(2, 3)", values), "whole.npy")
        .contains("holds whole numbers"))
    #expect(
      try failure(VectorFileBytes.npy(shape: "(6,)", values), "flat.npy")
        .contains("has 1 axes; expected 2"))
    #expect(
      try failure(
        VectorFileBytes.npy(
          "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,), }", values),
        "records.npy"
      ).contains("several fields"))
    #expect(
      try failure(
        VectorFileBytes.npy("{'descr': '<f4', 'shape': (2, 3), }", values), "partial.npy"
      ).contains("lacks"))
    #expect(
      try failure(VectorFileBytes.npy("{}", values, version: 9), "v9.npy")
        .contains("version 9; expected 1, 2 or 3"))
    #expect(
      try failure(values, "data.bin")
        .contains("unknown format; expected a name ending in .npy, .fvecs or .fbin"))
  }

  @Test("A row of another dimension is named")
  func rowDimension() throws {
    let bytes = VectorFileBytes.fvecs([[1, 2, 3], [4, 5, 6], [7, 8]])
    #expect(
      try failure(bytes, "ragged.fvecs").hasSuffix(
        "row 2 has dimension 2; expected 3 as in row 0"))
  }

  @Test("A value that is not finite is refused by row and column")
  func notFinite() throws {
    for bad in [Float.nan, .infinity, -.infinity] {
      let bytes = VectorFileBytes.fbin(count: 2, dimension: 3, [1, 2, 3, 4, bad, 6])
      #expect(
        try failure(bytes, "bad.fbin").hasSuffix(
          "row 1, column 1 is NaN or infinite; expected finite values"))
    }
    // Beyond the range of single precision.
    let wide = (0..<8).map { UInt8(truncatingIfNeeded: (1e300).bitPattern >> (8 * UInt64($0))) }
    #expect(
      try failure(VectorFileBytes.npy(descr: "<f8", shape: "(1, 1)", wide), "wide.npy")
        .contains("row 0, column 0"))
  }

  @Test("A dimension other than the one asked for is refused")
  func wrongDimension() throws {
    let bytes = VectorFileBytes.fbin(count: 2, dimension: 3, Self.rows.flatMap { $0 })
    #expect(
      try failure(bytes, "three.fbin", dimension: 384).hasSuffix(
        "holds rows of dimension 3; expected 384"))
    let path = try folder.write(bytes, to: "three.fbin")
    #expect(try VectorMatrix(path: path, dimension: 3).count == 2)
  }

  @Test("A missing file and a folder are named with the system's reason")
  func missing() throws {
    let path = folder.path("nowhere.npy")
    let error = #expect(throws: VectorFileError.self) { try VectorMatrix(path: path) }
    #expect(error?.description == "cannot open '\(path)': No such file or directory")
    let directory = #expect(throws: VectorFileError.self) {
      try VectorMatrix(path: folder.path(""))
    }
    #expect(directory?.description.hasSuffix("Is a directory") == true)
  }

  @Test("A prefix shows the first rows and outlives the matrix it came from")
  func prefix() throws {
    let bytes = VectorFileBytes.fbin(count: 2, dimension: 3, Self.rows.flatMap { $0 })
    let path = try folder.write(bytes, to: "p.fbin")
    var matrix: VectorMatrix? = try VectorMatrix(path: path)
    let prefix = try #require(matrix?.prefix(1))
    matrix = nil
    #expect(prefix.count == 1)
    #expect(prefix[0] == Self.rows[0])
    #expect(prefix.prefix(9).count == 1)
  }
}
