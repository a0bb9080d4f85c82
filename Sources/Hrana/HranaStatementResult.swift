public import Episodes

/// What a statement gave back.
public struct HranaStatementResult: Hashable, Sendable {
  public struct Column: Hashable, Sendable {
    public var name: String?
    /// As the table declares it.
    public var declaredType: String?

    public init(name: String?, declaredType: String?) {
      self.name = name
      self.declaredType = declaredType
    }
  }

  public var columns: [Column]
  public var rows: [[HranaValue]]
  /// Rows the statement itself inserted, updated or deleted.
  public var affectedRowCount: Int
  public var lastInsertRowID: Int64?

  public init(
    columns: [Column] = [], rows: [[HranaValue]] = [], affectedRowCount: Int = 0,
    lastInsertRowID: Int64? = nil
  ) {
    self.columns = columns
    self.rows = rows
    self.affectedRowCount = affectedRowCount
    self.lastInsertRowID = lastInsertRowID
  }
}

extension HranaStatementResult: HranaMessage {
  public init(json: JSONValue) throws(HranaFormatError) {
    let fields = try HranaFields(json)
    columns = try fields.list("cols")
    rows = []
    let values = try fields.values("rows")
    rows.reserveCapacity(values.count)
    for (index, row) in values.enumerated() {
      do throws(HranaFormatError) {
        rows.append(try Self.row(row, columnCount: columns.count))
      } catch {
        throw error.inside("rows[\(index)]")
      }
    }
    affectedRowCount = try fields.optionalInteger("affected_row_count") ?? 0
    lastInsertRowID = try fields.optionalLong("last_insert_rowid")
  }

  /// The values of a row.
  ///
  /// - Parameter columnCount: how many there must be.
  static func row(_ json: JSONValue, columnCount: Int?) throws(HranaFormatError) -> [HranaValue] {
    guard case .array(let values) = json else {
      throw HranaFormatError("", "is no list; expected a row")
    }
    guard columnCount == nil || values.count == columnCount else {
      throw HranaFormatError("", "has \(values.count) values; expected \(columnCount ?? 0)")
    }
    var row: [HranaValue] = []
    row.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      do throws(HranaFormatError) {
        row.append(try HranaValue(json: value))
      } catch {
        throw error.inside("[\(index)]")
      }
    }
    return row
  }

  public func write(to writer: inout JSONWriter) {
    writer.raw(#"{"cols":"#)
    writer.list(columns)
    writer.raw(#","rows":["#)
    var isFirst = true
    for row in rows {
      writer.separate(&isFirst)
      writer.list(row)
    }
    writer.raw(#"],"affected_row_count":"#)
    writer.integer(affectedRowCount)
    writer.field(#","last_insert_rowid":"#, lastInsertRowID.map { String($0) })
    // Fields that some clients require.
    writer.raw(#","replication_index":null,"rows_read":0,"rows_written":0,"query_duration_ms":0}"#)
  }
}

extension HranaStatementResult.Column: HranaMessage {
  public init(json: JSONValue) throws(HranaFormatError) {
    let fields = try HranaFields(json)
    name = try fields.optionalText("name")
    declaredType = try fields.optionalText("decltype")
  }

  public func write(to writer: inout JSONWriter) {
    writer.field(#"{"name":"#, name)
    writer.field(#","decltype":"#, declaredType)
    writer.raw("}")
  }
}
