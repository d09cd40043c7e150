internal import CFFmpeg

/// Side data: what a stream or a picture carries beside its samples, in FFmpeg's structures.
extension StreamPointer {
  /// The bytes of a kind of side data; nil where there are none.
  func sideData(_ type: AVPacketSideDataType) -> UnsafeBufferPointer<UInt8>? {
    var size = 0
    let data = inrr_stream_side_data(self, type, &size)
    return data.map { UnsafeBufferPointer(start: $0, count: size) }
  }

  /// The kinds of side data, in their order.
  var sideDataTypes: [AVPacketSideDataType] {
    sequence(state: Int32(0)) { index -> AVPacketSideDataType? in
      let type = inrr_stream_side_data_type(self, index)
      index += 1
      return type < 0 ? nil : AVPacketSideDataType(rawValue: UInt32(type))
    }.map { $0 }
  }

  /// Adds a copy of some side data.
  ///
  /// - Throws: `MediaError.cannotWrite`, its sentence beginning with `path`.
  func add(_ type: AVPacketSideDataType, _ data: UnsafeBufferPointer<UInt8>, path: String) throws {
    guard let start = data.baseAddress, !data.isEmpty else { return }
    let code = inrr_stream_add_side_data(self, type, start, data.count)
    try MediaError.check(code, .cannotWrite, "\(path): cannot keep the video's side data")
  }
}

extension PicturePointer {
  /// The bytes of a kind of side data; nil where there are none.
  func sideData(_ type: AVFrameSideDataType) -> UnsafeBufferPointer<UInt8>? {
    av_frame_get_side_data(self, type).flatMap { data in
      data.pointee.size > 0 ? UnsafeBufferPointer(start: data.pointee.data, count: data.pointee.size) : nil
    }
  }

  /// All side data, in its order.
  var allSideData: [AVFrameSideData] {
    (0..<Int(Swift.max(0, pointee.nb_side_data))).compactMap { pointee.side_data?[$0]?.pointee }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The beginning as one of FFmpeg's structures; nil where there are too few bytes.
  func load<Value: BitwiseCopyable>(as type: Value.Type) -> Value? {
    count >= MemoryLayout<Value>.size ? UnsafeRawBufferPointer(self).loadUnaligned(as: type) : nil
  }
}
