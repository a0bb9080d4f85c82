extension Episode {
  /// The changes that add tags to those of its own, which stay as they are.
  public func adding(_ added: [Tag]) -> EpisodeChanges {
    var all = tags
    for tag in added where !all.contains(tag) { all.append(tag) }
    return EpisodeChanges(tags: all == tags ? nil : all)
  }

  /// The changes that put one tag in the place of others, in its context too: it has that once then, where the first
  /// of them was.
  ///
  /// - Parameter replacement: nil to take the tags away.
  public func replacing(_ old: [Tag], by replacement: Tag?) -> EpisodeChanges {
    func replaced(_ tags: [Tag]) -> [Tag]? {
      guard tags.contains(where: old.contains) else { return nil }
      var changed: [Tag] = []
      for tag in tags {
        guard let name = old.contains(tag) ? replacement : tag else { continue }
        if !changed.contains(name) { changed.append(name) }
      }
      return changed
    }
    var changes = EpisodeChanges(tags: replaced(tags))
    if let contextTags = replaced(context.tags) {
      changes.context = context
      changes.context?.tags = contextTags
    }
    return changes
  }
}
