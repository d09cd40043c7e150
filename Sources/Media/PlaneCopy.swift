internal import CFFmpeg
import Frames

/// Samples between FFmpeg's pictures and the planes of a `Frame`, each value exactly as it is.
extension PixelLayout {
  /// The samples of a picture of this layout. The picture must have the size of `format`.
  func readPlanes(of picture: UnsafePointer<AVFrame>, format: FrameFormat) -> [[UInt16]] {
    zip(components, format.planes).map { component, plane in
      [UInt16](unsafeUninitializedCapacity: plane.count) { buffer, count in
        count = plane.count
        guard let to = buffer.baseAddress, let from = inrr_plane(picture, component.plane) else {
          buffer.initialize(repeating: 0)
          return
        }
        inrr_read_samples(
          to, Int32(plane.width), Int32(plane.height), from + component.offset,
          inrr_stride(picture, component.plane), component.samples)
      }
    }
  }

  /// Writes the samples of a frame into a picture of this layout and the same size.
  func write(_ frame: Frame, to picture: UnsafeMutablePointer<AVFrame>) {
    clearPadding(of: picture)
    for (index, component) in components.enumerated() {
      let plane = frame.format.planes[index]
      frame.planes[index].withUnsafeBufferPointer { samples in
        guard samples.count == plane.count, let from = samples.baseAddress,
          let to = inrr_plane(picture, component.plane)
        else { return }
        inrr_write_samples(
          to + component.offset, inrr_stride(picture, component.plane), from, Int32(plane.width),
          Int32(plane.height), component.samples)
      }
    }
  }

  /// Sets to zero the planes of memory in which not every bit belongs to a component.
  private func clearPadding(of picture: UnsafeMutablePointer<AVFrame>) {
    for plane in Set(components.map(\.plane)) {
      let inside = components.filter { $0.plane == plane }
      let isAlone = inside.count == 1 && Int(inside[0].samples.step) == Int(inside[0].samples.bytes)
      let isChroma = inside.allSatisfy { $0.role.isChroma }
      if isAlone && inside[0].samples.shift == 0 { continue }
      let rows = Int(picture.pointee.height)
      let shift = isChroma ? chromaVerticalShift : 0
      let stride = inrr_stride(picture, plane)
      guard stride > 0, let memory = inrr_plane(picture, plane) else { continue }
      memset(memory, 0, stride * ((rows + (1 << shift) - 1) >> shift))
    }
  }
}
