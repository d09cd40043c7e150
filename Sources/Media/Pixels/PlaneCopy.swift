internal import CFFmpeg
import Frames

/// Samples between FFmpeg's pictures and the planes of a `Frame`, each value exactly as it is.
extension PixelLayout {
  /// The samples of a picture of this layout. The picture must have the size of `format`.
  func readPlanes(of picture: PicturePointer, format: FrameFormat) -> [SamplePlane] {
    zip(components, format.planes).map { component, plane in
      let (width, height) = (Int32(plane.width), Int32(plane.height))
      if format.bitDepth > 8 {
        return .words(
          PixelLayout.memory(plane.count, of: picture, plane: component.plane) { to, from, stride in
            inrr_read_words(to, width, height, from + component.offset, stride, component.samples)
          })
      }
      return .bytes(
        PixelLayout.memory(plane.count, of: picture, plane: component.plane) { to, from, stride in
          inrr_read_bytes(to, width, height, from + component.offset, stride, component.samples)
        })
    }
  }

  /// Reads samples out of a plane of a picture's memory; zeros where the picture has none.
  static func memory<Sample: FixedWidthInteger>(
    _ count: Int, of picture: PicturePointer, plane: Int32,
    _ read: (_ to: UnsafeMutablePointer<Sample>, _ from: UnsafePointer<UInt8>, _ stride: Int) -> Void
  ) -> [Sample] {
    [Sample](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = count
      if let to = buffer.baseAddress, let from = inrr_plane(picture, plane) {
        read(to, from, inrr_stride(picture, plane))
      } else {
        buffer.initialize(repeating: 0)
      }
    }
  }

  /// Writes the samples of a frame into a picture of this layout and the same size.
  func write(_ frame: Frame, to picture: PicturePointer) {
    clearPadding(of: picture)
    for (index, component) in components.enumerated() {
      let plane = frame.format.planes[index]
      guard frame.planes[index].count == plane.count, let memory = inrr_plane(picture, component.plane)
      else { continue }
      let (to, stride) = (memory + component.offset, inrr_stride(picture, component.plane))
      let (width, height) = (Int32(plane.width), Int32(plane.height))
      switch frame.planes[index] {
      case .bytes(let samples): inrr_write_bytes(to, stride, samples, width, height, component.samples)
      case .words(let samples): inrr_write_words(to, stride, samples, width, height, component.samples)
      }
    }
  }

  /// Sets to zero the planes of memory in which not every bit belongs to a component.
  private func clearPadding(of picture: PicturePointer) {
    for plane in Set(components.map(\.plane)) {
      let inside = components.filter { $0.plane == plane }
      let isAlone = inside.count == 1 && Int(inside[0].samples.step) == Int(inside[0].samples.bytes)
      if isAlone && inside[0].samples.shift == 0 { continue }
      let shift = inside.allSatisfy { $0.role.isChroma } ? chromaVerticalShift : 0
      let rows = (Int(picture.pointee.height) + (1 << shift) - 1) >> shift
      let stride = inrr_stride(picture, plane)
      guard stride > 0, let memory = inrr_plane(picture, plane) else { continue }
      memset(memory, 0, stride * rows)
    }
  }
}
