import Foundation

/// A file of voxels in a format that is not read here: what it is, and how it becomes one that is.
struct ForeignVolume {
  /// With an article.
  let name: String
  /// What a person does about it.
  let remedy: String

  /// By the name's ending, else by the first bytes; nil for all other files.
  init?(path: String) {
    let lower = path.lowercased()
    let kind = Self.kinds.first { kind in kind.suffixes.contains { lower.hasSuffix($0) } }
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard let kind else { return nil }
      self.init(kind, path)
      return
    }
    if status.st_mode & S_IFMT == S_IFDIR {
      guard let kind, kind.isFolder else { return nil }
      self.init(kind, path)
      return
    }
    // Nothing is read from pipes: what is read there is gone.
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    if let kind, !kind.isFolder {
      self.init(kind, path)
      return
    }
    guard let start = Self.start(of: path),
      let found = Self.kinds.first(where: { kind in
        kind.marks.contains { mark in
          start.count >= mark.at + mark.bytes.count
            && start[mark.at..<mark.at + mark.bytes.count].elementsEqual(mark.bytes)
        }
      })
    else { return nil }
    self.init(found, path)
  }

  private init(_ kind: Kind, _ path: String) {
    name = kind.name
    remedy = kind.remedy(path)
  }

  /// As one sentence.
  func sentence(_ path: String) -> String { "\(path) is \(name), which is not read here: \(remedy)" }

  /// The first 348 bytes, or what there is.
  static func start(of path: String) -> [UInt8]? {
    guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? handle.close() }
    return (try? handle.read(upToCount: 348)).map { Array($0) }
  }

  private struct Mark: Sendable {
    var at = 0
    var bytes: [UInt8]

    init(_ text: String, at: Int = 0) { (self.at, bytes) = (at, Array(text.utf8)) }
    init(bytes: [UInt8]) { self.bytes = bytes }
  }

  private struct Kind: Sendable {
    var name: String
    var suffixes: [String]
    var marks: [Mark] = []
    var isFolder = false
    var remedy: @Sendable (String) -> String
  }

  private static func quoted(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.allSatisfy { $0.isLetter || $0.isNumber || "._-+".contains($0) } ? name : "FILE"
  }

  private static func nibabel(_ path: String) -> String {
    "python3 -c \"import nibabel as n; n.save(n.load('\(quoted(path))'), 'scan.nii.gz')\""
  }

  private static func simpleITK(_ path: String) -> String {
    "python3 -c \"import SimpleITK as s; s.WriteImage(s.ReadImage('\(quoted(path))'), 'scan.nii.gz')\""
  }

  private static let kinds: [Kind] = [
    Kind(name: "a FreeSurfer volume", suffixes: [".mgz", ".mgh", ".mgh.gz"]) {
      "convert it to NIfTI (mri_convert \(quoted($0)) scan.nii.gz, or \(nibabel($0))) and give scan.nii.gz"
    },
    Kind(
      name: "an NRRD volume", suffixes: [".nrrd", ".nhdr"], marks: [Mark("NRRD000")]
    ) { "convert it to NIfTI (\(simpleITK($0)), or 3D Slicer) and give scan.nii.gz" },
    Kind(name: "a MetaImage volume", suffixes: [".mha", ".mhd"], marks: [Mark("ObjectType = Image")]) {
      "convert it to NIfTI (\(simpleITK($0)), or 3D Slicer) and give scan.nii.gz"
    },
    Kind(name: "a DICOM file", suffixes: [".dcm", ".dicom"], marks: [Mark("DICM", at: 128)]) { _ in
      "convert the folder of its series to NIfTI (dcm2niix -z y -f scan FOLDER) and give scan.nii.gz"
    },
    Kind(name: "a MINC volume", suffixes: [".mnc", ".mnc.gz"]) {
      "convert it to NIfTI (mnc2nii \(quoted($0)) scan.nii, or \(nibabel($0))) and give that file"
    },
    Kind(
      name: "a Philips or AFNI volume", suffixes: [".par", ".brik", ".brik.gz", ".head"]
    ) {
      "convert it to NIfTI (\(nibabel($0)), or 3dAFNItoNIFTI for AFNI) and give scan.nii.gz"
    },
    Kind(
      name: "an image of a microscope", suffixes: [".czi", ".lif", ".nd2", ".oib", ".oif", ".vsi", ".ims"]
    ) {
      "convert it to OME-TIFF (bfconvert \(quoted($0)) stack.ome.tif, of Bio-Formats) and give stack.ome.tif"
    },
    Kind(name: "an MRC volume", suffixes: [".mrc"]) {
      "save it as a NumPy array (python3 -c \"import mrcfile, numpy as n; n.save('scan.npy', "
        + "mrcfile.read('\(quoted($0))'))\") and give scan.npy"
    },
    Kind(
      name: "an HDF5 file", suffixes: [".h5", ".hdf5", ".hdf"],
      marks: [Mark(bytes: [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a])]
    ) {
      "save one of its arrays with NumPy (python3 -c \"import h5py, numpy as n; n.save('scan.npy', "
        + "h5py.File('\(quoted($0))')['DATASET'][:])\") and give scan.npy"
    },
    Kind(name: "a zarr array", suffixes: [".zarr", ".zarr/", ".n5", ".n5/"], isFolder: true) {
      "save it with NumPy (python3 -c \"import zarr, numpy as n; n.save('scan.npy', zarr.open('\(quoted($0))')[:])\") "
        + "and give scan.npy"
    },
    Kind(name: "a MATLAB file", suffixes: [".mat"]) {
      "save one of its arrays with NumPy (python3 -c \"import scipy.io as s, numpy as n; n.save('scan.npy', "
        + "s.loadmat('\(quoted($0))')['NAME'])\") and give scan.npy"
    },
  ]
}

/// A volume in two files, one for the header and one for the voxels.
enum HeaderPair {
  /// Whether a name may be one of a pair's; .hdr is of pictures too, which begin otherwise.
  static func isNamed(_ path: String) -> Bool {
    let lower = path.lowercased()
    guard [".hdr", ".img", ".hdr.gz", ".img.gz"].contains(where: { lower.hasSuffix($0) }) else {
      return false
    }
    return ForeignVolume.start(of: path)?.starts(with: Array("#?".utf8)) != true
  }

  /// What it is and what to do about it, as one sentence.
  static func sentence(_ path: String) -> String {
    let header = path.replacingOccurrences(
      of: "\\.img(\\.gz)?$", with: ".hdr$1", options: [.regularExpression, .caseInsensitive])
    let start = ForeignVolume.start(of: header) ?? []
    let isNIfTI = start.count >= 347 && start[344..<346].elementsEqual(Array("ni".utf8))
    let name = header.split(separator: "/").last.map(String.init) ?? header
    return "\(path) is one of a pair of files (.hdr, .img), "
      + (isNIfTI ? "a NIfTI volume" : "an Analyze volume or a NIfTI one") + ": make one file of them "
      + "(python3 -c \"import nibabel as n; n.save(n.load('\(name)'), 'scan.nii.gz')\", or fslchfiletype NIFTI_GZ) "
      + "and give scan.nii.gz"
  }
}
