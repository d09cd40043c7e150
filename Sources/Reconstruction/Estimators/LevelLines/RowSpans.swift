import Kernels

/// Spans of rows, numbered through all frames, to which work is confined.
struct RowSpans {
  private struct Span {
    var row: Int
    var columns: Range<Int>
  }

  private var spans: [Span] = []
  private let width: Int

  /// Spans closer than this are joined: the samples between cost less than another start.
  private static let gap = 16
  /// Spans are widened to whole vectors, of which one sample costs as much as all.
  private static let vector = 16
  /// Spans that one thread does at a time.
  private static let share = 64

  /// The spans of samples that are true in `chosen`, (rows, width).
  init(_ chosen: [Bool], width: Int) {
    self.width = width
    guard width > 0 else { return }
    chosen.withUnsafeBufferPointer { chosen in
      for row in 0..<chosen.count / width {
        let start = row * width
        var x = 0
        while x < width {
          if !chosen[start + x] {
            x += 1
            continue
          }
          let first = x
          while x < width && chosen[start + x] { x += 1 }
          append(first..<x, of: row)
        }
      }
    }
  }

  private mutating func append(_ columns: Range<Int>, of row: Int) {
    var columns = columns
    if let last = spans.last, last.row == row, columns.lowerBound - last.columns.upperBound < Self.gap {
      columns = last.columns.lowerBound..<max(last.columns.upperBound, columns.upperBound)
      spans.removeLast()
    }
    let whole = min(width, (columns.count + Self.vector - 1) / Self.vector * Self.vector)
    let free = spans.last.map { $0.row == row ? $0.columns.upperBound : 0 } ?? 0
    let start = max(free, min(columns.lowerBound, width - whole))
    spans.append(Span(row: row, columns: start..<max(columns.upperBound, min(width, start + whole))))
  }

  var isEmpty: Bool { spans.isEmpty }

  /// Runs `body(row, from, to)` for the columns from ..< to of each span's row.
  func each(threads: Int, _ body: @Sendable (Int, Int, Int) -> Void) {
    parallelFor((spans.count + Self.share - 1) / Self.share, threads: threads) { i in
      for span in spans[i * Self.share..<min(spans.count, (i + 1) * Self.share)] {
        body(span.row, span.columns.lowerBound, span.columns.upperBound)
      }
    }
  }

  /// The sum of what `body(first, count)` returns for the samples of each span, in an order that does not depend on the
  /// number of threads.
  func sum(threads: Int, _ body: @Sendable (Int, Int) -> Double) -> Double {
    parallelMap((spans.count + Self.share - 1) / Self.share, threads: threads) { i in
      spans[i * Self.share..<min(spans.count, (i + 1) * Self.share)].reduce(0.0) { sum, span in
        sum + body(span.row * width + span.columns.lowerBound, span.columns.count)
      }
    }.reduce(0, +)
  }
}
