/// An error of a TIFF file; the description is one sentence with the file, the page, what is wrong and what to do.
public struct TIFFError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Kind: Sendable {
    /// The file does not exist, is no TIFF file, or is damaged.
    case cannotRead
    /// The file is valid, but its content is not supported.
    case unsupported
    case cannotWrite
  }

  public var kind: Kind
  public var description: String

  public init(_ kind: Kind, _ description: String) { (self.kind, self.description) = (kind, description) }
}
