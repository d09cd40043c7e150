import Masks
import Media
import Reconstruction
import Yams

/// Settings from options of a command line, read and checked like those of a file of jobs.
public struct OptionSettings {
  /// An option, and its setting in `BatchSchema`.
  public struct Option {
    let path: String
    let name: String
    let node: Node

    /// - Parameter value: nil where the option was not given.
    public init?(_ path: String, _ name: String, _ value: (some LosslessStringConvertible)?) {
      guard let value else { return nil }
      (self.path, self.name, node) = (path, name, Node(String(value), Tag(.str), .plain))
    }

    /// An option that can be given several times.
    public init?(_ path: String, _ name: String, list values: [String]) {
      if values.isEmpty { return nil }
      (self.path, self.name, node) = (path, name, Node(values.map { Node($0, Tag(.str), .plain) }))
    }
  }

  private let diagnostics = YAMLDiagnostics(file: "")
  private let layers: SettingsLayers

  /// - Throws: `JobError` of kind `.configuration` that names the wrong options.
  public init(_ options: [Option?]) throws {
    var values: [String: YAMLValue] = [:]
    for option in options.compactMap({ $0 }) {
      let value = YAMLValue(node: option.node, name: option.name, diagnostics: diagnostics)
      SettingsLayers.shape(of: option.path)?.check(value)
      values[option.path] = value
    }
    var layers = SettingsLayers()
    layers.add(values)
    self.layers = layers
    try check()
  }

  private func check() throws {
    if diagnostics.entries.isEmpty { return }
    throw JobError.configuration(diagnostics.entries.map(\.message).joined(separator: "; "))
  }

  private func checked<Settings>(_ settings: Settings) throws -> Settings {
    try check()
    return settings
  }

  /// - Throws: `JobError` of kind `.configuration` where settings do not go together; so do the other methods.
  public func restoration() throws -> RestorationSettings {
    try checked(layers.restoration(BatchRunSettings()))
  }

  public func encoding(threads: Int) throws -> EncodeSettings {
    try checked(layers.encoding(threads: threads))
  }

  /// Masks, without files and rectangles.
  public func masks() throws -> MaskOptions { try checked(layers.masks { $0.text() }) }

  /// Settings that only volumes have.
  public func volume() throws -> VolumeSettings { try checked(layers.volume()) }
}
