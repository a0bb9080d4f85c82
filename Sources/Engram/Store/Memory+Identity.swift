internal import DurableStore

extension Memory {
  /// What tells the durable store from another one, also from the same after a restore.
  ///
  /// - Throws: ``EngramError`` with code `storeAway`.
  package var storeID: String {
    get throws(EngramError) {
      do {
        return try store.storeID
      } catch {
        throw EngramError(error)
      }
    }
  }
}
