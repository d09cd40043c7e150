import Foundation
import TestSupport
import Testing

@testable import Volumes

/// Volumes on finer grids.
@Suite struct RefinementTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func refined(_ file: VolumeFile, _ x: Int, _ y: Int, _ z: Int) throws -> VolumeFile {
    try file.refined(by: try #require(GridRefinement(x: x, y: y, z: z)), memory: 1 << 30)
  }

  /// Writes a file as the tool does, and reads it again.
  private func written(_ file: VolumeFile, as name: String) throws -> VolumeFile {
    var bytes = Data()
    try file.write(to: name) { bytes += $0 }
    return try VolumeFile(path: try folder.write([UInt8](bytes), to: name))
  }

  private func values(_ volume: Volume, _ slice: Volume.Slice) -> [Double] {
    var values: [Double] = []
    volume.read(slice, into: &values)
    return values
  }

  private func expectKnownVoxels(of file: VolumeFile, in finer: VolumeFile, _ factors: [Int]) {
    let shape = file.volume.shape
    for number in 0..<shape.volumes {
      for z in 0..<shape.z {
        let before = values(file.volume, .init(.z, z, ofVolume: number))
        let after = values(finer.volume, .init(.z, z * factors[2], ofVolume: number))
        for i in before.indices {
          let (x, y) = (i % shape.x * factors[0], i / shape.x * factors[1])
          #expect(after[y * finer.volume.shape.x + x] == before[i])
        }
      }
    }
  }

  @Test func factorsBringVoxelsClosestToCubes() throws {
    let deep = try #require(VolumeShape(x: 9, y: 9, z: 9))
    let flat = try #require(VolumeShape(x: 9, y: 9, z: 1))
    func factors(_ x: Double, _ y: Double, _ z: Double, isFlat: Bool = false) -> [Int] {
      GridRefinement(isotropic: VoxelSpacing(x: x, y: y, z: z), shape: isFlat ? flat : deep).factors
    }
    #expect(factors(1, 1, 3) == [1, 1, 3])
    #expect(factors(2, 1, 1) == [2, 1, 1])
    #expect(factors(0.9, 0.9, 1.2) == [1, 1, 1])
    #expect(factors(1, 1, 1.45) == [1, 1, 2])
    #expect(factors(1, 1, 2.4) == [1, 1, 2])
    #expect(factors(1, 1, 2.5) == [1, 1, 3])
    // An axis of one voxel has nothing between, and its thickness is nobody's measure.
    #expect(factors(1, 1, 0.1, isFlat: true) == [1, 1, 1])
    #expect(factors(1, 1, 90) == [1, 1, 64])
    #expect(GridRefinement(x: 0, y: 1, z: 1) == nil && GridRefinement(x: 1, y: 1, z: 65) == nil)
  }

  @Test func axesBecomeFinerOneAfterTheOther() throws {
    let whole = try #require(GridRefinement(x: 2, y: 1, z: 3))
    #expect(whole.steps.map(\.factors) == [[1, 1, 3], [2, 1, 1]])
    #expect(whole.steps[0].followed(by: whole.steps[1]) == whole)
    #expect(GridRefinement(x: 64, y: 1, z: 1).flatMap { $0.followed(by: whole) } == nil)
  }

  @Test func masksSpreadWithEveryNewVoxelMissing() throws {
    let shape = try #require(VolumeShape(x: 2, y: 1, z: 2))
    let refinement = try #require(GridRefinement(x: 2, y: 1, z: 1))
    let finer = try #require(refinement.refined(shape))
    #expect(finer == VolumeShape(x: 3, y: 1, z: 2))
    #expect(refinement.spread([0, 1, 0, 0], from: shape, to: finer) == [0, 1, 1, 0, 1, 0])
  }

