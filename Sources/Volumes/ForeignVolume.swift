import Foundation

/// A file of voxels in a format that can't be read, with advice on how to convert it.
struct ForeignVolume {
  /// With an article.
  let name: String
  /// How to convert it.
  let remedy: String

  /// Recognises a file by its name's ending, or by its first bytes; nil for all other files.
  init?(path: String) {
    let lower = path.lowercased()
    let named = Self.kinds.first { kind in kind.suffixes.contains { lower.hasSuffix($0) } }
    var status = stat()
    let type = stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    // Pipes are not looked into: what is read from them is lost.
    guard type == nil || type == S_IFDIR || type == S_IFREG else { return nil }
    if let named, type == nil || named.isFolder == (type == S_IFDIR) {
      self.init(named, path)
      return
    }
    guard type == S_IFREG, let start = Self.start(of: path),
      let found = Self.kinds.first(where: { kind in
        kind.marks.contains { start.dropFirst($0.at).starts(with: $0.bytes) }
      })
    else { return nil }
    self.init(found, path)
  }

  private init(_ kind: Kind, _ path: String) {
    name = kind.name
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let isPlain = file.allSatisfy { $0.isLetter || $0.isNumber || "._-+".contains($0) }
    let commands = [
      ("$NIBABEL", Self.nibabel),
      ("$SIMPLEITK", "import SimpleITK as s; s.WriteImage(s.ReadImage('$FILE'), 'scan.nii.gz')"),
      ("$FILE", isPlain ? file : "FILE"),
    ]
    remedy = commands.reduce(kind.remedy) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
  }

  /// A program in Python that converts `$FILE` to NIfTI.
  fileprivate static let nibabel = "import nibabel as n; n.save(n.load('$FILE'), 'scan.nii.gz')"

  /// As one sentence.
  func sentence(_ path: String) -> String { "\(path) is \(name), which is not read here: \(remedy)" }

  /// The first 348 bytes, or what there is.
  static func start(of path: String) -> [UInt8]? {
    guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? handle.close() }
    return (try? handle.read(upToCount: 348)).map { Array($0) }
  }

  private struct Kind: Sendable {
    var name: String
    var suffixes: [String]
    /// Bytes by which a file is recognised, at an offset of at most 348.
    var marks: [(at: Int, bytes: [UInt8])] = []
    var isFolder = false
    /// `$FILE` stands for the file's name, `$NIBABEL` and `$SIMPLEITK` for programs in Python that convert it.
    var remedy: String
  }

  private static let kinds: [Kind] = [
    Kind(
      name: "a FreeSurfer volume", suffixes: [".mgz", ".mgh", ".mgh.gz"],
      remedy:
        "convert it to NIfTI (mri_convert $FILE scan.nii.gz, or python3 -c \"$NIBABEL\") and give scan.nii.gz"
    ),
    Kind(
      name: "an NRRD volume", suffixes: [".nrrd", ".nhdr"], marks: [(0, Array("NRRD000".utf8))],
      remedy: "convert it to NIfTI (python3 -c \"$SIMPLEITK\", or 3D Slicer) and give scan.nii.gz"),
    Kind(
      name: "a MetaImage volume", suffixes: [".mha", ".mhd"], marks: [(0, Array("ObjectType = Image".utf8))],
      remedy: "convert it to NIfTI (python3 -c \"$SIMPLEITK\", or 3D Slicer) and give scan.nii.gz"),
    Kind(
      name: "a DICOM file", suffixes: [".dcm", ".dicom"], marks: [(128, Array("DICM".utf8))],
      remedy: "convert the folder of its series to NIfTI (dcm2niix -z y -f scan FOLDER) and give scan.nii.gz"),
    Kind(
      name: "a MINC volume", suffixes: [".mnc", ".mnc.gz"],
      remedy: "convert it to NIfTI (mnc2nii $FILE scan.nii, or python3 -c \"$NIBABEL\") and give that file"),
    Kind(
      name: "a Philips or AFNI volume", suffixes: [".par", ".brik", ".brik.gz", ".head"],
      remedy: "convert it to NIfTI (python3 -c \"$NIBABEL\", or 3dAFNItoNIFTI for AFNI) and give scan.nii.gz"),
    Kind(
      name: "an image of a microscope", suffixes: [".czi", ".lif", ".nd2", ".oib", ".oif", ".vsi", ".ims"],
      remedy: "convert it to OME-TIFF (bfconvert $FILE stack.ome.tif, of Bio-Formats) and give stack.ome.tif"),
    Kind(
      name: "an MRC volume", suffixes: [".mrc"],
      remedy: "save it as a NumPy array (python3 -c \"import mrcfile, numpy as n; n.save('scan.npy', "
        + "mrcfile.read('$FILE'))\") and give scan.npy"),
    Kind(
      name: "an HDF5 file", suffixes: [".h5", ".hdf5", ".hdf"],
      marks: [(0, [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a])],
      remedy: "save one of its arrays with NumPy (python3 -c \"import h5py, numpy as n; n.save('scan.npy', "
        + "h5py.File('$FILE')['DATASET'][:])\") and give scan.npy"),
    Kind(
      name: "a zarr array", suffixes: [".zarr", ".zarr/", ".n5", ".n5/"], isFolder: true,
      remedy: "save it with NumPy (python3 -c \"import zarr, numpy as n; n.save('scan.npy', "
        + "zarr.open('$FILE')[:])\") and give scan.npy"),
    Kind(
      name: "a MATLAB file", suffixes: [".mat"],
      remedy:
        "save one of its arrays with NumPy (python3 -c \"import scipy.io as s, numpy as n; n.save('scan.npy', "
        + "s.loadmat('$FILE')['NAME'])\") and give scan.npy"),
  ]
}

/// A volume in two files, one for the header and one for the voxels.
enum HeaderPair {
  /// Whether a file's name is that of a pair. Radiance pictures are named .hdr too; they begin with `#?`.
  static func isNamed(_ path: String) -> Bool {
    let lower = path.lowercased()
    guard [".hdr", ".img", ".hdr.gz", ".img.gz"].contains(where: { lower.hasSuffix($0) }) else {
      return false
    }
    return ForeignVolume.start(of: path)?.starts(with: Array("#?".utf8)) != true
  }

  /// What the file is and how to convert it, as one sentence.
  static func sentence(_ path: String) -> String {
    let header = path.replacingOccurrences(
      of: "\\.img(\\.gz)?$", with: ".hdr$1", options: [.regularExpression, .caseInsensitive])
    let start = ForeignVolume.start(of: header) ?? []
    let isNIfTI = start.count >= 347 && start[344..<346].elementsEqual(Array("ni".utf8))
    let name = header.split(separator: "/").last.map(String.init) ?? header
    return "\(path) is one of a pair of files (.hdr, .img), "
      + (isNIfTI ? "a NIfTI volume" : "an Analyze volume or a NIfTI one") + ": make one file of them "
      + "(python3 -c \"\(ForeignVolume.nibabel.replacingOccurrences(of: "$FILE", with: name))\", or fslchfiletype NIFTI_GZ) "
      + "and give scan.nii.gz"
  }
}
