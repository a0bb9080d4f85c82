import Episodes

/// The statements that insert episodes.
extension EpisodeWriteBatch {
  mutating func insert(_ episodes: [NewEpisode], onConflict policy: InsertConflictPolicy) {
    switch policy {
    case .fail: insertNew(episodes)
    case .ignore: insertIgnoring(episodes)
    case .replace:
      writesTags = true
      for new in episodes { replace(new) }
    }
  }

  /// Rows many a statement, after each its steps and tags: they are there, or the transaction is not.
  private mutating func insertNew(_ episodes: [NewEpisode]) {
    let firstPlan = plans.count
    var steps = PendingRows(StepRow.insertNew, width: StepRow.columns.count + 1)
    var tags = PendingRows(EpisodeTags.insert, width: EpisodeTags.width)
    var start = 0
    for size in RowGroups.sizes(episodes.count) {
      let group = episodes[start..<start + size]
      addRows(of: group, by: EpisodeRow.insert) { statement, _ in .alone(statement: statement) }
      start += size
      for (index, new) in zip(group.indices, group) {
        let distance = start - 1 - index
        for step in new.episode.steps {
          steps.add(to: &parts) { values in
            StepRow.append(step, distance: distance, to: &values)
            return 1
          }
        }
        tags.add(to: &parts) { values in
          EpisodeTags.append(new.episode, distance: distance, to: &values)
        }
      }
      // The next rows are another statement's.
      steps.flush(to: &parts)
      tags.flush(to: &parts)
    }
    for (index, new) in episodes.enumerated() where !new.episode.checkpoints.isEmpty {
      addCheckpoints(of: new.episode, revision: firstRevision + Int64(firstPlan + index))
    }
    addEmbeddings(of: episodes, firstPlan: firstPlan)
  }

  /// All rows first, many a statement, then the parts that belong to those that are written.
  private mutating func insertIgnoring(_ episodes: [NewEpisode]) {
    writesTags = true
    let firstPlan = plans.count
    var start = 0
    for size in RowGroups.sizes(episodes.count) {
      addRows(of: episodes[start..<start + size], by: EpisodeRow.insertIgnoring) {
        .returned(statement: $0, revision: $1)
      }
      start += size
    }
    for (index, new) in episodes.enumerated() {
      addParts(of: new.episode, revision: firstRevision + Int64(firstPlan + index))
    }
    pendingSteps.flush(to: &parts)
    addEmbeddings(of: episodes, firstPlan: firstPlan)
  }

  /// One statement for the rows of `episodes`.
  private mutating func addRows(
    of episodes: ArraySlice<NewEpisode>, by statements: RowGroups.Statements,
    _ row: (_ statement: Int, _ revision: Int64) -> Row
  ) {
    var arguments: [SQLValue] = []
    arguments.reserveCapacity(episodes.count * EpisodeRow.argumentCount)
    for new in episodes {
      let id = new.episode.id
      EpisodeRow.append(
        new.episode, revision: revision, contentHash: contentHashes[id], to: &arguments)
      plans.append(Plan(episodeID: id, row: row(parts.count, revision)))
    }
    _ = add(statements[episodes.count], arguments)
  }

  private mutating func addEmbeddings(of episodes: [NewEpisode], firstPlan: Int) {
    for (index, new) in episodes.enumerated() where !new.embeddings.isEmpty {
      var plan = plans[firstPlan + index]
      addEmbeddings(
        new.embeddings, of: new.episode.id, revision: firstRevision + Int64(firstPlan + index),
        mayExist: false, plan: &plan)
      plans[firstPlan + index] = plan
    }
  }
}