  @Test(arguments: [false, true], [false, true])
  func bothOrientationsOfNIfTIFollowAndAllElseStays(isVersion2: Bool, isBigEndian: Bool) throws {
    var fixture = NIfTIFixture()
    (fixture.isVersion2, fixture.isBigEndian) = (isVersion2, isBigEndian)
    fixture.sizes = [5, 4, 3, 2]
    fixture.spacing = [1, 1, 3]
    fixture.extensions = Array(repeating: 7, count: 32)
    fixture.tail = [1, 2, 3]
    fixture.countUp()
    let bytes = fixture.file()
    let file = try VolumeFile(path: try folder.write(bytes, to: "a.nii"))
    let finer = try written(refined(file, 2, 1, 3), as: "b.nii")
    #expect(finer.volume.shape == VolumeShape(x: 9, y: 4, z: 7, volumes: 2))
    #expect(finer.volume.spacing == VoxelSpacing(x: 0.5, y: 1, z: 1))
    let (before, after) = (try #require(file.volume.affine), try #require(finer.volume.affine))
    for row in 0..<3 {
      for (axis, factor) in [2.0, 1, 3, 1].enumerated() {
        #expect(abs(after.rows[row * 4 + axis] * factor - before.rows[row * 4 + axis]) < 1e-6)
      }
    }
    expectKnownVoxels(of: file, in: finer, [2, 1, 3])
    let written = [UInt8](try Data(contentsOf: URL(fileURLWithPath: finer.path)))
    // Sizes, distances and rows of the sform: nothing else.
    let changed: [Range<Int>] =
      isVersion2 ? [24..<48, 112..<136, 400..<496] : [42..<48, 80..<92, 280..<328]
    for k in 0..<fixture.voxelOffset where !changed.contains(where: { $0.contains(k) }) {
      #expect(written[k] == bytes[k])
    }
    #expect(written.suffix(3) == [1, 2, 3])
  }

  @Test func timesOfSlicesThatAreNotThereAnyMoreAreCleared() throws {
    var fixture = NIfTIFixture()
    fixture.countUp()
    var bytes = fixture.file()
    // Slices are along z; the last is 2, taken in order.
    (bytes[39], bytes[120], bytes[122]) = (3 << 4, 2, 1)
    let file = try VolumeFile(path: try folder.write(bytes, to: "a.nii"))
    let along = try refined(file, 1, 1, 2).volume.buffer.bytes(0..<348)
    #expect(along[39] == 3 << 4 && along[120] == 0 && along[122] == 0)
    let across = try refined(file, 2, 1, 1).volume.buffer.bytes(0..<348)
    #expect(across[120] == 2 && across[122] == 1)
  }

  @Test(arguments: [false, true], ["<i2", ">f4", "|u1"])
  func numPyKeepsTypeAndOrder(isFortran: Bool, descr: String) throws {
    var head = "{'descr': '\(descr)', 'fortran_order': \(isFortran ? "True" : "False"), 'shape': (3, 4, 5), }"
    while (10 + head.utf8.count + 1) % 64 != 0 { head += " " }
    let size = Int(descr.suffix(1)) ?? 1
    let bytes =
      NumPyHeader.magic + [1, 0, UInt8(head.utf8.count + 1), 0] + Array((head + "\n").utf8)
      + (0..<60 * size).map { UInt8($0 % 100) }
    let file = try VolumeFile(path: try folder.write(bytes, to: "a.npy"))
    let finer = try written(refined(file, 1, 3, 2), as: "b.npy")
    #expect(finer.volume.shape == VolumeShape(x: 5, y: 10, z: 5) && finer.volume.type == file.volume.type)
    #expect(finer.volume.isBigEndian == file.volume.isBigEndian || size == 1)
    expectKnownVoxels(of: file, in: finer, [1, 3, 2])
  }

  @Test func whatWouldBeTooLargeIsRefused() throws {
    var fixture = NIfTIFixture()
    fixture.sizes = [5, 4, 1]
    fixture.countUp()
    let file = try VolumeFile(path: try folder.write(fixture.file(), to: "a.nii"))
    let flat = #expect(throws: VolumeError.self) { try refined(file, 1, 1, 2) }
    #expect(flat?.kind == .mismatch && flat?.description.contains("one voxel along z") == true)
    let factor = try #require(GridRefinement(x: 64, y: 64, z: 1))
    let large = #expect(throws: VolumeError.self) { try file.refined(by: factor, memory: 1000) }
    #expect(large?.kind == .mismatch && large?.description.contains("257 x 193 x 1 voxels take") == true)
    fixture.sizes = [600, 1, 2]
    fixture.countUp()
    let long = try VolumeFile(path: try folder.write(fixture.file(), to: "b.nii"))
    let error = #expect(throws: VolumeError.self) { try refined(long, 64, 1, 1) }
    #expect(error?.kind == .mismatch && error?.description.contains("NIfTI-1") == true)
  }

  @Test func descriptionsOfStacksFollow() throws {
    let shape = try #require(VolumeShape(x: 4, y: 3, z: 7, volumes: 2))
    let refinement = try #require(GridRefinement(x: 1, y: 1, z: 3))
    let imageJ = TIFFMetadata.refined(
      "ImageJ=1.53\nimages=6\nslices=3\nchannels=2\nspacing=0.3\nunit=mm\n", to: shape, by: refinement)
    #expect(imageJ.contains("images=14\nslices=7\nchannels=2\nspacing=0.") && imageJ.hasSuffix("unit=mm\n"))
    let ome = TIFFMetadata.refined(
      "<OME><Pixels SizeX=\"4\" SizeZ=\"3\" PhysicalSizeZ=\"3.0\"><TiffData IFD=\"0\"/>"
        + "<TiffData IFD=\"1\"><UUID>a</UUID></TiffData><Plane TheZ=\"0\"/></Pixels></OME>",
      to: shape, by: refinement)
    #expect(
      ome == "<OME><Pixels SizeX=\"4\" SizeZ=\"7\" PhysicalSizeZ=\"1.0\"><TiffData/></Pixels></OME>")
    #expect(TIFFMetadata.refined("by hand", to: shape, by: refinement) == "by hand")
  }
}
