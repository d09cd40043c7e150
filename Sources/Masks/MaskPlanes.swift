import Frames

/// Which planes of the frames masks are of.
public enum MaskPlanes: Sendable, Equatable {
  /// What is missing is missing in all planes.
  case all
  /// The red, green and blue of a mask file are masks of one plane each: of red, green and blue, or of luma and the two chroma
  /// planes.
  case channels
  /// What is missing is missing in planes of these roles only.
  case some([PlaneRole])

  private static let names: [(name: String, roles: [PlaneRole])] = [
    ("luma", [.luma]), ("y", [.luma]), ("chroma", [.chromaBlue, .chromaRed]), ("u", [.chromaBlue]),
    ("cb", [.chromaBlue]), ("v", [.chromaRed]), ("cr", [.chromaRed]), ("red", [.red]), ("r", [.red]),
    ("green", [.green]), ("g", [.green]), ("blue", [.blue]), ("b", [.blue]), ("alpha", [.alpha]),
  ]

  /// What a command line or a batch file says.
  ///
  /// - Throws: `MaskError` of kind `.options`.
  public init(parsing text: String) throws {
    let words = text.lowercased().split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
    if words == ["channels"] {
      self = .channels
      return
    }
    var roles: [PlaneRole] = []
    for word in words {
      guard let found = Self.names.first(where: { $0.name == word })?.roles else {
        throw MaskError(
          .options,
          "'\(text)' names no planes: give channels, or some of luma, chroma, u, v, red, green, blue and alpha "
            + "with commas between them")
      }
      roles += found.filter { !roles.contains($0) }
    }
    self = .some(roles)
  }

  /// As `init(parsing:)` reads it.
  public var text: String {
    switch self {
    case .all: "all"
    case .channels: "channels"
    case .some(let roles): roles.map(\.maskName).joined(separator: ",")
    }
  }

  /// The planes that masks are of.
  ///
  /// - Throws: `MaskError` of kind `.options` where frames of the format have no such plane.
  func selection(in format: FrameFormat, of name: String) throws -> PlaneSelection {
    guard case .some(let roles) = self else { return .all }
    let there = format.planes.map(\.role)
    if let absent = roles.first(where: { !there.contains($0) }) {
      throw MaskError(
        .options,
        "\(name) has no plane of \(absent.maskName): its planes are \(there.map(\.maskName).joined(separator: ", "))"
      )
    }
    return roles.reduce(into: []) { $0.formUnion(PlaneSelection($1)) }
  }
}

extension PlaneRole {
  fileprivate var maskName: String {
    switch self {
    case .chromaBlue: "u"
    case .chromaRed: "v"
    default: rawValue
    }
  }
}

/// The colours that a sensor's filter lets through, two by two: all others are missing (B. E. Bayer, US patent 3,971,065).
public enum BayerPattern: String, Sendable, CaseIterable {
  case rggb, bggr, grbg, gbrg

  /// The mask of frames in which each sample holds one colour alone, as they are stored.
  ///
  /// - Throws: `MaskError` of kind `.options` for frames without red, green and blue.
  func mask(of format: FrameFormat, name: String) throws -> FrameMask {
    let roles = format.planes.map(\.role)
    guard [PlaneRole.red, .green, .blue].allSatisfy(roles.contains) else {
      throw MaskError(
        .options,
        "--mask-bayer is of red, green and blue, and \(name) holds other planes: make it RGB first, such as with "
          + "ffmpeg -pix_fmt gbrp")
    }
    let colours: [PlaneSelection] = rawValue.map { $0 == "r" ? .first : $0 == "g" ? .second : .third }
    let values = colours.map { FrameMask.value(missingIn: .colours.subtracting($0)) }
    return FrameMask(
      width: format.width, height: format.height,
      missing: (0..<format.height).flatMap { y in
        (0..<format.width).map { values[2 * (y & 1) + ($0 & 1)] }
      })
  }
}
