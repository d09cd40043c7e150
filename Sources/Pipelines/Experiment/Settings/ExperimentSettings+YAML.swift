import Foundation

extension ExperimentSettings {
  /// Reads an experiment from a file. Paths in it are relative to its folder.
  ///
  /// - Throws: `JobError`: `.input` if it can't be read, `.configuration` with all mistakes in it, a line each.
  public init(yaml path: String) throws {
    try self.init(YAMLDocument(path: path), path: path)
  }

  init(_ document: YAMLDocument, path: String) throws {
    let folder = PathName.folder(of: path)
    let stem = PathName.stem(of: path)
    let draft = ExperimentYAML(folder: folder).read(document.root, name: stem)
    try document.diagnostics.check()
    guard let draft else { throw JobError.configuration("\(path) holds no experiment") }
    self = draft
  }
}

private struct ExperimentYAML {
  let folder: String

  func read(_ root: YAMLValue, name: String) -> ExperimentSettings? {
    guard let file = root.mapping() else { return nil }
    _ = file.required("version")?.integer(in: 1...1)
    let value = file.required("experiment")
    file.close()
    guard let experiment = value?.mapping() else { return nil }
    let settings = self.settings(experiment, name: name)
    experiment.close()
    return settings
  }

  private func settings(_ keys: YAMLMapping, name: String) -> ExperimentSettings? {
    let name = keys["name"]?.text() ?? name
    let input = keys.required("input")?.text().map(path)
    let size = keys["size"]?.parsed(ExperimentSettings.size(parsing:))
    let gray = keys["gray"]?.flag()
    let frames = keys["frames"]?.parsed(ExperimentSettings.frames(parsing:))
    let mask = keys.required("mask").flatMap { self.mask($0) }
    let holdout = keys["holdout"]?.number(in: 0.001...0.9)
    let iterations = keys["iterations"]?.integer(in: 1...100_000_000)
    let period = keys["observe_every"]?.integer(in: 1...100_000_000)
    let record = keys["record"].flatMap { self.record($0, period: period) }
    let items = keys["methods"]?.list() ?? []
    let methods = items.map { (value: $0, method: MethodYAML.read($0)) }
    let sweep = keys["sweep"].flatMap { self.sweep($0) }
    if methods.isEmpty && keys["methods"] == nil && sweep == nil {
      keys.fail("experiment needs the key 'methods', or 'sweep'")
    }
    refuseRepeatedNames(methods, sweep)
    guard let input, let mask else { return nil }
    var settings = ExperimentSettings(
      name: name, input: input, mask: mask, methods: methods.compactMap { $0.method })
    settings.size = size
    settings.gray = gray ?? false
    settings.frames = frames
    if let holdout { settings.holdout = holdout }
    if let iterations { settings.iterations = iterations }
    settings.observationPeriod = period
    if let record { settings.record = record }
    settings.sweep = sweep
    return settings
  }

  private func mask(_ value: YAMLValue) -> ExperimentSettings.Mask? {
    guard let keys = value.mapping() else { return nil }
    defer { keys.close() }
    let pattern = keys.required("pattern")?.choice(of: ExperimentSettings.Mask.Pattern.self)
    let rate = keys["rate"].map { ($0, $0.number(in: 0...1)) }
    let factor = keys["factor"].map { ($0, $0.integer(in: 2...1024)) }
    let file = keys["file"].map { ($0, $0.text()) }
    let threshold = keys["threshold"]?.integer(in: 1...255)
    let seed = keys["seed"]?.integer(in: 0 ... .max)
    guard let pattern else { return nil }
    // Keys that the pattern would ignore were meant for another pattern.
    if let rate, ![.random, .block].contains(pattern) {
      rate.0.fail("the pattern \(pattern.rawValue) takes no rate")
    }
    if let factor, pattern != .downsample { factor.0.fail("the pattern \(pattern.rawValue) takes no factor") }
    if let file, ![.file, .textural].contains(pattern) {
      file.0.fail("the pattern \(pattern.rawValue) takes no file")
    }
    // A number that could not be read is noted already.
    if let rate, rate.1 == nil { return nil }
    if let factor, factor.1 == nil { return nil }
    return value.attempt {
      try ExperimentSettings.Mask(
        pattern, rate: rate?.1, factor: factor?.1.map(Double.init), file: file?.1.map(path),
        threshold: threshold ?? ExperimentSettings.Mask.standardThreshold, seed: UInt64(seed ?? 0))
    }
  }

  private func record(_ value: YAMLValue, period: Int?) -> ExperimentSettings.Record? {
    guard value.isList else {
      if value.text() == "all" { return .all }
      value.fail("record must be a list of iterations such as [0, 1000], or all")
      return nil
    }
    let list = value.list()?.compactMap { item -> Int? in
      guard let iteration = item.integer(in: 0...100_000_000) else { return nil }
      if let period, iteration % period != 0 {
        item.fail("iteration \(iteration) is not observed: it is no multiple of observe_every, \(period)")
      }
      return iteration
    }
    return list.map { .at($0) }
  }

  private func sweep(_ value: YAMLValue) -> ExperimentSettings.Sweep? {
    guard let keys = value.mapping() else { return nil }
    let frequencies = keys.required("frequency")?.list()?.compactMap { $0.positive().map { Float($0) } }
    let method = MethodYAML.read(keys, value: value, isSweep: true)
    guard let frequencies, let method else { return nil }
    if frequencies.isEmpty || Set(frequencies).count < frequencies.count {
      value.fail("frequency must list at least one number, and none of them twice")
    }
    return .init(method: method, frequencies: frequencies)
  }

  private func refuseRepeatedNames(
    _ methods: [(value: YAMLValue, method: ExperimentMethod?)], _ sweep: ExperimentSettings.Sweep?
  ) {
    var seen = Set(
      sweep.map { sweep in sweep.frequencies.map { sweep.method.at(frequency: $0).name.lowercased() } } ?? [])
    for (value, method) in methods {
      guard let name = method?.name else { continue }
      if !seen.insert(name.lowercased()).inserted {
        value.fail("there are two methods called '\(name)': give each a name of its own")
      }
    }
  }

  private func path(_ text: String) -> String {
    text.hasPrefix("/") || folder.isEmpty ? text : "\(folder)/\(text)"
  }
}
