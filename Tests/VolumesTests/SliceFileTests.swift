import Foundation
import TestSupport
import Testing

@testable import Volumes

/// Slices that are read without the others.
@Suite struct SliceFileTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Slices of all volumes, compared with those of the whole file.
  private func compare(_ path: String) throws {
    let whole = try VolumeFile(path: path).volume
    let file = try #require(try SliceFile(path: path))
    #expect(file.shape == whole.shape && file.spacing == whole.spacing)
    var (found, wanted): ([Double], [Double]) = ([], [])
    for number in 0..<whole.shape.volumes {
      for slices in [0..<1, 1..<3, 2..<whole.shape.z, 0..<whole.shape.z] {
        let part = try #require(try file.volume(ofSlices: slices, ofVolume: number))
        for slice in slices {
          part.read(.init(.z, slice - slices.lowerBound), into: &found)
          whole.read(.init(.z, slice, ofVolume: number), into: &wanted)
          #expect(found == wanted)
        }
      }
    }
    #expect(try file.volume(ofSlices: 1..<whole.shape.z + 1) == nil)
    #expect(try file.volume(ofSlices: 0..<1, ofVolume: whole.shape.volumes) == nil)
    #expect(try file.volume(ofSlices: 1..<1) == nil)
  }

  @Test(arguments: [false, true], [[5, 4, 3], [5, 4, 3, 2]])
  func slicesOfNIfTI(isBigEndian: Bool, sizes: [Int]) throws {
    var fixture = NIfTIFixture(
      isVersion2: isBigEndian, isBigEndian: isBigEndian, sizes: sizes, slope: 0.5, intercept: -3,
      extensions: Array(repeating: 7, count: 32))
    fixture.countUp()
    fixture.tail = [1, 2, 3]
    try compare(folder.write(fixture.file(), to: "a.nii"))
  }

  @Test func slicesOfNumPy() throws {
    try compare(folder.writeVolume("a.npy", shape: (4, 3, 6)) { Float($0 * 100 + $1 * 10 + $2) })
  }

  @Test func othersAreReadWhole() throws {
    var fixture = NIfTIFixture()
    fixture.countUp()
    // Cut short.
    let bytes = fixture.file()
    #expect(try SliceFile(path: folder.write(Array(bytes.dropLast()), to: "cut.nii")) == nil)
    // Compressed, whatever its name says.
    var packed: [UInt8] = []
    let path = try folder.write(bytes, to: "a.nii")
    try VolumeFile(path: path).write(to: "a.nii.gz") { packed += [UInt8]($0) }
    #expect(try SliceFile(path: folder.write(packed, to: "b.nii.gz")) == nil)
    #expect(try SliceFile(path: folder.write(packed, to: "b.nii")) == nil)
    // Rows that lie the other way.
    let header = NumPyHeader.bytes(element: "<f4", isFortran: true, shape: [2, 3, 4])
    #expect(
      try SliceFile(path: folder.write(header + Array(repeating: 0, count: 96), to: "f.npy")) == nil)
    // A file that becomes shorter while it is worked on.
    let file = try #require(try SliceFile(path: path))
    _ = try folder.write(Array(bytes.dropLast(10)), to: "a.nii")
    #expect(throws: VolumeError.self) { try file.volume(ofSlices: 0..<3) }
  }
}
