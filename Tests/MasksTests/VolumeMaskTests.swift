import Foundation
import Masks
import TestSupport
import Testing
import Volumes

@Suite struct VolumeMaskTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func volume(_ type: VoxelType = .int16, volumes: Int = 1) throws -> Volume {
    let shape = try #require(VolumeShape(x: 5, y: 4, z: 6, volumes: volumes))
    return Volume(shape: shape, type: type)
  }

  private func mask(
    _ volume: Volume, _ change: (inout MaskOptions, inout VolumeMaskOptions) throws -> Void
  ) throws -> VolumeMask {
    var (options, volumeOptions) = (MaskOptions(), VolumeMaskOptions())
    try change(&options, &volumeOptions)
    return try VolumeMask(options: options, volumeOptions: volumeOptions, volume: volume, name: "scan")
  }

  private func places(_ mask: [UInt8]) -> [Int] { mask.indices.filter { mask[$0] != 0 } }

  @Test func slicesAndBoxesAreUnited() throws {
    let found = try mask(try volume()) {
      $1.slices = try SliceRange.list(parsing: "1,3-4")
      $1.boxes = [try VoxelBox(parsing: "1,2,0,2,1,1")]
    }.missing(ofVolume: 0)
    #expect(places(found) == [11, 12] + Array(20..<40) + Array(60..<100))
    let across = try mask(try volume()) {
      $1.axis = "x"
      $1.slices = [SliceRange(first: 4, last: nil)]
    }.missing(ofVolume: 0)
    #expect(places(across) == (0..<24).map { (i: Int) -> Int in i * 5 + 4 })
  }

  @Test func whatDoesNotFitIsSaid() throws {
    let scan = try volume()
    let beyond = #expect(throws: MaskError.self) {
      try mask(scan) { $1.slices = [SliceRange(first: 3, last: 6)] }
    }
    #expect(beyond?.message.contains("6 slices along z") == true)
    #expect(throws: MaskError.self) {
      try mask(scan) { $1.boxes = [VoxelBox(origin: [5, 0, 0], size: [1, 1, 1])] }
    }
    let silent = #expect(throws: MaskError.self) { try mask(scan) { _, _ in } }
    #expect(silent?.message.contains("--missing-slices") == true)
    let video = #expect(throws: MaskError.self) {
      try mask(scan) { options, _ in options.rectangles = [MaskRectangle(x: 0, y: 0, width: 1, height: 1)] }
    }
    #expect(video?.message.contains("--mask-box") == true)
    for (name, change) in [
      ("--keep-rect", { $0.keptRectangles = [MaskRectangle(x: 0, y: 0, width: 1, height: 1)] }),
      ("--keep-mask", { $0.keptFile = "kept.png" }),
      ("--mask-track", { $0.tracks = [TrackKey(file: "drawn.png", moment: .frame(0))] }),
      ("--mask-within", { $0.valuePlaces = [MaskRectangle(x: 0, y: 0, width: 1, height: 1)] }),
    ] as [(String, (inout MaskOptions) -> Void)] {
      let refused = #expect(throws: MaskError.self) { try mask(scan) { options, _ in change(&options) } }
      #expect(refused?.message.hasPrefix("\(name) is of videos") == true)
    }
    for text in ["4-2", "a", "1-2-3", "", "-", "99999999999999999999"] {
      #expect(throws: MaskError.self, "\(text)") { try SliceRange.list(parsing: text) }
    }
    for text in ["1,2,3", "1,2,3,4,5,x", "0,0,0,1,0,1", "9999999999,0,0,1,1,1"] {
      #expect(throws: MaskError.self, "\(text)") { try VoxelBox(parsing: text) }
    }
  }

  @Test func valuesAndWhatIsNoNumberAreMissing() throws {
    var scan = try volume(.float32)
    var values = (0..<20).map { Double($0) }
    values[3] = .nan
    values[4] = -.infinity
    scan.write(.init(.z, 2), values, where: Array(repeating: 1, count: 20))
    let plain = try mask(scan) { _, _ in }.missing(ofVolume: 0)
    #expect(places(plain) == [43, 44])
    let marked = try mask(scan) { $1.value = 7 }.missing(ofVolume: 0)
    #expect(places(marked) == [43, 44, 47])
    // Seven as it is meant, not as it is stored.
    (scan.slope, scan.intercept) = (0.1, 6)
    let scaled = try mask(scan) { $1.value = 7 }.missing(ofVolume: 0)
    #expect(places(scaled) == [43, 44, 50])
  }

  @Test func whatIsNoNumberMayStay() throws {
    let scan = try volume(.float32)
    var values = (0..<20).map { Double($0) }
    (values[3], values[4], values[12]) = (.nan, .infinity, .nan)
    scan.write(.init(.z, 2), values, where: Array(repeating: 1, count: 20))
    func box(_ options: inout VolumeMaskOptions) {
      options.boxes = [VoxelBox(origin: [2, 2, 2], size: [2, 1, 1])]
    }
    let filled = try mask(scan) { box(&$1) }
    #expect(places(filled.missing(ofVolume: 0)) == [43, 44, 52, 53] && filled.kept(ofVolume: 0).isEmpty)
    #expect(filled.warnings.count == 1 && filled.warnings[0].contains("2 voxels"))
    #expect(filled.warnings[0].contains("--keep-nan"))
    let kept = try mask(scan) {
      box(&$1)
      $1.keepsNaN = true
    }
    #expect(places(kept.missing(ofVolume: 0)) == [52, 53] && places(kept.kept(ofVolume: 0)) == [43, 44])
    #expect(kept.warnings.isEmpty)
    // What grows does not take away what is kept.
    let grown = try mask(scan) {
      $0.dilation = 1
      $1.value = 8
      $1.keepsNaN = true
    }
    let found = places(grown.missing(ofVolume: 0))
    #expect(found.contains(47) && found.contains(27) && found.contains(42) && !found.contains(43))
    #expect(places(grown.kept(ofVolume: 0)) == [43, 44, 52])
    let silent = #expect(throws: MaskError.self) { try mask(scan) { $1.keepsNaN = true } }
    #expect(silent?.message.contains("nothing says what is missing") == true)
  }

  @Test func whatIsNoNumberInAMaskIsSaid() throws {
    let scan = try volume(.int16)
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (6, 4, 5), }"
    while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
    let numbers: [Float] = (0..<120).map { $0 == 7 ? .nan : $0 == 9 ? 1 : 0 }
    let path = try folder.write(
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count + 1), 0] + Array((header + "\n").utf8)
        + numbers.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian) { Array($0) } }, to: "mask.npy")
    let found = try mask(scan) { options, _ in options.file = path }
    #expect(places(found.missing(ofVolume: 0)) == [7, 9])
    #expect(found.warnings.count == 1 && found.warnings[0].contains("1 voxel of the mask"))
  }

  @Test func masksGrowInAllDirections() throws {
    let scan = try volume()
    scan.write(.init(.z, 2), Array(repeating: 9, count: 20), where: (0..<20).map { $0 == 7 ? 1 : 0 })
    let found = try mask(scan) {
      $0.dilation = 1
      $1.value = 9
    }.missing(ofVolume: 0)
    var cube: [Int] = []
    for z in 1...3 { for y in 0...2 { cube += (1...3).map { z * 20 + y * 5 + $0 } } }
    #expect(places(found) == cube)
  }

  @Test func aMaskFileMustLieWhereTheVolumeLies() throws {
    var scan = try volume(volumes: 3)
    scan.affine = VolumeAffine(rows: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 3, 0])
    func write(_ sizes: [Int], origin: Float, to name: String) throws -> String {
      var header = [UInt8](repeating: 0, count: 352)
      func put<T: FixedWidthInteger>(_ value: T, _ at: Int) {
        withUnsafeBytes(of: value.littleEndian) { header.replaceSubrange(at..<at + $0.count, with: $0) }
      }
      put(Int32(348), 0)
      for (i, size) in ([sizes.count] + sizes).enumerated() { put(Int16(size), 40 + 2 * i) }
      put(Int16(2), 70)
      put(Float(352).bitPattern, 108)
      put(Int16(1), 254)
      for (i, value) in [Float(1), 0, 0, origin, 0, 1, 0, 0, 0, 0, 3, 0].enumerated() {
        put(value.bitPattern, 280 + 4 * i)
      }
      header.replaceSubrange(344..<347, with: Array("n+1".utf8))
      var voxels = [UInt8](repeating: 0, count: sizes.reduce(1, *))
      voxels[17] = 1
      return try folder.write(header + voxels, to: name)
    }
    let fitting = try write([5, 4, 6], origin: 0, to: "m.nii")
    for number in 0..<3 {
      #expect(
        places(try mask(scan) { options, _ in options.file = fitting }.missing(ofVolume: number)) == [17])
    }
    let turned = try mask(scan) { options, _ in
      options.file = fitting
      options.threshold.polarity = .blackIsMissing
    }.missing(ofVolume: 1)
    #expect(places(turned).count == 119)
    let elsewhere = try write([5, 4, 6], origin: 2, to: "e.nii")
    let error = #expect(throws: MaskError.self) { try mask(scan) { options, _ in options.file = elsewhere } }
    #expect(error?.message.contains("elsewhere in space") == true)
    let smaller = try write([5, 4, 5], origin: 0, to: "s.nii")
    let size = #expect(throws: MaskError.self) { try mask(scan) { options, _ in options.file = smaller } }
    #expect(size?.message.contains("5 x 4 x 5") == true && size?.message.contains("5 x 4 x 6") == true)
    let series = try write([5, 4, 6, 2], origin: 0, to: "t.nii")
    #expect(throws: MaskError.self) { try mask(scan) { options, _ in options.file = series } }
  }
}
