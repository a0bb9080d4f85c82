/// Numbers for the texts that many episodes share, such as namespaces and tags.
///
/// Numbers are compared faster than texts and, unlike hashes, never take one text for another.
struct SymbolTable: Sendable {
  typealias Symbol = UInt32
  /// Stands for no text.
  static let none: Symbol = 0
  /// Stands for a text that no episode has.
  static let unknown: Symbol = .max

  /// The text of symbol 1 comes first.
  private(set) var names: [String] = []
  private var symbols: [String: Symbol] = [:]

  init() {}

  /// - Parameter names: all different, else nil.
  init?(names: [String]) {
    guard names.count < Int(Symbol.max) else { return nil }
    self.names = names
    symbols.reserveCapacity(names.count)
    for (index, name) in names.enumerated() {
      guard symbols.updateValue(Symbol(index + 1), forKey: name) == nil else { return nil }
    }
  }

  /// The symbol of a text, for a question: ``unknown`` where no episode has it, ``none`` for nil.
  func symbol(of name: String?) -> Symbol {
    guard let name else { return Self.none }
    return symbols[name] ?? Self.unknown
  }

  /// The symbol of a text, a new one where it has none.
  mutating func add(_ name: String?) -> Symbol {
    guard let name else { return Self.none }
    if let known = symbols[name] { return known }
    names.append(name)
    let symbol = Symbol(names.count)
    symbols[name] = symbol
    return symbol
  }

  /// The text of a symbol in the table; nil for ``none``.
  func name(of symbol: Symbol) -> String? {
    symbol == Self.none ? nil : names[Int(symbol) - 1]
  }
}
