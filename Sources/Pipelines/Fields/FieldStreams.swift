import Frames
import Media
import Reconstruction

/// Has interlaced video solved field by field: what the solver reads, masks and writes are stacks of fields, what comes in
/// and goes out are frames.
///
/// From the first frame that is flagged as interlaced all are taken apart, whatever their flags: telecined video has both
/// kinds in turns, and a progressive frame loses nothing by it but some sharpness of what is filled in. Before it, frames
/// stay whole.
final class FieldStreams {
  private let source: any FrameSource
  private let masks: any MaskSource
  private let sink: any FrameSink
  /// nil where frames are left whole.
  private let stack: FieldStack?
  /// The first frame that was taken apart, and how many were flagged.
  private(set) var firstFrame: Int?
  private(set) var interlacedFrames = 0
  /// Samples that the solver took for missing and that are not.
  private(set) var givenBack = 0
  /// By frame, from when its mask is made until it is written: what to put back.
  private var known: [Int: [FieldStack.KnownSample]] = [:]

  /// - Parameter isEnabled: false leaves all frames whole.
  init(source: any FrameSource, masks: any MaskSource, sink: any FrameSink, isEnabled: Bool) {
    self.source = source
    self.masks = masks
    self.sink = sink
    stack = isEnabled ? FieldStack(format: source.format) : nil
  }

  /// The box of the frame that a box of the stack fills.
  func frameBox(_ box: Box, firstFrame first: Int) -> Box {
    guard stack != nil, let firstFrame, first >= firstFrame else { return box }
    let height = source.format.height
    let rows = [box.y, box.y + box.height - 1].map { $0 < height / 2 ? 2 * $0 : 2 * (height - 1 - $0) + 1 }
    let isOneField = (box.y < height / 2) == (box.y + box.height - 1 < height / 2)
    // Where the halves meet both end with the frame's last lines.
    let top = (rows.min() ?? 0) & ~1
    let bottom = isOneField ? (rows.max() ?? 0) | 1 : height - 1
    return Box(x: box.x, y: top, width: box.width, height: bottom - top + 1)
  }

  /// Makes a summary of stacks one of frames.
  func correct(_ summary: inout RestorationSummary) {
    summary.missingSamples -= givenBack
    for i in summary.windows.indices {
      summary.windows[i].box = frameBox(summary.windows[i].box, firstFrame: summary.windows[i].firstFrame)
    }
  }

  private func isStacked(_ index: Int) -> Bool { firstFrame.map { index >= $0 } ?? false }
}

extension FieldStreams: FrameSource {
  var format: FrameFormat { source.format }

  func nextFrame() throws -> Frame? {
    guard var frame = try source.nextFrame() else { return nil }
    let isInterlaced = (frame.attachment as? DecodedPicture)?.isInterlaced ?? false
    if isInterlaced { interlacedFrames += 1 }
    guard let stack else { return frame }
    if isInterlaced && firstFrame == nil {
      firstFrame = frame.index
      frame.startsScene = true
    }
    return isStacked(frame.index) ? stack.stacked(frame) : frame
  }
}

extension FieldStreams: MaskSource {
  func mask(for frame: Frame) throws -> FrameMask {
    guard let stack, isStacked(frame.index) else { return try masks.mask(for: frame) }
    let whole = stack.woven(frame)
    let mask = try masks.mask(for: whole)
    let stackedMask = stack.stacked(mask)
    let samples = stack.known(whole, mask: mask, stackedMask: stackedMask)
    if !samples.isEmpty { known[frame.index] = samples }
    givenBack += samples.count
    return stackedMask
  }
}

extension FieldStreams: FrameSink {
  func write(_ frame: Frame) throws {
    guard let stack, isStacked(frame.index) else { return try sink.write(frame) }
    var whole = stack.woven(frame)
    if let samples = known.removeValue(forKey: frame.index) { FieldStack.put(samples, into: &whole) }
    try sink.write(whole)
  }
}
