/// No arguments.
struct NoInput: Decodable {}
