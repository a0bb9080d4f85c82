internal import Cache
internal import DurableStore
internal import Episodes

/// Makes the cache's messages of the rows of the store, text by text, without making episodes of them.
///
/// What is rare is left to the ordinary way: an episode with checkpoints or applied patterns, and one with a
/// value that is not as the store writes it.
struct EpisodeMessageSink: EpisodeRowSink {
  /// What was taken, in the order of the rows.
  struct Product: Sendable {
    /// The message is nil for an episode that must be read in the ordinary way.
    var episodes: [(id: String, message: [UInt8]?)] = []
    var byteCount = 0
  }

  private typealias Field = EpisodeMessageFields
  private let byteCountMax: Int
  private var product = Product()
  private var message = MessageWriter(reservingBytes: 4096)
  private var part = MessageWriter(reservingBytes: 1024)
  private var entry = MessageWriter(reservingBytes: 256)

  /// - Parameter byteCountMax: after how many bytes of messages no more are taken, about.
  init(byteCountMax: Int) { self.byteCountMax = byteCountMax }

  mutating func begin(_ row: RowColumns) throws(RowColumns.Unsuited) {
    message.removeAll()
    message.content(Field.id, try row.text(EpisodeColumn.id))
    message.content(Field.namespace, try row.text(EpisodeColumn.namespace))
    try copy(Field.agentID, row, EpisodeColumn.agentID)
    try copy(Field.sessionID, row, EpisodeColumn.sessionID)
    let type: TaskType = try name(row.text(EpisodeColumn.taskType))
    message.integer(Field.taskType, Field.number(of: type))
    message.content(Field.taskDescription, try row.text(EpisodeColumn.taskDescription))
    try context(row)
    message.fixed(Field.startTime, try row.integer(EpisodeColumn.startTime))
    try copyTime(Field.endTime, row, EpisodeColumn.endTime)
    if !row.isNull(EpisodeColumn.outcomeKind) { try outcome(row) }
    if !row.isNull(EpisodeColumn.reward) {
      part.removeAll()
      for index in 0..<6 {
        part.double(index + 1, try row.real(EpisodeColumn.reward + index))
      }
      message.message(Field.reward, part)
    }
    if !row.isNull(EpisodeColumn.reflection) { try reflection(row) }
    if let features = try row.optionalText(EpisodeColumn.salientFeatures) {
      part.removeAll()
      for text in try strings(features) { part.text(1, text) }
      message.message(Field.salientFeatures, part)
    }
    for text in try strings(row.text(EpisodeColumn.patternIDs)) {
      message.text(Field.patternIDs, text)
    }
    for text in try strings(row.text(EpisodeColumn.heuristicIDs)) {
      message.text(Field.heuristicIDs, text)
    }
    guard isEmptyList(try row.text(EpisodeColumn.appliedPatterns)) else {
      throw RowColumns.Unsuited()
    }
    for tag in try tags(row.text(EpisodeColumn.tags)) { message.text(Field.tags, tag) }
    for (key, value) in try map(row.text(EpisodeColumn.metadata)) {
      part.removeAll()
      part.text(1, key)
      part.text(2, value)
      message.message(Field.metadata, part)
    }
    if !row.isNull(EpisodeColumn.latitude), !row.isNull(EpisodeColumn.longitude) {
      part.removeAll()
      part.double(1, try row.real(EpisodeColumn.latitude))
      part.double(2, try row.real(EpisodeColumn.longitude))
      message.message(Field.location, part)
    }
    try copyTime(Field.validFrom, row, EpisodeColumn.validFrom)
    try copyTime(Field.validUntil, row, EpisodeColumn.validUntil)
    try copy(Field.supersededBy, row, EpisodeColumn.supersededBy)
  }

