/// Why it can't be said what is missing: one clear sentence for the person who gave the options.
public struct MaskError: Error, Equatable, Sendable {
  public enum Kind: Sendable {
    /// An option can't be understood, or there is none at all.
    case options
    /// A mask file does not fit its input: another size, or another number of frames.
    case mismatch
    /// Everything is missing, so nothing is known to reconstruct from.
    case coversEverything
    /// A mask file can't be read, or is damaged.
    case unreadable
  }

  public var kind: Kind
  public var message: String

  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}

extension MaskError: CustomStringConvertible {
  public var description: String { message }
}
