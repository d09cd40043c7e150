/// One decoded picture, or slice of a volume: samples of every plane, and its time.
public struct Frame: Sendable {
  public var format: FrameFormat
  /// Samples by plane, row by row without padding: `planes[p][y * format.planes[p].width + x]`.
  public var planes: [SamplePlane]
  /// Of a volume's slices, in the place of `planes`, whose arrays are empty: values by plane in the same order, full
  /// scale = 1.
  public var values: [[Float]] = []
  /// Position in the sequence, from 0, in presentation order.
  public var index: Int
  /// Presentation time in seconds; nil if the source has none.
  public var time: Double?
  /// Whether a scene begins here even if the picture looks like the one before.
  public var startsScene = false
  /// What the reader hands to the writer through all others (time stamps, side data).
  public var attachment: (any Sendable)?

  public init(
    format: FrameFormat, planes: [SamplePlane], index: Int, time: Double? = nil,
    attachment: (any Sendable)? = nil
  ) {
    precondition(
      planes.count == format.planes.count, "a frame needs a plane of samples for each of its format")
    self.format = format
    self.planes = planes
    self.index = index
    self.time = time
    self.attachment = attachment
  }

  /// - Parameter planes: samples with 16 bits; they are kept with 8 where those are enough.
  public init(
    format: FrameFormat, planes: [[UInt16]], index: Int, time: Double? = nil,
    attachment: (any Sendable)? = nil
  ) {
    self.init(
      format: format, planes: planes.map { SamplePlane($0, bitDepth: format.bitDepth) }, index: index,
      time: time, attachment: attachment)
  }

  /// A slice of a volume.
  public init(format: FrameFormat, values: [[Float]], index: Int) {
    precondition(values.count == format.planes.count, "a frame needs values for each plane of its format")
    self.init(format: format, planes: format.planes.map { _ in SamplePlane.words([]) }, index: index)
    self.values = values
  }

  /// A frame with every sample at `value`.
  public init(format: FrameFormat, filledWith value: UInt16 = 0, index: Int = 0) {
    self.init(
      format: format,
      planes: format.planes.map {
        SamplePlane(repeating: value, count: $0.count, bitDepth: format.bitDepth)
      }, index: index)
  }
}
