internal import DurableStore
internal import Engram
internal import Episodes

extension Tools {
  package static let listTags = Tool(
    "list_tags", title: "List tags",
    summary: "The tags in use, with how often, how well and when last; the most frequent first.",
    input: [
      .optional("namespace", .text, "Only of episodes of this namespace; all by default."),
      .optional("limit", .count(1...1000), "The most tags to return; 100 by default."),
    ],
    output: .init("tags", [.required("tags", .list(of: RecordShape.tag), "Most frequent first.")]),
    hints: .reads
  ) { (input: TagListInput, call: ToolCall) async throws -> [String: [TagSummary]] in
    [
      "tags": try await call.memory().tags(
        namespace: input.namespace, limit: input.limit ?? 100)
    ]
  }

  package static let replaceTags = Tool(
    "replace_tags", title: "Rename, merge or delete tags",
    summary: "Puts one tag in the place of others in every episode; without it they are deleted.",
    input: [
      .required("tags", .list(of: .tag), "The tags that go."),
      .optional("replacement", .tag, "The tag that comes in their place."),
      .optional("namespace", .text, "Only in episodes of this namespace; all by default."),
      .optional("dryRun", .flag, "Only count what would be changed."),
    ],
    output: .init(
      "replaced tags", [.required("episodes", .whole, "How many episodes were changed.")]),
    hints: ToolHints(isReadOnly: false, isDestructive: true, isIdempotent: true),
    needsModel: .when { !($0.dryRun ?? false) }
  ) { (input: TagReplacement, call: ToolCall) async throws -> [String: Int] in
    [
      "episodes": try await call.memory().replaceTags(
        input.tags, by: input.replacement, namespace: input.namespace,
        isDryRun: input.dryRun ?? false)
    ]
  }

  package static let changeTags = Tool(
    "change_tags", title: "Change an episode's tags",
    summary: "Adds tags to an episode, and takes others from it.",
    input: [
      .required("episodeID", .text, "The id of the episode."),
      .optional("add", .list(of: .tag)), .optional("remove", .list(of: .tag)),
    ],
    output: .init("an episode's tags", [.required("tags", .list(of: .text), "As they are now.")]),
    hints: ToolHints(isReadOnly: false, isDestructive: true, isIdempotent: true),
    needsModel: .always
  ) { (input: TagChange, call: ToolCall) async throws -> [String: [Tag]] in
    let memory = try await call.memory()
    var tags = try await call.existing(input.episodeID).tags
    if let removed = input.remove, !removed.isEmpty {
      tags = try await memory.removeTags(removed, from: input.episodeID).tags
    }
    if let added = input.add, !added.isEmpty {
      tags = try await memory.addTags(added, to: input.episodeID).tags
    }
    return ["tags": tags]
  }
}
