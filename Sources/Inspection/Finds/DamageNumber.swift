import Detection

/// A kind of damage as pictures tell it: by a number and a colour.
public struct DamageNumber: PictureKind {
  public let kind: DamageKind

  public init(_ kind: DamageKind) { self.kind = kind }

  public init?(rawValue: UInt8) {
    guard let kind = DamageKind.allCases.dropFirst(Int(rawValue)).first else { return nil }
    self.kind = kind
  }

  public var rawValue: UInt8 { UInt8(DamageKind.allCases.firstIndex(of: kind) ?? 0) }

  /// Told apart by people who see few colours, too, and rare in pictures.
  var ink: Ink {
    switch kind {
    case .dirt: Ink(60, 220, 130)
    case .scratches: Ink(255, 176, 0)
    case .pixels: Ink(86, 204, 255)
    case .overlay: Ink(190, 120, 255)
    case .text: Ink(255, 240, 90)
    case .frames: Ink(255, 32, 144)
    }
  }
}
