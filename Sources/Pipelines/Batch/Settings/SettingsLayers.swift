/// Settings by their paths, such as `solve.window.frames`. Later layers replace earlier ones key by key.
struct SettingsLayers {
  private(set) var values: [String: YAMLValue] = [:]

  subscript(path: String) -> YAMLValue? { values[path] }

  /// Adds the groups of a checked mapping as a layer.
  ///
  /// `lossless: true` excludes a codec and a quality: the later layer decides.
  mutating func add(_ layer: YAMLValue) {
    var flat: [String: YAMLValue] = [:]
    for (name, group) in layer.entries() where BatchSchema.settings.contains(where: { $0.name == name }) {
      Self.flatten(group, path: name, into: &flat)
    }
    add(flat)
  }

  /// Adds a layer of settings by their paths.
  mutating func add(_ flat: [String: YAMLValue]) {
    let lossless = flat["encode.lossless"].flatMap { $0.isTrue ? $0 : nil }
    for key in ["encode.codec", "encode.crf"] {
      if let value = flat[key], let lossless {
        value.fail(
          "\(lossless.name) writes FFV1 and keeps every sample: leave out \(value.name), or \(lossless.name)")
      }
      if lossless != nil { values[key] = nil }
      if flat[key] != nil { values["encode.lossless"] = nil }
    }
    values.merge(flat) { _, new in new }
  }

  /// Only the settings that are right by themselves, to check whether these go together. Mistakes in the others are noted
  /// already.
  var sound: SettingsLayers {
    var layers = self
    layers.values = values.filter { path, value in
      guard let shape = Self.shape(of: path) else { return false }
      let scratch = YAMLDiagnostics(file: "")
      shape.check(YAMLValue(node: value.node, name: value.name, diagnostics: scratch))
      return scratch.entries.isEmpty
    }
    // How damage is looked for says nothing without what is looked for.
    if values["mask.detect"] != nil && layers.values["mask.detect"] == nil {
      for path in ["mask.detect_sensitivity", "mask.detect_regions", "mask.within"] {
        layers.values[path] = nil
      }
    }
    return layers
  }

  /// The shape of the value at a path.
  static func shape(of path: String) -> SettingShape? {
    path.split(separator: ".").reduce(SettingShape.mapping(BatchSchema.settings) as SettingShape?) {
      shape, name in
      guard case .mapping(let keys)? = shape else { return nil }
      return keys.first { $0.name == name }?.shape
    }
  }

  private static func flatten(_ value: YAMLValue, path: String, into flat: inout [String: YAMLValue]) {
    if case .mapping = value.node {
      for (name, item) in value.entries() { flatten(item, path: "\(path).\(name)", into: &flat) }
    } else {
      flat[path] = value
    }
  }
}

extension YAMLValue {
  var isTrue: Bool { if case .scalar(let scalar) = node { scalar.string == "true" } else { false } }
}
