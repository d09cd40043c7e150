import Foundation
import Volumes

/// A mask file for a volume: a volume that is not 0 where voxels are missing.
struct VolumeMaskFile {
  private let mask: Volume
  private let isKnownWhereSet: Bool
  /// A warning about the mask.
  private(set) var warning: String?

  /// - Parameters:
  ///   - pages: what the pages of a stack are; ignored where the file's number of pages does not fit.
  ///   - isKnownWhereSet: whether voxels that are not 0 are known instead of missing.
  /// - Throws: `MaskError`, for a mask that does not fit the volume as well.
  init(path: String, pages: PageOrder?, isKnownWhereSet: Bool, volume: Volume, name: String) throws {
    do {
      // A mask may be one volume for all of a series: it has fewer pages, which `pages` does not fit.
      mask = try (pages.flatMap { try? VolumeFile(path: path, pages: $0) } ?? VolumeFile(path: path)).volume
    } catch let error as VolumeError {
      throw MaskError(error.kind == .mismatch ? .options : .unreadable, "the mask: \(error.description)")
    }
    self.isKnownWhereSet = isKnownWhereSet
    guard mask.shape.hasSize(of: volume.shape) else {
      throw MaskError(
        .mismatch,
        "the mask \(path) has \(mask.shape.text) voxels but \(name) has \(volume.shape.text): give a mask of the same size"
      )
    }
    guard mask.shape.volumes == 1 || mask.shape.volumes == volume.shape.volumes else {
      throw MaskError(
        .mismatch,
        "the mask \(path) has \(mask.shape.volumes) volumes but \(name) has \(volume.shape.volumes): give one for all, or one for each"
      )
    }
    if let a = mask.affine, let b = volume.affine, !a.agrees(with: b, shape: volume.shape) {
      throw MaskError(
        .mismatch,
        "the mask \(path) lies elsewhere in space than \(name): its affine is \(Self.text(a)), not \(Self.text(b)); "
          + "resample the mask to the volume")
    }
    warning = warningOfNaN(path)
  }

  private func warningOfNaN(_ path: String) -> String? {
    guard mask.type.isFloat else { return nil }
    var (count, values): (Int, [Double]) = (0, [])
    for number in 0..<mask.shape.volumes {
      for z in 0..<mask.shape.z {
        mask.read(.init(.z, z, ofVolume: number), into: &values)
        count += values.reduce(0) { $0 + ($1.isNaN ? 1 : 0) }
      }
    }
    if count == 0 { return nil }
    return
      "\(count) voxel\(count == 1 ? "" : "s") of the mask \(path) \(count == 1 ? "is" : "are") NaN, which is not 0: "
      + "\(count == 1 ? "it counts" : "they count") as \(isKnownWhereSet ? "known" : "missing"); save 0 there if that is "
      + "not meant"
  }

  func missing(ofVolume number: Int) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: mask.shape.voxels)
    let area = mask.shape.x * mask.shape.y
    var values: [Double] = []
    for z in 0..<mask.shape.z {
      mask.read(.init(.z, z, ofVolume: mask.shape.volumes == 1 ? 0 : number), into: &values)
      for i in 0..<area where (values[i] != 0) != isKnownWhereSet { result[z * area + i] = 1 }
    }
    return result
  }

  private static func text(_ affine: VolumeAffine) -> String {
    let rows = stride(from: 0, to: 12, by: 4).map { row in
      affine.rows[row..<row + 4].map { String(format: "%.4g", $0) }.joined(separator: " ")
    }
    return "[" + rows.joined(separator: "; ") + "]"
  }
}
