import Yams

/// `--set a.b=c`: a setting from the command line, which replaces the file's.
struct SettingOverride {
  /// The setting within the mappings of its path.
  let root: YAMLValue

  private static let keys: [SettingKey] =
    BatchSchema.settings + BatchSchema.file.filter { ["vars", "run"].contains($0.name) }

  /// Reads `a.b=c`, where c is YAML.
  ///
  /// - Throws: `JobError` of kind `.configuration`.
  init(parsing text: String) throws {
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let path = sides[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    // No setting lies deeper than `solve.window.frames`.
    guard sides.count == 2, (2...8).contains(path.count), path.allSatisfy({ !$0.isEmpty }) else {
      throw JobError.configuration(
        "--set \(text): write a setting's path and value, such as --set solve.preset=fast")
    }
    let diagnostics = YAMLDiagnostics(file: "--set \(text)", tellsPlaces: false)
    guard let value = try? YAMLDocument.node(String(sides[1]), file: "--set \(text)") else {
      throw JobError.configuration("--set \(text): '\(sides[1])' is no value in YAML")
    }
    var node = value
    for name in path.reversed() { node = Node([(Node(name), node)]) }
    root = YAMLValue(node: node, name: "a setting", diagnostics: diagnostics)
    SettingShape.mapping(Self.keys).check(root)
    try diagnostics.check()
  }

  /// Throws what was noted while the setting was used with the others.
  func checkTogether() throws { try root.diagnostics.check() }

  /// Its part of one of the file's groups.
  func group(_ name: String) -> YAMLValue? { root.entries().first { $0.name == name }?.value }
}