  mutating func add(step row: RowColumns) throws(RowColumns.Unsuited) {
    part.removeAll()
    part.integer(1, try row.integer(StepColumn.number))
    part.fixed(2, try row.integer(StepColumn.timestamp))
    part.content(3, try row.text(StepColumn.tool))
    part.content(4, try row.text(StepColumn.action))
    let parameters = try row.text(StepColumn.parameters)
    if !isEmptyObject(parameters) {
      // The cache's reader must take it as it is.
      try check(parameters)
      part.content(5, parameters)
    }
    if let kind = try row.optionalText(StepColumn.resultKind) {
      switch String(decoding: kind, as: UTF8.self) {
      case "success": try copyResult(6, row)
      case "error": try copyResult(7, row)
      case "timeout": part.integer(8, 1)
      default: throw RowColumns.Unsuited()
      }
    }
    part.double(9, try row.real(StepColumn.latencySeconds))
    if let tokens = try row.optionalInteger(StepColumn.tokensUsed) { part.integer(10, tokens) }
    for (key, value) in try map(row.text(StepColumn.metadata)) {
      entry.removeAll()
      entry.text(1, key)
      entry.text(2, value)
      part.message(11, entry)
    }
    message.message(Field.steps, part)
  }

  mutating func end(id: String, isSuited: Bool) -> Bool {
    product.episodes.append((id, isSuited ? message.bytes : nil))
    product.byteCount += message.bytes.count
    return product.byteCount < byteCountMax
  }

  consuming func finish() -> Product { product }

  private mutating func context(_ row: RowColumns) throws(RowColumns.Unsuited) {
    part.removeAll()
    part.content(1, try row.text(EpisodeColumn.domain))
    if let text = try row.optionalText(EpisodeColumn.language) { part.content(2, text) }
    if let text = try row.optionalText(EpisodeColumn.framework) { part.content(3, text) }
    let complexity: TaskComplexity = try name(row.text(EpisodeColumn.complexity))
    part.integer(4, Field.number(of: complexity))
    for tag in try tags(row.text(EpisodeColumn.contextTags)) { part.text(5, tag) }
    message.message(Field.context, part)
  }

  private mutating func outcome(_ row: RowColumns) throws(RowColumns.Unsuited) {
    let kind: TaskOutcome.Kind = try name(row.text(EpisodeColumn.outcomeKind))
    guard case .object(let values) = try json(row.text(EpisodeColumn.outcome)) else {
      throw RowColumns.Unsuited()
    }
    part.removeAll()
    let field: Int
    switch kind {
    case .success:
      field = Field.success
      part.text(1, try string(values["verdict"]))
      try add(2, values["artifacts"])
    case .partialSuccess:
      field = Field.partialSuccess
      part.text(1, try string(values["verdict"]))
      try add(2, values["completed"])
      try add(3, values["failed"])
    case .failure:
      field = Field.failure
      part.text(1, try string(values["reason"]))
      if let details = values["details"] { part.text(2, try string(details)) }
    case .abstained:
      field = Field.abstained
      part.text(1, try string(values["reason"]))
      part.integer(2, try integer(values["stoppedAtStep"]))
      try add(3, values["signals"])
    }
    message.message(field, part)
  }

  private mutating func reflection(_ row: RowColumns) throws(RowColumns.Unsuited) {
    guard case .object(let values) = try json(row.text(EpisodeColumn.reflection)) else {
      throw RowColumns.Unsuited()
    }
    part.removeAll()
    try add(1, values["successes"])
    try add(2, values["improvements"])
    try add(3, values["insights"])
    part.fixed(4, try integer(values["generatedAt"]))
    message.message(Field.reflection, part)
  }

  private mutating func copy(
    _ field: Int, _ row: RowColumns, _ column: Int
  ) throws(RowColumns.Unsuited) {
    if let text = try row.optionalText(column) { message.content(field, text) }
  }

  private mutating func copyTime(
    _ field: Int, _ row: RowColumns, _ column: Int
  ) throws(RowColumns.Unsuited) {
    if let time = try row.optionalInteger(column) { message.fixed(field, time) }
  }

  /// A result without a text is an empty one.
  private mutating func copyResult(_ field: Int, _ row: RowColumns) throws(RowColumns.Unsuited) {
    if let text = try row.optionalText(StepColumn.resultText) {
      part.content(field, text)
    } else {
      part.text(field, "")
    }
  }

  /// Adds a list of strings to the part.
  private mutating func add(_ field: Int, _ value: JSONValue?) throws(RowColumns.Unsuited) {
    guard case .array(let values)? = value else { throw RowColumns.Unsuited() }
    for value in values { part.text(field, try string(value)) }
  }
}
