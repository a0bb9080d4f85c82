internal import Episodes

/// The values of one row where they are: in the line that brought it, or, where that holds them in another form, beside
/// it. Used again for the next row, so that a row costs no memory.
package struct HranaRow {
  package enum Content {
    case null
    case integer(Int64)
    case float(Double)
    /// Bytes of the line.
    case text(Range<Int>)
    /// Bytes of ``beside``.
    case textBeside(Range<Int>)
    case blob(Range<Int>)
  }

  package private(set) var contents: [Content] = []
  /// Texts that had escapes, and blobs.
  package private(set) var beside: [UInt8] = []

  package init() {}

  /// Reads a line.
  ///
  /// - Returns: false when it is another entry than a row, or has to be read in the general way.
  package mutating func read(_ line: UnsafeRawBufferPointer) -> Bool {
    removeAll()
    // Damaged bytes are for the general way to refuse.
    guard JSONBytes.isASCII(line) || String(validating: line, as: UTF8.self) != nil else {
      return false
    }
    var reader = HranaReader(line)
    do throws(HranaReader.Unsuited) {
      guard HranaReader.isEqual(try reader.type(), "row") else { return false }
      try reader.expect("row")
      try reader.beginList()
      while try reader.nextElement() { try readValue(&reader, of: line) }
      try reader.endObject()
      return reader.isAtEnd
    } catch {
      return false
    }
  }

  /// Takes values that were read in the general way.
  package mutating func take(_ values: [HranaValue]) {
    removeAll()
    for value in values {
      switch value {
      case .null: contents.append(.null)
      case .integer(let integer): contents.append(.integer(integer))
      case .float(let number): contents.append(.float(number))
      case .text(let text): contents.append(.textBeside(put(text.utf8)))
      case .blob(let bytes): contents.append(.blob(put(bytes)))
      }
    }
  }

  private mutating func removeAll() {
    contents.removeAll(keepingCapacity: true)
    beside.removeAll(keepingCapacity: true)
  }

  private mutating func put(_ bytes: some Collection<UInt8>) -> Range<Int> {
    let start = beside.count
    beside.append(contentsOf: bytes)
    return start..<beside.count
  }

  private mutating func readValue(
    _ reader: inout HranaReader, of line: UnsafeRawBufferPointer
  ) throws(HranaReader.Unsuited) {
    let start = reader
    let type = try reader.type()
    if HranaReader.isEqual(type, "blob") {
      try reader.expect("base64")
      let first = beside.count
      guard Base64.decode(try reader.plainString(), into: &beside) else {
        throw HranaReader.Unsuited()
      }
      contents.append(.blob(first..<beside.count))
      return try reader.endObject()
    }
    if HranaReader.isEqual(type, "text") {
      try reader.expect("value")
      let before = reader
      if let plain = try? reader.plainString(), let base = plain.baseAddress,
        let lineBase = line.baseAddress
      {
        let first = base - lineBase
        contents.append(.text(first..<first + plain.count))
      } else {
        reader = before
        let first = beside.count
        try reader.string(into: &beside)
        contents.append(.textBeside(first..<beside.count))
      }
      return try reader.endObject()
    }
    if HranaReader.isEqual(type, "integer") {
      try reader.expect("value")
      contents.append(.integer(try reader.long()))
      return try reader.endObject()
    }
    if HranaReader.isEqual(type, "null") {
      contents.append(.null)
      return try reader.endObject()
    }
    reader = start
    guard case .float(let number) = try HranaValue(reading: &reader) else {
      throw HranaReader.Unsuited()
    }
    contents.append(.float(number))
  }
}
