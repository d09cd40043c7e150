import Foundation
import TestSupport
import Testing

/// Runs of the built tool on volumes.
@Suite struct VolumeTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private static let (width, height, depth) = (30, 26, 20)

  /// A .npy file of floats, (z, y, x).
  private func write(_ value: (Int, Int, Int) -> Float, to name: String) throws {
    try folder.writeVolume(name, shape: (Self.depth, Self.height, Self.width), value)
  }

  private func object(_ z: Int, _ y: Int, _ x: Int) -> Float {
    let (a, b, c) = (Float(z) - 10, Float(y) - 13, Float(x) - 15)
    let radius: Float = a * a / 20 + b * b / 40 + c * c / 60
    let ripple: Float = 30 * sin(Float(x) / 3 + Float(z) / 4)
    return 1000 / (1 + exp(radius - 2)) + ripple - 500
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file(name))))
  }

  private func json(_ text: Data) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
  }

  @Test func missingSlicesAreFilledAndAllElseKept() throws {
    try write(object, to: "truth.npy")
    try write({ z, y, x in [6, 7, 13].contains(z) ? 0 : object(z, y, x) }, to: "scan.npy")
    let result = try BuiltTool.run(
      "scan.npy", "--missing-slices", "6-7,13", "--preset", "fast", "--metrics", "m.json", "--progress",
      "none",
      in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(folder.contents == ["m.json", "scan.npy", "scan.restored.npy", "truth.npy"])
    let (before, after) = (try bytes("scan.npy"), try bytes("scan.restored.npy"))
    let area = Self.width * Self.height * 4
    let start = before.count - Self.depth * area
    #expect(before.count == after.count)
    let changed = Set(before.indices.filter { before[$0] != after[$0] }.map { ($0 - start) / area })
    #expect(changed == [6, 7, 13])
    let evaluation = try BuiltTool.run(
      "evaluate", "--reference", "truth.npy", "--result", "scan.restored.npy", "--missing-slices", "6-7,13",
      "--json",
      in: folder)
    let figures = try json(evaluation.outputData)
    #expect(figures["known_identical"] as? Bool == true && figures["missing_samples"] as? Int == 3 * area / 4)
    #expect(try #require(figures["psnr_missing_db"] as? Double) > 28)
    let report = try json(Data(try bytes("m.json")))
    let volume = try #require(report["volume"] as? [String: Any])
    #expect(volume["shape"] as? [Int] == [30, 26, 20, 1] && volume["slice_axis"] as? String == "z")
    #expect(report["frames"] as? Int == 20)
  }

  /// A map with a background of what is no number, and a mask of truth values.
  @Test func aBackgroundThatIsNoNumberStays() throws {
    func isBackground(_ z: Int, _ y: Int, _ x: Int) -> Bool { x < 8 || z == 0 }
    func isHole(_ z: Int, _ y: Int, _ x: Int) -> Bool {
      (9..<12).contains(z) && (10..<14).contains(y) && (5..<18).contains(x)
    }
    try write({ z, y, x in isBackground(z, y, x) ? .nan : object(z, y, x) }, to: "map.npy")
    let shape = "(\(Self.depth), \(Self.height), \(Self.width))"
    let header = "{'descr': '|b1', 'fortran_order': False, 'shape': \(shape), }\n"
    var voxels: [UInt8] = []
    for z in 0..<Self.depth {
      for y in 0..<Self.height { for x in 0..<Self.width { voxels.append(isHole(z, y, x) ? 1 : 0) } }
    }
    try folder.write(
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + voxels,
      to: "mask.npy")
    let arguments = [
      "map.npy", "--mask", "mask.npy", "--preset", "fast", "--iterations", "20", "--progress", "none", "-o",
    ]
    let kept = try Command.run(
      BuiltTool.path, arguments + ["kept.npy", "--keep-nan"], in: folder.path)
    #expect(kept.status == 0 && kept.errors.isEmpty, "\(kept.errors)")
    let (before, after) = (try bytes("map.npy"), try bytes("kept.npy"))
    let start = before.count - 4 * voxels.count
    for i in voxels.indices {
      let range = start + 4 * i..<start + 4 * i + 4
      if voxels[i] == 0 {
        #expect(before[range] == after[range])
      } else {
        let bits = after[range].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        #expect(Float(bitPattern: bits).isFinite)
      }
    }
    let filled = try Command.run(BuiltTool.path, arguments + ["filled.npy"], in: folder.path)
    #expect(filled.status == 0 && filled.errors.contains("--keep-nan"), "\(filled.errors)")
  }

  @Test func whatWouldNotFitIsRefusedWithTheFigure() throws {
    try write(object, to: "scan.npy")
    let result = try BuiltTool.run("scan.npy", "--scale", "64,64,64", "--progress", "none", in: folder)
    #expect(
      result.status == 2 && result.errors.contains("1857 x 1601 x 1217 voxels take"), "\(result.errors)")
  }

  @Test(arguments: [
    ("scan.mgz", [UInt8](repeating: 0, count: 400), "mri_convert scan.mgz"),
    ("scan.nrrd", Array("NRRD0005\n".utf8), "SimpleITK"), ("scan.mha", [1], "s.ReadImage('scan.mha')"),
    ("slice", [UInt8](repeating: 0, count: 128) + Array("DICM".utf8), "dcm2niix"),
    ("scan.mnc", [1], "mnc2nii"), ("scan.h5", [1], "h5py"), ("stack.czi", [1], "bfconvert"),
    ("scan.img", [1], "n.load('scan.hdr')"), ("volume", Array("NRRD0004\n".utf8), "SimpleITK"),
    ("data", [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a], "h5py"),
  ])
  func otherFormatsAreToldTheRemedy(name: String, content: [UInt8], words: String) throws {
    try folder.write(content, to: name)
    let result = try BuiltTool.run(name, "--missing-slices", "1", in: folder)
    #expect(result.status == 3 && result.errors.contains(words), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
  }

  @Test func slicesAcrossXAreFramesThen() throws {
    try write({ z, y, x in x == 12 ? 0 : object(z, y, x) }, to: "scan.npy")
    let result = try BuiltTool.run(
      "scan.npy", "--missing-slices", "12", "--axis", "x", "--preset", "fast", "-o", "out.npy", "--metrics",
      "m.json",
      "--progress", "none", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let report = try json(Data(try bytes("m.json")))
    #expect((report["volume"] as? [String: Any])?["slice_axis"] as? String == "x")
    #expect(report["frames"] as? Int == 30 && report["width"] as? Int == 26 && report["height"] as? Int == 20)
  }

  @Test func whatIsNoNumberIsMissingAndThreadsDoNotMatter() throws {
    try write({ z, y, x in (z * 3 + y * 5 + x * 7) % 4 == 0 ? .nan : object(z, y, x) }, to: "scan.npy")
    for threads in ["1", "3"] {
      let result = try BuiltTool.run(
        "scan.npy", "-o", "\(threads).npy", "--preset", "fast", "--threads", threads, "--progress", "none",
        in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
    #expect(try bytes("1.npy") == (try bytes("3.npy")))
    try write(object, to: "truth.npy")
    let evaluation = try BuiltTool.run(
      "evaluate", "--reference", "truth.npy", "--result", "1.npy", "--input", "scan.npy", "--json", in: folder
    )
    let figures = try json(evaluation.outputData)
    #expect(try #require(figures["psnr_missing_db"] as? Double) > 35)
    #expect(figures["known_identical"] as? Bool == true)
  }

  @Test func gridsBecomeFinerAndKnownVoxelsKeepTheirPlaces() throws {
    try write(object, to: "truth.npy")
    try write(object, to: "scan.npy")
    let result = try BuiltTool.run(
      "scan.npy", "--isotropic", "--spacing", "1,1,3", "-o", "out.npy", "--preset", "fast", "--metrics",
      "m.json", "--progress", "none", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let report = try json(Data(try bytes("m.json")))
    let volume = try #require(report["volume"] as? [String: Any])
    #expect(volume["shape"] as? [Int] == [30, 26, 58, 1] && volume["scale"] as? [Int] == [1, 1, 3])
    #expect(volume["spacing"] as? [Double] == [1, 1, 1])
    let (before, after) = (try bytes("scan.npy"), try bytes("out.npy"))
    let area = Self.width * Self.height * 4
    for z in 0..<Self.depth {
      let (a, b) = (before.count - (Self.depth - z) * area, after.count - (58 - 3 * z) * area)
      #expect(before[a..<a + area] == after[b..<b + area])
    }
    // A volume of cubes is a copy, with a word about it.
    let copy = try BuiltTool.run(
      "scan.npy", "--isotropic", "-o", "copy.npy", "--progress", "none", in: folder)
    #expect(copy.status == 0 && copy.errors.contains("--spacing"))
    #expect(try bytes("copy.npy") == before)
  }

  @Test func slicesAreLookedAt() throws {
    try write(object, to: "truth.npy")
    try write({ z, y, x in [6, 7].contains(z) ? -500 : object(z, y, x) }, to: "scan.npy")
    let restored = try BuiltTool.run(
      "scan.npy", "--missing-slices", "6-7", "--preset", "fast", "--metrics", "m.json", "--progress", "none",
      in: folder)
    #expect(restored.status == 0, "\(restored.errors)")
    let common = ["inspect", "scan.npy", "--result", "scan.restored.npy", "--missing-slices", "6-7"]
    func inspect(_ more: String...) throws -> Command.Result {
      try Command.run(BuiltTool.path, common + more, in: folder.path)
    }
    let panel = try inspect(
      "--reference", "truth.npy", "-o", "p.png", "--html", "page", "--metrics", "m.json")
    #expect(panel.status == 0, "\(panel.errors)")
    #expect(try bytes("p.png").prefix(4) == [0x89, 0x50, 0x4e, 0x47])
    let page = String(decoding: try bytes("page/index.html"), as: UTF8.self)
    #expect(page.contains("\"axis\":\"z\"") && page.contains("\"shape\":[30,26,20]"))
    #expect(page.components(separatedBy: "\"voxels\":").count == 21)
    for (arguments, words) in [
      (["-o", "q.png", "--voxel", "30,0,0"], "no voxel 30,0,0"),
      (["-o", "q.png", "--voxel", "1,2"], "x,y,z"),
      (["-o", "q.png", "--volume", "1"], "no volume 1"), (["-o", "q.gif"], "a picture (.png, .jpg)"),
      (["-o", "q.png", "--reference", "p.png"], "p.png is no volume"), (["--zoom", "2"], "--html DIR"),
      (["--html", "two", "--frames", "0-20"], "no slice 20"),
    ] {
      let result = try Command.run(BuiltTool.path, common + arguments, in: folder.path)
      #expect(result.status != 0 && result.errors.contains(words), "\(result.errors)")
    }
    #expect(!folder.contents.contains("q.png"))
    // A finer grid's result is shown beside the input's voxels at their places.
    let finer = try BuiltTool.run(
      "scan.npy", "--missing-slices", "6-7", "--scale", "1,1,2", "-o", "fine.npy", "--preset", "fast",
      "--progress", "none", in: folder)
    #expect(finer.status == 0, "\(finer.errors)")
    let fine = try BuiltTool.run(
      "inspect", "scan.npy", "--result", "fine.npy", "--missing-slices", "6-7", "--voxel", "3,4,38", "-o",
      "fine.png", in: folder)
    #expect(fine.status == 0, "\(fine.errors)")
  }

  /// A series whose first two volumes are alike but for brightness and whose third has nothing to do with them.
  @Test func otherVolumesOfASeriesAreAskedWhereTheyAreKnown() throws {
    func value(_ t: Int, _ z: Int, _ y: Int, _ x: Int) -> Float {
      switch t {
      case 0: object(z, y, x)
      case 1: 1.1 * object(z, y, x) + 20
      default: 500 * sin(Float(x * x + 3 * y) / 7 + Float(z))
      }
    }
    func series(_ name: String, _ isMissing: (Int, Int) -> Bool) throws {
      var bytes: [UInt8] = []
      for t in 0..<3 {
        try write({ z, y, x in isMissing(t, z) ? .nan : value(t, z, y, x) }, to: "part.npy")
        let part = try self.bytes("part.npy")
        bytes += t == 0 ? part : part.suffix(Self.width * Self.height * Self.depth * 4)
      }
      let (old, new) = (
        Array("(\(Self.depth), \(Self.height), \(Self.width)), }   ".utf8),
        Array("(3, \(Self.depth), \(Self.height), \(Self.width)), }".utf8)
      )
      let start = try #require(bytes.indices.first { bytes[$0...].starts(with: old) })
      bytes.replaceSubrange(start..<start + old.count, with: new)
      try folder.write(bytes, to: name)
    }
    try series("truth.npy") { _, _ in false }
    try series("scan.npy") { t, z in z == 5 + 4 * t || z == 6 + 4 * t }
    let result = try BuiltTool.run(
      "scan.npy", "-o", "out.npy", "--preset", "fast", "--metrics", "m.json", "--progress", "none", in: folder
    )
    #expect(result.status == 0, "\(result.errors)")
    let (truth, restored) = (try bytes("truth.npy"), try bytes("out.npy"))
    func error(_ t: Int) -> Double {
      let area = Self.width * Self.height
      var sum = 0.0
      for i in 0..<2 * area {
        let at = truth.count - ((3 - t) * Self.depth * area - (5 + 4 * t) * area - i) * 4
        let (a, b) = truth.withUnsafeBytes { a in
          restored.withUnsafeBytes { b in
            (
              a.loadUnaligned(fromByteOffset: at, as: Float.self),
              b.loadUnaligned(fromByteOffset: at, as: Float.self)
            )
          }
        }
        sum += Double(a - b) * Double(a - b)
      }
      return (sum / Double(2 * area)).squareRoot()
    }
    // Of a range of about 1100: what little the third volume takes away.
    #expect(error(0) < 2 && error(1) < 8, "\(error(0)) \(error(1))")
    let report = try json(Data(try bytes("m.json")))
    let share = try #require((report["volume"] as? [String: Any])?["other_volumes"] as? Double)
    #expect(share > 0.5 && share < 0.8, "\(share)")
  }

  @Test func whatIsWrongIsSaidWithItsExitCode() throws {
    try write(object, to: "scan.npy")
    func fails(_ arguments: [String], _ status: Int32, _ words: String) throws {
      let result = try Command.run(BuiltTool.path, arguments, in: folder.path)
      #expect(result.status == status, "\(arguments): \(result.errors)")
      #expect(result.errors.contains(words), "\(arguments): \(result.errors)")
    }
    try fails(["scan.npy", "-o", "o.npy"], 2, "nothing says what is missing")
    try fails(["scan.npy", "--missing-slices", "0-", "-o", "o.npy"], 2, "nothing is known")
    try fails(["scan.npy", "--missing-slices", "20", "-o", "o.npy"], 2, "20 slices along z")
    try fails(["scan.npy", "--missing-slices", "3", "-o", "o.nii"], 2, "NumPy file")
    try fails(["scan.npy", "--missing-slices", "3", "-o", "scan.npy"], 2, "is the input")
    try fails(
      ["scan.npy", "--missing-slices", "3", "--axis", "w", "-o", "o.npy"], 2,
      "--axis must be one of x, y, z, not 'w'")
    try fails(["scan.npy", "--mask", "none.npy", "-o", "o.npy"], 3, "none.npy")
    try fails(["gone.npy", "--missing-slices", "3", "-o", "o.npy"], 3, "gone.npy")
    try fails(
      ["scan.npy", "--missing-slices", "3", "--codec", "ffv1", "-o", "o.npy"], 2, "leave out --codec")
    try fails(
      ["inspect", "scan.npy", "--result", "scan.npy", "--mask", "scan.npy", "--frame", "1", "-o", "p.png"], 2,
      "of videos: --voxel")
    try fails(["scan.npy", "--scale", "1,1,2.5", "-o", "o.npy"], 2, "whole factors from 1 to 64")
    try fails(["scan.npy", "--scale", "1,1,100", "-o", "o.npy"], 2, "whole factors from 1 to 64")
    try fails(["scan.npy", "--scale", "1,1,2", "--isotropic", "-o", "o.npy"], 2, "give one of them")
    try fails(["scan.npy", "--scale", "64,64,64", "-o", "o.npy"], 2, "too large")
    try fails(["film.mkv", "--isotropic", "-o", "o.mkv"], 2, "are of volumes")
    try fails(["film.mkv", "--missing-slices", "3", "-o", "o.mkv"], 2, "are of volumes")
    #expect(folder.contents == ["scan.npy"])
  }
}
