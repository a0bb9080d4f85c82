/// Whether a call must wait until the embedding model is loaded: what writes or compares meanings must.
enum ModelNeed<Input: Sendable>: Sendable {
  case never, always
  case when(@Sendable (Input) -> Bool)

  func holds(for input: Input) -> Bool {
    switch self {
    case .never: false
    case .always: true
    case .when(let holds): holds(input)
    }
  }
}
