internal import Episodes

// Agents are told few arguments, since they pay for each; programs are told all.
extension Tool {
  /// The tool with all filters.
  package var withAllFilters: Tool { adding(FilterArguments.furtherFields) }

  /// The tool with all filters, and what else a search can be asked.
  package var withAllOfSearch: Tool {
    withAllFilters.adding(SearchInput.furtherFields)
  }

  /// The tool with all that can be told of a task when it begins.
  package var withAllOfTask: Tool { adding(TaskArguments.furtherFields) }

  /// The tool with all that can be changed.
  package var withAllChanges: Tool { adding(UpdateInput.furtherFields) }

  private func adding(_ fields: [JSONShape.Field]) -> Tool {
    var tool = self
    tool.input = JSONShape.Fields(input.name, input.all + fields)
    return tool
  }
}
