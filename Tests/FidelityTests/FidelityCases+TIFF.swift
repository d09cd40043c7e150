import TestSupport

extension FidelityCase {
  /// Single pictures in TIFF, whose samples are changed in a copy of the file.
  static let tiff: [FidelityCase] = [
    .init(
      "TIFF, RGB, LZW", "in.tif", to: "out.tif",
      ["\(picture(frames: 1)) -pix_fmt rgb24 -compression_algo lzw -frames:v 1"], psnr: 99),
    .init(
      "TIFF, gray of 16 bits, Deflate", "in.tif", to: "out.tif",
      ["\(picture(frames: 1)) -pix_fmt gray16le -compression_algo deflate -frames:v 1"], psnr: 99),
    .init("TIFF, RGB, tiled", tiledTIFF.name, to: "out.tif", [], psnr: 99),
  ]

  /// A picture in tiles, which FFmpeg can't write.
  static let tiledTIFF: (name: String, bytes: [UInt8]) = {
    var page = TIFFFile.Page(width: 64, height: 48, samples: 3, photometric: 2, blocks: [])
    let rows = (0..<48).map { y -> [UInt8] in
      (0..<64 * 3).map { k -> UInt8 in
        let (x, sample) = (k / 3, k % 3)
        return UInt8(30 + 2 * x + y + 20 * sample)
      }
    }
    page.cutIntoTiles(16, rows: rows, bytesPerPlace: 3)
    page.texts[270] = "from a microscope"
    return ("tiled.tif", TIFFFile([page]).bytes())
  }()
}
