internal import Episodes

// The messages that are many or long, read without a tree of JSON in between. The others go the general way.

extension HranaMessage {
  public init(reading reader: inout HranaReader) throws(HranaReader.Unsuited) {
    let json = try reader.json()
    do throws(HranaFormatError) {
      self = try Self(json: json)
    } catch {
      throw HranaReader.Unsuited()
    }
  }

  /// The message that bytes hold and nothing else; nil where the general way has to look.
  static func fast(_ bytes: UnsafeRawBufferPointer) -> Self? {
    var reader = HranaReader(bytes)
    guard let message = try? Self(reading: &reader), reader.isAtEnd else { return nil }
    return message
  }
}

extension HranaValue {
  public init(reading reader: inout HranaReader) throws(HranaReader.Unsuited) {
    let type = try reader.type()
    if HranaReader.isEqual(type, "null") {
      self = .null
      while try reader.nextName() != nil { _ = try reader.json() }
      return
    }
    if HranaReader.isEqual(type, "text") {
      try reader.expect("value")
      self = .text(try reader.string())
    } else if HranaReader.isEqual(type, "integer") {
      try reader.expect("value")
      self = .integer(try reader.long())
    } else if HranaReader.isEqual(type, "float") {
      try reader.expect("value")
      switch try reader.json() {
      case .number(let number): self = .float(number)
      case .integer(let integer): self = .float(Double(integer))
      default: throw HranaReader.Unsuited()
      }
    } else if HranaReader.isEqual(type, "blob") {
      try reader.expect("base64")
      var bytes: [UInt8] = []
      guard Base64.decode(try reader.plainString(), into: &bytes) else {
        throw HranaReader.Unsuited()
      }
      self = .blob(bytes)
    } else {
      throw HranaReader.Unsuited()
    }
    try reader.endObject()
  }
}

extension HranaStatement {
  public init(reading reader: inout HranaReader) throws(HranaReader.Unsuited) {
    try reader.beginObject()
    var sql: SQLText?
    var arguments: [HranaValue] = []
    var named: [NamedArgument] = []
    var wantsRows = true
    var seen: UInt32 = 0
    while let name = try reader.nextName() {
      if HranaReader.isEqual(name, "sql") {
        try HranaReader.note(1, &seen)
        sql = .sql(try reader.string())
      } else if HranaReader.isEqual(name, "sql_id") {
        try HranaReader.note(1, &seen)
        sql = .stored(try reader.integer())
      } else if HranaReader.isEqual(name, "args") {
        try HranaReader.note(2, &seen)
        arguments = try reader.list()
      } else if HranaReader.isEqual(name, "named_args") {
        try HranaReader.note(4, &seen)
        named = try reader.list()
      } else if HranaReader.isEqual(name, "want_rows") {
        try HranaReader.note(8, &seen)
        wantsRows = try reader.flag()
      } else {
        _ = try reader.json()
      }
    }
    guard let sql else { throw HranaReader.Unsuited() }
    self.init("", arguments, named: named, wantsRows: wantsRows)
    self.sql = sql
  }
}

extension HranaBatch {
  public init(reading reader: inout HranaReader) throws(HranaReader.Unsuited) {
    try reader.beginObject()
    try reader.expect("steps")
    self.init(try reader.list(Step.self))
    // What looks at a step after its own is refused, in words.
    for (index, step) in steps.enumerated() {
      if let last = step.condition?.lastStep, last >= index { throw HranaReader.Unsuited() }
    }
    try reader.endObject()
  }
}

extension HranaBatch.Step {
  public init(reading reader: inout HranaReader) throws(HranaReader.Unsuited) {
    try reader.beginObject()
    var condition: HranaCondition?
    var statement: HranaStatement?
    var seen: UInt32 = 0
    while let name = try reader.nextName() {
      if HranaReader.isEqual(name, "condition") {
        try HranaReader.note(1, &seen)
        condition = reader.takeNull() ? nil : try HranaCondition(reading: &reader)
      } else if HranaReader.isEqual(name, "stmt") {
        try HranaReader.note(2, &seen)
        statement = try HranaStatement(reading: &reader)
      } else {
        _ = try reader.json()
      }
    }
    guard let statement else { throw HranaReader.Unsuited() }
    self.init(statement, if: condition)
  }
}

extension HranaRequest {
  public init(reading reader: inout HranaReader) throws(HranaReader.Unsuited) {
    let start = reader
    let type = try reader.type()
    if HranaReader.isEqual(type, "batch") {
      try reader.expect("batch")
      self = .batch(try HranaBatch(reading: &reader))
      try reader.endObject()
    } else if HranaReader.isEqual(type, "execute") {
      try reader.expect("stmt")
      self = .execute(try HranaStatement(reading: &reader))
      try reader.endObject()
    } else {
      reader = start
      let json = try reader.json()
      do throws(HranaFormatError) {
        self = try HranaRequest(json: json)
      } catch {
        throw HranaReader.Unsuited()
      }
    }
  }
}

extension HranaPipelineRequest {
  public init(reading reader: inout HranaReader) throws(HranaReader.Unsuited) {
    try reader.beginObject()
    var baton: String?
    var requests: [HranaRequest]?
    var seen: UInt32 = 0
    while let name = try reader.nextName() {
      if HranaReader.isEqual(name, "baton") {
        try HranaReader.note(1, &seen)
        baton = try reader.optionalString()
      } else if HranaReader.isEqual(name, "requests") {
        try HranaReader.note(2, &seen)
        requests = try reader.list()
      } else {
        _ = try reader.json()
      }
    }
    self.init(baton: baton, requests ?? [])
  }
}

extension HranaCursorRequest {
  public init(reading reader: inout HranaReader) throws(HranaReader.Unsuited) {
    try reader.beginObject()
    var baton: String?
    var batch: HranaBatch?
    var seen: UInt32 = 0
    while let name = try reader.nextName() {
      if HranaReader.isEqual(name, "baton") {
        try HranaReader.note(1, &seen)
        baton = try reader.optionalString()
      } else if HranaReader.isEqual(name, "batch") {
        try HranaReader.note(2, &seen)
        batch = try HranaBatch(reading: &reader)
      } else {
        _ = try reader.json()
      }
    }
    guard let batch else { throw HranaReader.Unsuited() }
    self.init(baton: baton, batch)
  }
}
