import Foundation
import TestSupport
import Testing

@testable import Volumes

@Suite struct NumPyTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  static func array(_ descr: String, fortran: Bool, _ shape: String, _ voxels: [UInt8]) -> [UInt8] {
    var header = "{'descr': '\(descr)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }"
    while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    let count = header.utf8.count
    return NumPyHeader.magic + [1, 0, UInt8(count & 255), UInt8(count >> 8)] + Array(header.utf8) + voxels
  }

  @Test(arguments: [false, true], [false, true])
  func orderAndBytesAreKept(fortran: Bool, isBigEndian: Bool) throws {
    // (z, y, x) = (2, 3, 4), element = 100 z + 10 y + x.
    let places = (0..<24).map { i in
      fortran ? (z: i % 2, y: i / 2 % 3, x: i / 6) : (z: i / 12, y: i / 4 % 3, x: i % 4)
    }
    let voxels = places.flatMap { NIfTIFixture.bytes(UInt16($0.z * 100 + $0.y * 10 + $0.x), isBigEndian) }
    let bytes = Self.array((isBigEndian ? ">" : "<") + "u2", fortran: fortran, "(2, 3, 4)", voxels)
    let file = try VolumeFile(path: try folder.write(bytes, to: "a.npy"))
    #expect(file.volume.shape == VolumeShape(x: 4, y: 3, z: 2))
    var values: [Double] = []
    file.volume.read(.init(.z, 1), into: &values)
    #expect(values == [100, 101, 102, 103, 110, 111, 112, 113, 120, 121, 122, 123])
    var chosen = [UInt8](repeating: 0, count: 12)
    chosen[5] = 1
    file.volume.write(.init(.z, 1), Array(repeating: 999, count: 12), where: chosen)
    var after: [UInt8] = []
    try file.write(to: "b.npy") { after += $0 }
    let place = try #require(places.firstIndex { $0 == (z: 1, y: 1, x: 1) })
    let offset = bytes.count - 48 + place * 2
    #expect(Array(after[offset..<offset + 2]) == NIfTIFixture.bytes(UInt16(999), isBigEndian))
    #expect(after.indices.filter { after[$0] != bytes[$0] }.allSatisfy { (offset..<offset + 2).contains($0) })
  }

  @Test func whatIsNoVolumeIsRefused() throws {
    func refuses(_ bytes: [UInt8], _ words: String) throws {
      let path = try folder.write(bytes, to: "bad.npy")
      let error = #expect(throws: VolumeError.self) { try VolumeFile(path: path) }
      #expect(error?.description.contains(words) == true, "\(error as Any)")
    }
    try refuses(Self.array("<c8", fortran: false, "(2, 2, 2)", []), "<c8")
    try refuses(Self.array("<f4", fortran: false, "(8,)", Array(repeating: 0, count: 32)), "shape (8)")
    try refuses(Self.array("<f4", fortran: false, "(2, 2, 2)", [0]), "cut short")
    try refuses(
      Self.array("<f8", fortran: false, "(9223372036854775807, 9223372036854775807, 3)", []), "too large")
    try refuses(Self.array("<f8", fortran: false, "(99999999999999999999, 3)", []), "shape")
    try refuses(Array("PK not an array".utf8), "no NumPy array")
  }

  /// The sum of CRC-32, bit by bit.
  private func checksum(_ bytes: [UInt8]) -> Int {
    var sum: UInt32 = 0xffff_ffff
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xedb8_8320 : sum >> 1 }
    }
    return Int(~sum)
  }

  /// A zip archive of stored members, as numpy.savez writes it.
  ///
  /// - Parameter wide: the 64-bit place of each member's header, where that is said in a field of its own.
  private func archive(_ members: [(String, [UInt8])], wide: UInt64? = nil) -> [UInt8] {
    func little(_ value: Int, _ size: Int) -> [UInt8] {
      (0..<size).map { $0 < 8 ? UInt8(value >> (8 * $0) & 255) : 0 }
    }
    var (bytes, directory): ([UInt8], [UInt8]) = ([], [])
    for (name, content) in members {
      let at = bytes.count
      // Flags, method, time, date; checksum; sizes; lengths of name and of what follows it.
      let common = [
        little(0, 4), little(0, 4), little(checksum(content), 4), little(content.count, 4),
        little(content.count, 4), little(name.utf8.count, 2),
      ].flatMap { $0 }
      let field = wide.map { place in
        little(1, 2) + little(8, 2) + (0..<8).map { UInt8(truncatingIfNeeded: place >> UInt64(8 * $0)) }
      }
      bytes += [little(0x0403_4b50, 4), little(20, 2), common, little(0, 2), Array(name.utf8), content]
        .flatMap { $0 }
      directory += [
        little(0x0201_4b50, 4), little(20, 2), little(20, 2), common, little(field?.count ?? 0, 2),
        little(0, 10), little(field == nil ? at : 0xffff_ffff, 4), Array(name.utf8), field ?? [],
      ].flatMap { $0 }
    }
    let end = [
      little(0x0605_4b50, 4), little(0, 4), little(members.count, 2), little(members.count, 2),
      little(directory.count, 4), little(bytes.count, 4), little(0, 2),
    ].flatMap { $0 }
    return bytes + directory + end
  }

  @Test func archivesNameTheirArrays() throws {
    let scan = Self.array("|u1", fortran: false, "(1, 2, 2)", [1, 2, 3, 4])
    let path = try folder.write(archive([("scan.npy", scan), ("mask.npy", scan)]), to: "a.npz")
    let error = #expect(throws: VolumeError.self) { try VolumeFile(path: path) }
    #expect(error?.description.contains("scan, mask") == true && error?.kind == .unsupported)
    let volume = try VolumeFile(path: "\(path):mask").volume
    var values: [Double] = []
    volume.read(.init(.z, 0), into: &values)
    #expect(values == [1, 2, 3, 4])
    #expect(throws: VolumeError.self) { try VolumeFile(path: "\(path):other") }
    let cut = try folder.write(archive([("scan.npy", scan)]).dropLast(30), to: "cut.npz")
    #expect(throws: VolumeError.self) { try VolumeFile(path: cut) }
  }

  @Test func archivesAreHeldAgainstTheirChecksums() throws {
    let scan = Self.array("|u1", fortran: false, "(1, 2, 2)", [1, 2, 3, 4])
    var bytes = archive([("scan.npy", scan)])
    let place = try #require(bytes.firstIndex(of: 0x93)) + scan.count - 1
    #expect(bytes[place] == 4)
    bytes[place] = 5
    let path = try folder.write(bytes, to: "a.npz")
    let error = #expect(throws: VolumeError.self) { try VolumeFile(path: "\(path):scan") }
    #expect(error?.kind == .cannotRead && error?.description.contains("checksum") == true)
  }

  @Test func placesBeyondAnyFileAreRefused() throws {
    let scan = Self.array("|u1", fortran: false, "(1, 2, 2)", [1, 2, 3, 4])
    let sound = try folder.write(archive([("scan.npy", scan)], wide: 0), to: "sound.npz")
    #expect(try VolumeFile(path: "\(sound):scan").volume.shape.voxels == 4)
    let far: [UInt64] = [.max, .max - 30, 1 << 63, (1 << 63) - 1, (1 << 63) - 27, 1 << 40]
    for place in far {
      let path = try folder.write(archive([("scan.npy", scan)], wide: place), to: "far.npz")
      let error = #expect(throws: VolumeError.self) { try VolumeFile(path: "\(path):scan") }
      #expect(error?.kind == .cannotRead, "\(place)")
    }
    // Any byte of the archive's own may be wrong.
    let bytes = archive([("scan.npy", scan)], wide: 0)
    for place in bytes.indices where !(scan.count + 30..<scan.count + 38).contains(place) {
      var mutant = bytes
      mutant[place] ^= 0xff
      let path = try folder.write(mutant, to: "mutant.npz")
      do { _ = try VolumeFile(path: "\(path):scan") } catch { #expect(error is VolumeError) }
    }
  }

  @Test func truthValuesAreNumbers() throws {
    let bytes = Self.array("|b1", fortran: false, "(1, 2, 2)", [0, 1, 1, 0])
    let file = try VolumeFile(path: try folder.write(bytes, to: "mask.npy"))
    var values: [Double] = []
    file.volume.read(.init(.z, 0), into: &values)
    #expect(values == [0, 1, 1, 0] && file.volume.type == .uint8)
    // They stay what they are on a finer grid.
    let finer = try file.refined(by: try #require(GridRefinement(x: 2, y: 1, z: 1)), memory: 1 << 20)
    var after: [UInt8] = []
    try finer.write(to: "b.npy") { after += $0 }
    #expect(after.firstRange(of: Array("'|b1'".utf8)) != nil)
  }

  /// A file with a header as it stands, and enough voxels.
  private func file(_ header: String, version: UInt8 = 1) throws -> String {
    let text = Array((header + "\n").utf8)
    let length = (0..<(version == 1 ? 2 : 4)).map { UInt8(text.count >> (8 * $0) & 255) }
    return try folder.write(
      NumPyHeader.magic + [version, 0] + length + text + Array(repeating: 1, count: 24 * 8), to: "h.npy")
  }

  /// What NumPy reads, written by other programs.
  @Test(arguments: [
    "{'descr': '<i2', 'fortran_order': False, 'shape': (2L, 3L, 4L), }",
    "{'descr': 'int16', 'fortran_order': False, 'shape': (2,3,4)}",
    "{\"descr\":\"<i2\",\"fortran_order\":False,\"shape\":(2,3,4)}   ",
    "  {'shape': (2, 3, 4), 'fortran_order': False, 'descr': '=i2'}",
    "{u'descr': u'<i2',\n 'fortran_order': False,\n 'shape': (0x2, 3, 4,), }",
    "{'descr': ('h'), 'fortran_order': False, 'shape': (2, 3, 4), 'shape': (2, 3, 4)}",
  ])
  func soundHeadersAreRead(header: String) throws {
    let volume = try VolumeFile(path: try file(header)).volume
    #expect(volume.shape == VolumeShape(x: 4, y: 3, z: 2) && volume.type == .int16)
  }

  @Test func longHeadersOfNewerVersionsAreRead() throws {
    let header = "{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3, 4), }"
    for version: UInt8 in [2, 3] {
      #expect(try VolumeFile(path: try file(header, version: version)).volume.shape.z == 2)
    }
    let long = "{'descr': '<i2', 'fortran_order': True, 'shape': (2L, 3, 4), }"
    #expect(throws: VolumeError.self) { try VolumeFile(path: try file(long, version: 3)) }
    #expect(throws: VolumeError.self) { try VolumeFile(path: try file(header, version: 4)) }
    let padded = header + String(repeating: " ", count: 10001)
    #expect(throws: VolumeError.self) { try VolumeFile(path: try file(padded, version: 2)) }
  }

  /// What NumPy refuses.
  @Test(arguments: [
    "{'descr': '<i2', 'fortran_order': False, 'shape': (2,,3,4), }",
    "{'descr': '<i2', 'fortran_order': 1, 'shape': (2,3,4), }",
    "{'descr': '<i2', 'fortran_order': False, 'shape': (2,3,4), 'x'}",
    "{'descr': '<i2', 'fortran_order': False, 'shape': (2,3,4), 'x': 1}",
    "{'descr': '<i2', 'fortran_order': False, 'shape': [2,3,4]}",
    "{'descr': '<i2', 'fortran_order': 'True', 'shape': (2,3,4)}",
    "{'descr': '<i2', 'fortran_order': False, 'shape': (2.0,3,4)}",
    "{'descr': '<i2', 'fortran_order': False, 'shape': (2,3,'4')}",
    "{'descr': '<i2', 'fortran_order': False, 'shape': (02,3,4)}",
    "{'descr': '<i2', 'fortran_order': False, 'shape': (-2,3,4)}",
    "{'descr': '<i2', 'fortran_order': False, 'shape': 24}",
    "{'descr': '<i2', 'fortran_order': False, 'shape': (2,3,4)",
    "{'descr': '<i2' 'fortran_order': False, 'shape': (2,3,4)}",
    "{'descr': '<i2', 'fortran_order': False, 'shape': (2,3,4)} x",
    "{'descr': '<i2', 'fortran_order': false, 'shape': (2,3,4)}",
    "{'descr': '<i2', 'fortran_order': Falsehood, 'shape': (2,3,4)}",
    "{'descr': b'<i2', 'fortran_order': False, 'shape': (2,3,4)}",
    "{descr: '<i2', 'fortran_order': False, 'shape': (2,3,4)}",
    "{'descr': '<i2', 'fortran_order': False}", "{,}", "", "(((((((((((((((((((((((((((((((((((((((((",
  ])
  func brokenHeadersAreRefused(header: String) throws {
    let path = try file(header)
    let error = #expect(throws: VolumeError.self) { try VolumeFile(path: path) }
    #expect(error?.kind == .cannotRead && error?.description.contains("damaged") == true)
  }

  @Test func whatIsNoNumberNamesTheRemedy() throws {
    func sentence(_ descr: String) throws -> String {
      let path = try file("{'descr': \(descr), 'fortran_order': False, 'shape': (2, 3, 4), }")
      return #expect(throws: VolumeError.self) { try VolumeFile(path: path) }?.description ?? ""
    }
    let fields = try sentence("[('left', '<f4'), ('right', '<i2', (2,))]")
    #expect(fields.contains("fields left, right") && fields.contains("array['left']"))
    #expect(try sentence("'<c8'").contains("array.real"))
    #expect(try sentence("'|O'").contains("no numbers"))
    #expect(try sentence("'<f2'").contains("astype('float32')"))
  }

  @Test(arguments: [[3], [2, 3], [2, 1, 2]])
  func numPyHeader(shape: [Int]) throws {
    let count = shape.reduce(1, *)
    let data = [UInt8](NumPyFile.data(shape: shape, values: (0..<count).map { Float($0) + 0.5 }))
    #expect(Array(data[0..<8]) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0])
    let length = Int(data[8]) + Int(data[9]) << 8
    #expect((10 + length) % 64 == 0 && data[9 + length] == UInt8(ascii: "\n"))
    let header = String(decoding: data[10..<10 + length], as: UTF8.self)
    let sides = shape.count == 1 ? "3," : shape.map(String.init).joined(separator: ", ")
    #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (\(sides)), }"))
    #expect(data.count == 10 + length + 4 * count)
    #expect(Array(data[(10 + length)...].prefix(8)) == [0, 0, 0, 0x3F, 0, 0, 0xC0, 0x3F])
  }
}
