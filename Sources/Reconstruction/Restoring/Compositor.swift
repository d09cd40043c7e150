import Frames

/// Puts what was solved into frames, their missing samples and nothing else, and hands finished frames on in order.
struct Compositor {
  private let stream: any MaskedStream
  private(set) var framesWritten = 0
  /// The last frame that was handed on, restored.
  private(set) var last: Frame?

  init(_ stream: any MaskedStream) { self.stream = stream }

  /// Keeps a solution with the frames of its window.
  ///
  /// - Parameters:
  ///   - values: see `UnitSolution.values`.
  ///   - masks: which samples of each frame they are for, within the box.
  func add(_ values: [[[Float]]], at box: Box, masks: [FrameMask], of window: Window) {
    for (t, frame) in window.frames.enumerated() where values[t].contains(where: { !$0.isEmpty }) {
      frame.patches.append(
        Patch(box: box, mask: masks[t], values: values[t], weight: window.weight(of: t)))
    }
  }

  /// Writes the frames that no later window has.
  mutating func write(_ window: Window) throws {
    for pending in window.frames[..<window.finished] {
      pending.composite()
      try stream.write(pending.frame)
      framesWritten += 1
      last = pending.frame
    }
  }
}

/// A frame that waits for its windows to be solved.
final class PendingFrame {
  var frame: Frame
  let mask: FrameMask
  let signature: FrameSignature
  var patches: [Patch] = []

  init(_ next: MaskedFrame) {
    (frame, mask) = (next.frame, next.mask)
    signature = FrameSignature(frame, mask: mask)
  }

  /// Writes the blend of all patches over the missing samples; every other sample stays as it is.
  func composite() {
    if patches.isEmpty { return }
    let (format, isOfValues) = (frame.format, !frame.values.isEmpty)
    let full = Float(format.maximumValue)
    func level(_ value: Float) -> Float { max(0, min(full, (value * full).rounded())) }
    for p in format.planes.indices {
      if isOfValues {
        composite(p, of: format, into: &frame.values[p]) { max(0, min(1, $0)) }
        continue
      }
      let plane = frame.planes[p]
      // Let go of by the frame while it is changed, or it would be copied.
      frame.planes[p] = .bytes([])
      switch plane {
      case .bytes(var samples):
        composite(p, of: format, into: &samples) { UInt8(level($0)) }
        frame.planes[p] = .bytes(samples)
      case .words(var samples):
        composite(p, of: format, into: &samples) { UInt16(level($0)) }
        frame.planes[p] = .words(samples)
      }
    }
    patches = []
  }

  /// - Parameter sample: what is written for a value, full scale = 1.
  private func composite<Sample>(
    _ p: Int, of format: FrameFormat, into samples: inout [Sample], _ sample: (Float) -> Sample
  ) {
    let plane = format.planes[p]
    var parts = patches.map { PlanePatch($0, plane: p, of: format) }
    var sums = [Float](repeating: 0, count: plane.width)
    var weights = sums
    var touched: [Int] = []
    samples.withUnsafeMutableBufferPointer { samples in
      for y in 0..<plane.height {
        for i in parts.indices {
          parts[i].forEach(row: y) { x, value, weight in
            if weights[x] == 0 { touched.append(x) }
            sums[x] += weight * value
            weights[x] += weight
          }
        }
        for x in touched {
          samples[y * plane.width + x] = sample(sums[x] / weights[x])
          (sums[x], weights[x]) = (0, 0)
        }
        touched.removeAll(keepingCapacity: true)
      }
    }
  }
}
