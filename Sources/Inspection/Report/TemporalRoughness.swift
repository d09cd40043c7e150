import Frames

/// Temporal roughness, a measure of flicker: the mean absolute difference of a sample from the mean of the frames before
/// and after, in steps of 8 bits. It is measured within the holes, and among the known samples around them, where it
/// comes from motion and noise only.
///
/// Keeps one plane of three frames.
public struct TemporalRoughness: Sendable {
  public struct Value: Sendable, Equatable {
    /// nil where nothing is missing, and for the first and last frame.
    public var hole: Double?
    /// nil where nothing around the hole is known.
    public var around: Double?

    public init(hole: Double? = nil, around: Double? = nil) { (self.hole, self.around) = (hole, around) }
  }

  /// Of all frames so far except the last one.
  public private(set) var values: [Value] = []

  /// How many samples around the box of all holes are surroundings.
  private static let margin = 16
  private var last: [(plane: SamplePlane, mask: FrameMask)] = []
  private let scale: Double

  public init(format: FrameFormat) { scale = 255 / Double(max(format.maximumValue, 1)) }

  /// Takes the next frame. Its first plane, which has the frame's size, is measured.
  public mutating func add(_ frame: Frame, mask: FrameMask) {
    guard let plane = frame.planes.first else { return }
    last.append((plane, mask))
    if last.count == 1 { values.append(Value()) }
    if last.count == 3 {
      values.append(roughness())
      last.removeFirst()
    }
  }

  /// Of each frame; call it once, after the last one.
  public mutating func finish() -> [Value] {
    if last.count == 2 { values.append(Value()) }
    last = []
    return values
  }

  private func roughness() -> Value {
    let mask = last[1].mask
    guard let box = Self.box(of: mask, margin: Self.margin) else { return Value() }
    var (hole, around) = ((sum: 0, count: 0), (sum: 0, count: 0))
    last[0].plane.withView { before in
      last[1].plane.withView { current in
        last[2].plane.withView { after in
          mask.missing.withUnsafeBufferPointer { missing in
            for y in box.rows {
              for x in box.columns {
                let i = y * mask.width + x
                // Twice the difference from the mean of the two neighbours.
                let twice = abs(2 * Int(current[i]) - Int(before[i]) - Int(after[i]))
                if missing[i] != 0 {
                  hole = (hole.sum + twice, hole.count + 1)
                } else {
                  around = (around.sum + twice, around.count + 1)
                }
              }
            }
          }
        }
      }
    }
    func mean(_ total: (sum: Int, count: Int)) -> Double? {
      total.count == 0 ? nil : Double(total.sum) / 2 / Double(total.count) * scale
    }
    return Value(hole: mean(hole), around: mean(around))
  }

  /// The rows and columns of the box around all holes, grown by `margin`; nil where nothing is missing.
  private static func box(of mask: FrameMask, margin: Int) -> (rows: Range<Int>, columns: Range<Int>)? {
    var (top, bottom, left, right) = (mask.height, -1, mask.width, -1)
    mask.missing.withUnsafeBufferPointer { missing in
      for i in missing.indices where missing[i] != 0 {
        let (y, x) = (i / mask.width, i % mask.width)
        top = min(top, y)
        bottom = y
        left = min(left, x)
        right = max(right, x)
      }
    }
    guard bottom >= 0 else { return nil }
    return (
      max(top - margin, 0)..<min(bottom + margin + 1, mask.height),
      max(left - margin, 0)..<min(right + margin + 1, mask.width)
    )
  }
}
