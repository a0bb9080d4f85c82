/// Programming languages by the ends of file names.
package enum SourceLanguage {
  /// The language of most of the files, or nil when none is known.
  package static func mostFrequent(in paths: [String]) -> String? {
    var counts: [String: Int] = [:]
    for path in paths {
      if let language = language(of: path) { counts[language, default: 0] += 1 }
    }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  /// The language of the file at `path`.
  package static func language(of path: String) -> String? {
    let name = path.split(separator: "/").last ?? ""
    if let language = byName[name.lowercased()] { return language }
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
    return byExtension[name[name.index(after: dot)...].lowercased()]
  }

  private static let byName = [
    "makefile": "make", "gnumakefile": "make", "dockerfile": "dockerfile",
    "cmakelists.txt": "cmake", "rakefile": "ruby", "gemfile": "ruby", "jenkinsfile": "groovy",
    "build.bazel": "starlark", "build": "starlark", "meson.build": "meson",
  ]

  private static let byExtension: [String: String] = {
    let languages = [
      "ada": "adb ads", "assembly": "asm s", "awk": "awk", "c": "c h", "c#": "cs",
      "c++": "cc cpp cxx hh hpp hxx", "clojure": "clj cljs", "cmake": "cmake", "cuda": "cu cuh",
      "css": "css less sass scss", "dart": "dart", "elixir": "ex exs", "erlang": "erl hrl",
      "f#": "fs fsx", "fortran": "f f90 f95 for", "go": "go", "groovy": "groovy gradle",
      "haskell": "hs lhs", "html": "htm html", "java": "java", "javascript": "cjs js jsx mjs",
      "julia": "jl", "kotlin": "kt kts", "lisp": "cl el lisp scm", "lua": "lua",
      "matlab": "m", "nim": "nim", "nix": "nix", "objective-c++": "mm", "ocaml": "ml mli",
      "perl": "pl pm t", "php": "php", "powershell": "ps1 psm1", "protobuf": "proto",
      "python": "py pyi pyx", "r": "r rmd", "ruby": "rb rake", "rust": "rs", "scala": "scala",
      "shell": "bash fish ksh sh zsh", "sql": "sql", "svelte": "svelte", "swift": "swift",
      "tcl": "tcl", "terraform": "tf", "typescript": "cts mts ts tsx", "verilog": "sv v",
      "vhdl": "vhd vhdl", "vue": "vue", "zig": "zig",
    ]
    return languages.reduce(into: [:]) { table, entry in
      for suffix in entry.value.split(separator: " ") { table[String(suffix)] = entry.key }
    }
  }()
}
