/// Whether an episode from elsewhere is new to a store.
public enum EpisodeAdmission: Hashable, Sendable {
  case new
  /// Its id is stored.
  case stored
  /// The same content is stored, or comes before it, under another id.
  case sameContent(id: String)
  /// It was forgotten: its id, or the same content under another.
  case forgotten
}
