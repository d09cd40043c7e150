import Foundation
import TestSupport
import Testing

@testable import Volumes

@Suite struct NIfTITests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func restored(_ file: VolumeFile, to name: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try file.write(to: name) { bytes += $0 }
    return bytes
  }

  @Test(arguments: [(false, false), (false, true), (true, false), (true, true)])
  func onlyMissingVoxelsChange(isVersion2: Bool, isBigEndian: Bool) throws {
    var fixture = NIfTIFixture(isVersion2: isVersion2, isBigEndian: isBigEndian)
    fixture.extensions = Array(repeating: 7, count: 32)
    fixture.tail = [1, 2, 3]
    fixture.countUp()
    let before = fixture.file()
    let file = try VolumeFile(path: try folder.write(before, to: "a.nii"))
    #expect(file.volume.shape == VolumeShape(x: 5, y: 4, z: 3) && file.volume.type == .int16)
    #expect(file.volume.spacing == VoxelSpacing(x: 1, y: 1, z: 3))
    var values: [Double] = []
    file.volume.read(.init(.z, 1), into: &values)
    #expect(values == (0..<20).map { Double($0) })
    file.volume.read(.init(.x, 2), into: &values)
    let column: [Double] = (0..<12).map { (i: Int) -> Double in Double(i * 5 - 18) }
    #expect(values == column)
    var chosen = [UInt8](repeating: 0, count: 20)
    chosen[7] = 1
    file.volume.write(.init(.z, 1), Array(repeating: 1234.4, count: 20), where: chosen)
    let after = try restored(file, to: "b.nii")
    let place = fixture.voxelOffset + (20 + 7) * 2
    #expect(Array(after[place..<place + 2]) == NIfTIFixture.bytes(Int16(1234), isBigEndian))
    #expect(after.indices.filter { after[$0] != before[$0] }.allSatisfy { (place..<place + 2).contains($0) })
    #expect(after.count == before.count)
  }

  @Test func compressedFilesHoldTheSameBytes() throws {
    var fixture = NIfTIFixture()
    fixture.countUp()
    let bytes = fixture.file()
    let plain = try VolumeFile(path: try folder.write(bytes, to: "a.nii"))
    let packed = try restored(plain, to: "b.nii.gz")
    #expect(packed.prefix(2) == [0x1f, 0x8b])
    #expect(try restored(plain, to: "c.nii.gz") == packed)
    let again = try VolumeFile(path: try folder.write(packed, to: "b.nii.gz"))
    #expect(try restored(again, to: "d.nii") == bytes)
    // A file of two members, as some tools that compress in parallel write.
    let half = bytes.count / 2
    var members: [UInt8] = []
    for part in [bytes[..<half], bytes[half...]] {
      try part.withUnsafeBytes { part in try GzipWriter().write(part) { members += $0 } }
    }
    #expect(try restored(VolumeFile(path: try folder.write(members, to: "e.nii.gz")), to: "f.nii") == bytes)
  }

  /// Members of zeros, of which a file says that they are more; what follows the last one is none.
  @Test func compressedFilesThatSayMoreThanTheyHoldAreFoundOut() throws {
    var fixture = NIfTIFixture(sizes: [700, 600, 500])
    fixture.voxels = [0, 0]
    let zeros = [UInt8](repeating: 0, count: 1 << 24)
    var (head, member): ([UInt8], [UInt8]) = ([], [])
    try fixture.file().withUnsafeBytes { bytes in try GzipWriter().write(bytes) { head += $0 } }
    try zeros.withUnsafeBytes { bytes in try GzipWriter().write(bytes) { member += $0 } }
    let path = try folder.write(
      head + (0..<17).flatMap { _ in member } + zeros.prefix(200_000), to: "bomb.nii.gz")
    let error = #expect(throws: VolumeError.self) { try VolumeFile(path: path) }
    #expect(error?.kind == .cannotRead)
    #expect(error?.description.contains("\(354 + 17 << 24) are there") == true, "\(error as Any)")
  }

  @Test func whatNoMemoryHoldsIsRefusedWithTheFigure() throws {
    let shape = try #require(VolumeShape(x: 1 << 10, y: 1 << 10, z: 1 << 10, volumes: 1 << 17))
    let error = #expect(throws: VolumeError.self) {
      try MemoryBound.check(shape, .float64, path: "scan.nii")
    }
    #expect(error?.kind == .unsupported && error?.description.contains("take 1.0 PiB of memory") == true)
    #expect(throws: Never.self) {
      try MemoryBound.check(try #require(VolumeShape(x: 10, y: 10, z: 10)), .int16, path: "scan.nii")
    }
  }

  @Test func numbersAreRoundedAndStayWithinTheirType() throws {
    var fixture = NIfTIFixture()
    fixture.countUp()
    let file = try VolumeFile(path: try folder.write(fixture.file(), to: "a.nii"))
    var values = [Double](repeating: 0, count: 20)
    (values[0], values[1], values[2]) = (1e9, -1e9, -2.6)
    file.volume.write(.init(.z, 0), values, where: Array(repeating: 1, count: 20))
    var read: [Double] = []
    file.volume.read(.init(.z, 0), into: &read)
    #expect(read.prefix(3) == [32767, -32768, -3])
  }

  @Test func aSeriesHasVolumes() throws {
    var fixture = NIfTIFixture(sizes: [2, 2, 2, 3])
    fixture.countUp()
    let volume = try VolumeFile(path: try folder.write(fixture.file(), to: "a.nii")).volume
    #expect(volume.shape.volumes == 3)
    var values: [Double] = []
    volume.read(.init(.z, 1, ofVolume: 2), into: &values)
    #expect(values == [0, 1, 2, 3])
  }

  @Test func slopesAreReadAndNoneIsOne() throws {
    var fixture = NIfTIFixture(slope: 0.5, intercept: -1024)
    fixture.countUp()
    let scaled = try VolumeFile(path: try folder.write(fixture.file(), to: "a.nii")).volume
    #expect(scaled.slope == 0.5 && scaled.intercept == -1024)
    fixture.slope = 0
    let plain = try VolumeFile(path: try folder.write(fixture.file(), to: "b.nii")).volume
    #expect(plain.slope == 1 && plain.intercept == 0)
  }

  @Test func hostileHeadersAreRefused() throws {
    var fixture = NIfTIFixture()
    fixture.countUp()
    let good = fixture.file()
    func refuses(_ bytes: [UInt8], _ kind: VolumeError.Kind, _ words: String) throws {
      let path = try folder.write(bytes, to: "bad.nii")
      let error = #expect(throws: VolumeError.self) { try VolumeFile(path: path) }
      #expect(error?.kind == kind && error?.description.contains(words) == true, "\(error as Any)")
    }
    try refuses(Array(good.prefix(200)), .cannotRead, "cut short")
    try refuses(Array(good.dropLast(1)), .cannotRead, "cut short")
    try refuses([], .cannotRead, "does not begin")
    var fields = NIfTIFixture(sizes: [32767, 32767, 32767])
    fields.voxels = fixture.voxels
    try refuses(fields.file(), .cannotRead, "too large")
    fields.sizes = [0, 4, 3]
    try refuses(fields.file(), .cannotRead, "damaged")
    fields.sizes = [5, 4, -3]
    try refuses(fields.file(), .cannotRead, "damaged")
    fields = fixture
    fields.code = 128
    try refuses(fields.file(), .unsupported, "RGB")
    // An offset into the header, and one that is no number.
    for value in [Float(12), .nan, .infinity, 1e30] {
      var bytes = good
      bytes.replaceSubrange(108..<112, with: NIfTIFixture.bytes(value.bitPattern, false))
      try refuses(bytes, .cannotRead, "can't begin")
    }
    var pair = good
    pair.replaceSubrange(344..<347, with: Array("ni1".utf8))
    try refuses(pair, .unsupported, "pair")
    // 2 GiB that a small compressed file can't hold.
    var bomb = NIfTIFixture(isVersion2: true, sizes: [1 << 10, 1 << 10, 1 << 10])
    bomb.voxels = fixture.voxels
    try refuses(bomb.file(), .cannotRead, "can't hold")
  }

  @Test func damagedCompressionIsRefused() throws {
    var fixture = NIfTIFixture()
    fixture.countUp()
    let file = try VolumeFile(path: try folder.write(fixture.file(), to: "a.nii"))
    var packed = try restored(file, to: "b.nii.gz")
    let cut = try folder.write(packed.dropLast(20), to: "cut.nii.gz")
    let error = #expect(throws: VolumeError.self) { try VolumeFile(path: cut) }
    #expect(error?.description.contains("cut short") == true)
    for i in 20..<40 { packed[i] = 0xff }
    let damaged = try folder.write(packed, to: "damaged.nii.gz")
    #expect(throws: VolumeError.self) { try VolumeFile(path: damaged) }
  }

  @Test func outputsKeepTheFormat() throws {
    var fixture = NIfTIFixture()
    fixture.countUp()
    let file = try VolumeFile(path: try folder.write(fixture.file(), to: "a.nii"))
    try file.checkOutput("x.nii.gz")
    #expect(throws: VolumeError.self) { try file.checkOutput("x.npy") }
    #expect(VolumeFile.standardOutput(forInput: "s/brain.nii.gz") == "s/brain.restored.nii.gz")
    #expect(VolumeFile.standardOutput(forInput: "a.npz:scan") == "a.scan.restored.npy")
  }
}
