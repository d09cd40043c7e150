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

  /// A zip archive of stored members, as numpy.savez writes it but for the checksums, which nobody looks at.
  private func archive(_ members: [(String, [UInt8])]) -> [UInt8] {
    func little(_ value: Int, _ size: Int) -> [UInt8] {
      (0..<size).map { $0 < 8 ? UInt8(value >> (8 * $0) & 255) : 0 }
    }
    var (bytes, directory): ([UInt8], [UInt8]) = ([], [])
    for (name, content) in members {
      let at = bytes.count
      // Flags, method, time, date; checksum; sizes; lengths of name and of what follows it.
      let common = [
        little(0, 4), little(0, 4), little(0, 4), little(content.count, 4), little(content.count, 4),
        little(name.utf8.count, 2), little(0, 2),
      ].flatMap { $0 }
      bytes += [little(0x0403_4b50, 4), little(20, 2), common, Array(name.utf8), content].flatMap { $0 }
      directory += [
        little(0x0201_4b50, 4), little(20, 2), little(20, 2), common, little(0, 10), little(at, 4),
        Array(name.utf8),
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
}
