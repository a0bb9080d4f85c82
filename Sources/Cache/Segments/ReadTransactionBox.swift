/// Lets a transaction be part of a Sendable class.
struct ReadTransactionBox: ~Copyable, @unchecked Sendable {
  // SAFETY: nobody uses the transaction between its begin and its end, which MDB_NOTLS allows to be
  // on different threads.
  let transaction: ReadTransaction

  init(_ transaction: consuming ReadTransaction) { self.transaction = transaction }
}
