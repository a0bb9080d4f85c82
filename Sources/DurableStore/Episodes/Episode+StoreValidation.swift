import Episodes

extension Episode {
  /// Every rule of an episode, as the store's error.
  func validateForStore() throws(DurableStoreError) {
    do throws(ValidationError) {
      try validate()
    } catch {
      throw .invalid(error)
    }
  }
}
