import Masks
import Yams

/// Masks that are followed in a file of settings: a text as the command line takes it, or a mapping.
enum TrackSettings {
  static let shape = SettingShape.parsedOr(
    { _ = try TrackKey(parsing: $0) },
    .mapping([
      .init(
        "file", .text,
        "an image that is white where the thing is, with the placeholders of output, relative to this file",
        isRequired: true),
      .init(
        "frame", .parsed { _ = try FrameMoment(parsing: $0) },
        "the frame that it is drawn for, or a time such as 5s or \"00:00:05\"", isRequired: true),
    ]))

  /// The mask of a value; nil, with what is wrong noted, where it is none.
  ///
  /// - Parameter file: the path of a value that names an image.
  static func key(_ value: YAMLValue, file: (YAMLValue) -> String?) -> TrackKey? {
    if case .scalar(var scalar) = value.node {
      guard let key = value.parsed(TrackKey.init(parsing:)) else { return nil }
      scalar.string = key.file
      let named = YAMLValue(node: .scalar(scalar), name: value.name, diagnostics: value.diagnostics)
      return file(named).map { TrackKey(file: $0, moment: key.moment) }
    }
    guard let moment = value.value(at: ["frame"])?.parsed(FrameMoment.init(parsing:)),
      let path = value.value(at: ["file"]).flatMap(file)
    else { return nil }
    return TrackKey(file: path, moment: moment)
  }
}
