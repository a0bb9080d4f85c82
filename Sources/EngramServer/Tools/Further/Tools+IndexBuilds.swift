internal import DurableStore
internal import Engram
internal import Episodes

extension Tools {
  private static let buildID = JSONShape.Field.required("buildID", .text, "The id of the build.")
  private static let build = JSONShape.Fields(
    "a build", [.required("build", .object(IndexBuild.fields))])

  package static let startIndexBuild = Tool(
    "start_index_build", title: "Build the index anew",
    summary:
      "Begins to build the index over all embeddings; searches go on meanwhile, by the old one. One build at a time.",
    input: [], output: build,
    hints: ToolHints(isReadOnly: false, isDestructive: false, isIdempotent: false),
    needsModel: .always
  ) { (_: NoInput, call: ToolCall) async throws -> [String: IndexBuild] in
    ["build": try call.builds.start(try await call.memory())]
  }

  package static let listIndexBuilds = Tool(
    "list_index_builds", title: "List builds of the index",
    summary: "The builds that this server was asked for, latest first; the last 16 are kept.",
    input: [],
    output: .init("builds", [.required("builds", .list(of: .object(IndexBuild.fields)))]),
    hints: .reads
  ) { (_: NoInput, call: ToolCall) async throws -> [String: [IndexBuild]] in
    ["builds": call.builds.all]
  }

  package static let getIndexBuild = Tool(
    "get_index_build", title: "Look at a build of the index",
    summary: "How far a build is, or what came of it.", input: [buildID], output: build,
    hints: .reads
  ) { (input: BuildID, call: ToolCall) async throws -> [String: IndexBuild] in
    ["build": try call.builds.build(input.buildID)]
  }

  package static let cancelIndexBuild = Tool(
    "cancel_index_build", title: "Give up a build of the index",
    summary: "Ends a build that runs; the old index stays. One that has ended stays as it is.",
    input: [buildID], output: build,
    hints: ToolHints(isReadOnly: false, isDestructive: false, isIdempotent: true)
  ) { (input: BuildID, call: ToolCall) async throws -> [String: IndexBuild] in
    ["build": try await call.builds.cancel(input.buildID)]
  }

  package static let verifyIndex = Tool(
    "verify_index", title: "Check the index",
    summary: "Reads every byte of the index, and compares some answers with the true nearest.",
    input: [
      .optional("queryCount", .count(1...1000), "How many vectors are asked for; 200 by default.")
    ],
    output: .init(
      "a check of the index",
      [
        .required("segmentCount", .whole), .required("recordCount", .whole),
        .required("problems", .list(of: .text), "Empty when all is well."),
        .required("queryCount", .whole), .optional("recallAt10", .share),
        .optional("latencyMicrosecondsP50", .number("")),
        .optional("latencyMicrosecondsP99", .number("")),
      ]), hints: .reads, needsModel: .always
  ) { (input: MeasureInput, call: ToolCall) async throws -> IndexVerification in
    try await call.memory().verifyIndex(queryCount: input.queryCount ?? 200)
  }
}
