/// The parts of a segment image, in the order they are laid out.
enum SegmentSection: UInt32, CaseIterable, CustomStringConvertible {
  /// Mean of the vectors: dimension × f32.
  case center = 1
  /// The matrix of an ``AxisRotation``, then the scale of each of its rows and the weight of each axis'
  /// codes, as f32.
  case axes
  case axisScales
  case axisWeights
  /// Nodes a search starts from, u32 each, in whole blocks; 0xffffffff after the last.
  case entryPoints
  /// The factors a of all entry points, then their b, and their codes: edges from the mean. Those of the means of
  /// groups stand behind those of the entry points, in blocks of their own.
  case entryFactors
  case entryCodes
  /// The points of the ``RecallCurve``: {list size u16, slack u16, recall f32} each, zero after
  /// the last. A slack is in 8,192ths above -1; 0 is none, as before there was any.
  case recallCurve
  /// The caller's id of each node, ascending: u64 each.
  case recordIDs
  /// A record for each node: see ``NodeLayout``.
  case nodes
  /// What the bytes of a node's code leave over: dimension × s8 for each node.
  case lowBytes

  var description: String {
    switch self {
    case .center: "center"
    case .axes: "axes"
    case .axisScales: "axisScales"
    case .axisWeights: "axisWeights"
    case .entryPoints: "entryPoints"
    case .entryFactors: "entryFactors"
    case .entryCodes: "entryCodes"
    case .recallCurve: "recallCurve"
    case .recordIDs: "recordIDs"
    case .nodes: "nodes"
    case .lowBytes: "lowBytes"
    }
  }
}
