import Pipelines
import TestSupport
import Volumes

extension FuzzFormat {
  /// Files of voxels: read, looked at slice by slice, and described as `probe` does.
  static let volumes: [FuzzFormat] = [
    FuzzFormat(
      name: "nifti", suffix: ".nii", seeds: { _ in nifti.map { FuzzSeed(content: $0) } }, read: readVolume),
    FuzzFormat(
      name: "nifti-gz", suffix: ".nii.gz",
      seeds: { _ in
        nifti.map { FuzzSeed(content: $0, file: Packed.gzip) } + [
          // A gigabyte and more that its header does not tell of, in a megabyte.
          FuzzSeed(content: nifti[0], isSound: false, isRare: true) { content in
            content.count < 4096
              ? Array([[Packed.gzip(content)], zeros].joined().joined()) : Packed.gzip(content)
          }
        ]
      }, read: readVolume),
    FuzzFormat(
      name: "numpy", suffix: ".npy",
      seeds: { _ in
        arrays.map { FuzzSeed(content: $0) }
          // Only the header is text, and its length has to be right.
          + [("<f4", "False", "(2, 3, 4)"), ("|u1", "True", "(3, 2, 4)")].map { type, order, shape in
            FuzzSeed(
              content: Array("{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }\n".utf8),
              isText: true
            ) { header in
              [0x93] + Array("NUMPY".utf8) + [2, 0] + Packed.little(header.count, 4) + header
                + [UInt8](repeating: 7, count: 96)
            }
          }
      }, read: readVolume),
    FuzzFormat(
      name: "npz", suffix: ".npz",
      seeds: { _ in
        arrays.flatMap { array in
          [false, true].map { compressed in
            FuzzSeed(content: array) { Packed.zip($0, name: "a.npy", compressed: compressed) }
          }
        } + [FuzzSeed(content: Packed.zip(arrays[0], name: "a.npy", compressed: true))]
      }, read: { try readVolume($0 + ":a") }),
    FuzzFormat(
      name: "tiff", suffix: ".tif", seeds: { _ in stacks.map { FuzzSeed(content: $0) } },
      read: { path in
        // Whether a file is a picture or a stack is asked first, and a picture is read by another way.
        _ = VolumeFile.isVolume(path)
        let bytes = try readVolume(path)
        return bytes
      }),
    FuzzFormat(
      name: "tiff-picture", suffix: ".tif",
      // Most hold several pages, which are no picture.
      seeds: { _ in
        stacks.map { FuzzSeed(content: $0, isSound: false) } + pictures.map { FuzzSeed(content: $0) }
      },
      read: { path in try readVideo(path) }),
  ]

  private static func readVolume(_ path: String) throws -> Int {
    let outcome = try VolumeProbeJob(input: path).run()
    _ = try outcome.json()
    let file = try VolumeFile(path: path)
    let volume = file.volume
    var values: [Double] = []
    for axis in [VolumeAxis.x, .y, .z] {
      let size = axis == .x ? volume.shape.x : axis == .y ? volume.shape.y : volume.shape.z
      volume.read(.init(axis, max(0, size - 1), ofVolume: volume.shape.volumes - 1), into: &values)
    }
    if file.format != .tiff {
      for name in ["out.nii", "out.nii.gz"] { try file.write(to: name) { _ in } }
    }
    return volume.shape.voxels * volume.shape.volumes * 16
  }

  private static let nifti: [[UInt8]] = {
    var small = NIfTIFixture()
    small.countUp()
    var second = NIfTIFixture(isVersion2: true, sizes: [3, 4, 2, 2])
    second.countUp()
    var big = NIfTIFixture(
      isBigEndian: true, slope: 2, intercept: -3, extensions: [UInt8](repeating: 5, count: 32))
    big.countUp()
    var floats = NIfTIFixture(sizes: [3, 3, 3], code: 16, bits: 32)
    floats.voxels = (0..<27).flatMap { NIfTIFixture.bytes((Float($0) - 13).bitPattern, false) }
    return [small, second, big, floats].map { $0.file() }
  }()

  /// 1 GiB of zeros as members of a .gz file, one for each 16 MiB.
  private static let zeros: [[UInt8]] = Array(
    repeating: Packed.gzip([UInt8](repeating: 0, count: 1 << 24)), count: 64)

  private static let arrays: [[UInt8]] = [
    ("<f4", "False", "(2, 3, 4)", 96), (">i2", "True", "(3, 4)", 24), ("|b1", "False", "(2, 2, 2, 3)", 24),
    ("<f8", "False", "(2, 2, 5)", 160),
  ].map { (type: String, order: String, shape: String, count: Int) in
    var header = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }"
    while (11 + header.utf8.count) % 64 != 0 { header += " " }
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + Packed.little(header.utf8.count + 1, 2)
      + Array((header + "\n").utf8) + (0..<count).map { UInt8($0 * 7 & 255) }
  }

  /// Stacks and pictures: strips and tiles, both orders of bytes, 64-bit offsets, compression, descriptions, smaller copies.
  private static let stacks: [[UInt8]] = {
    let samples = (0..<16 * 12).map { UInt8($0 & 255) }
    let plain = TIFFFile.Page(width: 16, height: 12, blocks: [samples])
    var described = plain
    described.texts[270] = "ImageJ=1.53\nimages=3\nslices=3\nspacing=2\nunit=um\n"
    var named = plain
    named.texts[270] =
      "<?xml version=\"1.0\"?><OME><Image><Pixels SizeX=\"16\" SizeY=\"12\" SizeZ=\"3\" SizeC=\"1\" SizeT=\"1\" "
      + "DimensionOrder=\"XYZCT\" Type=\"uint8\" PhysicalSizeZ=\"2\"><TiffData IFD=\"0\"/></Pixels></Image></OME>"
    var tiled = TIFFFile.Page(width: 16, height: 12, blocks: [])
    tiled.cutIntoTiles(16, rows: (0..<12).map { Array(samples[$0 * 16..<$0 * 16 + 16]) }, bytesPerPlace: 1)
    var deflated = TIFFFile.Page(width: 16, height: 12, compression: 8, blocks: [Packed.zlib(samples)])
    deflated.numbers[317] = (3, [2])
    var floats = TIFFFile.Page(width: 4, height: 12, bits: 32, blocks: [samples])
    floats.numbers[339] = (3, [3])
    var above = plain
    above.below = [TIFFFile.Page(width: 8, height: 6, blocks: [Array(samples[..<48])])]
    var files = [[plain, plain, plain], [described, plain, plain], [named, plain, plain]].map { TIFFFile($0) }
    files += [[tiled, tiled], [deflated, deflated], [floats, floats], [above]].map {
      TIFFFile($0)
    }
    var big = TIFFFile([plain, plain])
    (big.isBig, big.isBigEndian) = (true, true)
    var motorola = TIFFFile([described, plain, plain])
    motorola.isBigEndian = true
    return (files + [big, motorola]).map { $0.bytes() } + pictures
  }()

  private static let pictures: [[UInt8]] = {
    let samples = (0..<16 * 12).map { UInt8($0 & 255) }
    let words = TIFFFile.Page(width: 8, height: 12, bits: 16, blocks: [samples])
    let colour = TIFFFile.Page(width: 8, height: 8, samples: 3, photometric: 2, blocks: [samples])
    return [[words], [colour]].map { TIFFFile($0).bytes() }
  }()
}
