/// Why a TIFF file can't be read or written: one sentence with the file, the page, what is wrong and what to do.
public struct TIFFError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Kind: Sendable {
    /// The file is not there, or is none of its kind, or is damaged.
    case cannotRead
    /// The file is sound, but holds what is not read here.
    case unsupported
    case cannotWrite
  }

  public var kind: Kind
  public var description: String

  public init(_ kind: Kind, _ description: String) { (self.kind, self.description) = (kind, description) }
}
