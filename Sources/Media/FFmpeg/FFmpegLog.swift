internal import CFFmpeg
import Synchronization

/// FFmpeg's messages: kept, never printed.
///
/// A log attached to a codec or format context (its `opaque` field) receives the error messages of that context from any
/// thread; `capturing` receives those of the calling thread.
final class FFmpegLog: Sendable {
  private let lines = Mutex<[String]>([])

  init() { FFmpegLog.install() }

  /// The error messages since the last call, at most the first 100.
  func takeLines() -> [String] {
    lines.withLock { lines in
      defer { lines.removeAll() }
      return lines
    }
  }

  fileprivate func add(_ line: String) {
    lines.withLock { if $0.count < 100 { $0.append(line) } }
  }

  /// For the `opaque` field of a context, which must not outlive this log.
  var opaque: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  /// Messages of the threads that are in `capturing`.
  private static let captured = Mutex<[UInt: [String]]>([:])

  private static let installed: Void = av_log_set_callback { source, level, format, arguments in
    guard level <= AV_LOG_ERROR, let format, let arguments else { return }
    var text = [CChar](repeating: 0, count: 512)
    vsnprintf(&text, text.count, format, arguments)
    let line = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      .split(whereSeparator: \.isNewline).joined(separator: " ")
    if line.isEmpty { return }
    if let owner = inrr_log_owner(source) {
      Unmanaged<FFmpegLog>.fromOpaque(owner).takeUnretainedValue().add(line)
    }
    captured.withLock { captured in
      let thread = UInt(inrr_thread())
      if captured[thread] != nil { captured[thread]?.append(line) }
    }
  }

  /// Makes FFmpeg silent. Called before anything else of FFmpeg.
  static func install() { _ = installed }

  /// Runs `body` and returns its result with the error messages of this thread until then.
  static func capturing<Result>(_ body: () throws -> Result) rethrows -> (Result, [String]) {
    install()
    let thread = UInt(inrr_thread())
    captured.withLock { $0[thread] = [] }
    defer { captured.withLock { $0[thread] = nil } }
    let result = try body()
    return (result, captured.withLock { $0[thread] ?? [] })
  }
}
