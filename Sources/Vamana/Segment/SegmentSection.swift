/// The parts of a segment image, in the order they are laid out.
enum SegmentSection: UInt32, CaseIterable, CustomStringConvertible {
  /// Mean of the vectors: dimension × f32.
  case center = 1
  /// Nodes a search starts from: u32 each.
  case entryPoints
  /// A copy of the entry points' code rows, so that scoring them reads one block.
  case entryCodes
  /// The caller's id of each node, ascending: u64 each.
  case recordIDs
  /// maximumDegree × u32 for each node; 0xffffffff after the last neighbour.
  case adjacency
  /// A ``ByteQuantizer`` row for each node.
  case codes
  /// dimension × f32 for each node.
  case vectors

  var description: String {
    switch self {
    case .center: "center"
    case .entryPoints: "entryPoints"
    case .entryCodes: "entryCodes"
    case .recordIDs: "recordIDs"
    case .adjacency: "adjacency"
    case .codes: "codes"
    case .vectors: "vectors"
    }
  }
}
