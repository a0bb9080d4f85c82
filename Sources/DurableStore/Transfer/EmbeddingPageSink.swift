/// Hands embeddings on, and keeps the id of the last.
struct EmbeddingPageSink<Sink: EmbeddingRowSink>: RowSink {
  struct Product: Sendable {
    var product: Sink.Product
    /// Nil when there was none.
    var last: Int64?
  }

  private var sink: Sink
  private var last: Int64?

  init(_ sink: Sink) { self.sink = sink }

  mutating func add(_ row: RowColumns, of query: Int) throws(RowColumns.Unsuited) -> Bool {
    last = try row.integer(EmbeddingColumn.id)
    return try sink.add(row)
  }

  consuming func finish() -> Product { Product(product: sink.finish(), last: last) }
}
