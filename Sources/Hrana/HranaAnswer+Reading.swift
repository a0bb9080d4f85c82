internal import Episodes

// Answers, as the messages before.

extension HranaPipelineResponse {
  public init(reading reader: inout HranaReader) throws(HranaReader.Unsuited) {
    try reader.beginObject()
    self.init(baton: nil, results: [])
    var seen: UInt32 = 0
    while let name = try reader.nextName() {
      if HranaReader.isEqual(name, "baton") {
        try HranaReader.note(1, &seen)
        baton = try reader.optionalString()
      } else if HranaReader.isEqual(name, "base_url") {
        try HranaReader.note(2, &seen)
        baseURL = try reader.optionalString()
      } else if HranaReader.isEqual(name, "results") {
        try HranaReader.note(4, &seen)
        results = try reader.list()
      } else {
        _ = try reader.json()
      }
    }
  }
}

extension HranaResult {
  public init(reading reader: inout HranaReader) throws(HranaReader.Unsuited) {
    let type = try reader.type()
    if HranaReader.isEqual(type, "ok") {
      try reader.expect("response")
      self = .ok(try HranaResponse(reading: &reader))
    } else if HranaReader.isEqual(type, "error") {
      try reader.expect("error")
      self = .error(try HranaError(reading: &reader))
    } else {
      throw HranaReader.Unsuited()
    }
    try reader.endObject()
  }
}

extension HranaResponse {
  public init(reading reader: inout HranaReader) throws(HranaReader.Unsuited) {
    let start = reader
    let type = try reader.type()
    if HranaReader.isEqual(type, "batch") {
      try reader.expect("result")
      self = .batch(try HranaBatchResult(reading: &reader))
      try reader.endObject()
    } else if HranaReader.isEqual(type, "execute") {
      try reader.expect("result")
      self = .execute(try HranaStatementResult(reading: &reader))
      try reader.endObject()
    } else {
      reader = start
      let json = try reader.json()
      do throws(HranaFormatError) {
        self = try HranaResponse(json: json)
      } catch {
        throw HranaReader.Unsuited()
      }
    }
  }
}

extension HranaBatchResult {
  public init(reading reader: inout HranaReader) throws(HranaReader.Unsuited) {
    try reader.beginObject()
    self.init()
    var seen: UInt32 = 0
    while let name = try reader.nextName() {
      if HranaReader.isEqual(name, "step_results") {
        try HranaReader.note(1, &seen)
        results = try reader.optionals()
      } else if HranaReader.isEqual(name, "step_errors") {
        try HranaReader.note(2, &seen)
        errors = try reader.optionals()
      } else {
        _ = try reader.json()
      }
    }
    guard results.count == errors.count else { throw HranaReader.Unsuited() }
  }
}

extension HranaStatementResult {
  public init(reading reader: inout HranaReader) throws(HranaReader.Unsuited) {
    try reader.beginObject()
    self.init()
    var seen: UInt32 = 0
    while let name = try reader.nextName() {
      if HranaReader.isEqual(name, "cols") {
        try HranaReader.note(1, &seen)
        columns = try reader.list()
      } else if HranaReader.isEqual(name, "rows") {
        try HranaReader.note(2, &seen)
        if reader.takeNull() { continue }
        try reader.beginList()
        while try reader.nextElement() {
          let row = try reader.list(HranaValue.self)
          guard row.count == columns.count else { throw HranaReader.Unsuited() }
          rows.append(row)
        }
      } else if HranaReader.isEqual(name, "affected_row_count") {
        try HranaReader.note(4, &seen)
        affectedRowCount = reader.takeNull() ? 0 : try reader.integer()
      } else if HranaReader.isEqual(name, "last_insert_rowid") {
        try HranaReader.note(8, &seen)
        lastInsertRowID = reader.takeNull() ? nil : try reader.long()
      } else {
        _ = try reader.json()
      }
    }
  }
}

extension HranaStatementResult.Column {
  public init(reading reader: inout HranaReader) throws(HranaReader.Unsuited) {
    try reader.beginObject()
    self.init(name: nil, declaredType: nil)
    var seen: UInt32 = 0
    while let name = try reader.nextName() {
      if HranaReader.isEqual(name, "name") {
        try HranaReader.note(1, &seen)
        self.name = try reader.optionalString()
      } else if HranaReader.isEqual(name, "decltype") {
        try HranaReader.note(2, &seen)
        declaredType = try reader.optionalString()
      } else {
        _ = try reader.json()
      }
    }
  }
}
