internal import CFFmpeg

/// Errors from FFmpeg's return codes, which are made here only.
extension MediaError {
  /// An error for a return code of FFmpeg's.
  ///
  /// - Parameters:
  ///   - kind: the kind, unless the code says that disk or memory are full.
  ///   - what: the beginning of the sentence: what failed, with the file's name.
  ///   - log: messages that say more than the code.
  init(code: Int32, _ kind: Kind, _ what: String, log: [String] = [], hint: String? = nil) {
    var sentence = what + ": " + MediaError.cause(of: code)
    if let line = log.last { sentence += " (\(line))" }
    switch inrr_errno_of(code) {
    case ENOSPC, EDQUOT:
      self.init(.diskFull, sentence + "; free some space and run again")
    case EFBIG:
      // A limit of the shell or of the file system: with a higher one the same job succeeds.
      self.init(.diskFull, sentence + "; raise the limit on the size of files (ulimit -f) or write elsewhere")
    case EPIPE:
      self.init(.cannotWrite, sentence + "; the program that reads the pipe has ended")
    case ENOMEM:
      self.init(.outOfMemory, sentence + "; \(MediaError.memoryAdvice)")
    default:
      self.init(kind, hint.map { sentence + "; " + $0 } ?? sentence)
    }
  }

  private static let memoryAdvice = "close other programs, or give this one more memory, and run again"

  /// The error for an allocation that failed.
  static func outOfMemory(_ path: String) -> MediaError {
    MediaError(.outOfMemory, "\(path): out of memory; \(memoryAdvice)")
  }

  /// Whether a return code is one that disks, drives and networks fail with, and no file by what it holds.
  static func isFailedRead(_ code: Int32) -> Bool {
    let failures = [
      EIO, ESTALE, ENXIO, ENODEV, ENOTCONN, ETIMEDOUT, ECONNRESET, ECONNABORTED, EHOSTUNREACH, ENETUNREACH,
      EREMOTEIO,
    ]
    return failures.contains(inrr_errno_of(code))
  }

  /// The error for a file whose disk or network failed while it was read.
  static func readFailed(_ path: String, _ code: Int32) -> MediaError {
    MediaError(
      .readFailed,
      "\(path) can't be read on: \(cause(of: code)); its disk or network failed, and nothing is wrong with what could be "
        + "read: run again, or make a copy of the file first")
  }

  /// Returns `code` unless it is an error.
  @discardableResult
  static func check(
    _ code: Int32, _ kind: Kind, _ what: @autoclosure () -> String, hint: @autoclosure () -> String? = nil
  ) throws -> Int32 {
    if code < 0 { throw MediaError(code: code, kind, what(), hint: hint()) }
    return code
  }

  /// Returns what was allocated, or the error that there is no memory.
  static func allocated<T>(_ value: T?, _ path: String) throws -> T {
    guard let value else { throw MediaError.outOfMemory(path) }
    return value
  }

  /// FFmpeg's words for a return code, as part of a sentence.
  static func cause(of code: Int32) -> String {
    var text = [CChar](repeating: 0, count: 256)
    av_strerror(code, &text, text.count)
    let words = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard let first = words.first else { return "error \(code)" }
    return first.lowercased() + words.dropFirst()
  }
}
