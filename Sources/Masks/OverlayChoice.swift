/// Whether what is missing may be an overlay that lets the picture through.
public enum OverlayChoice: Sendable, Equatable {
  /// What is missing is filled in.
  case opaque
  /// Opacity and colour are estimated, where there is evidence enough.
  case estimated
  /// An image with transparency, or with the word of it: opacity and colour at every pixel.
  case file(String)

  /// Reads `opaque`, `auto` or the name of a file.
  public init(_ text: String) {
    switch text {
    case "opaque": self = .opaque
    case "auto": self = .estimated
    default: self = .file(text)
    }
  }

  /// As `init` reads it.
  public var text: String {
    switch self {
    case .opaque: "opaque"
    case .estimated: "auto"
    case .file(let file): file
    }
  }

  public var file: String? { if case .file(let file) = self { file } else { nil } }
}
