extension VolumeFile {
  /// Checks whether `refined(by:memory:)` is possible, at once or axis by axis.
  ///
  /// - Parameter memory: bytes that the finer volume may take.
  /// - Throws: `VolumeError` of kind `.mismatch` where the format or the memory can't hold it.
  public func checkRefinement(by refinement: GridRefinement, memory: UInt64) throws {
    let shape = try finerShape(refinement, memory: memory)
    if format == .nifti {
      _ = try NIfTIHeader.refined(
        volume.buffer.bytes(0..<volume.offset), to: shape, by: refinement, path: path)
    }
  }

  /// The same file on a finer grid: the voxels are bit for bit at their new places, with zeros between them, and the
  /// header has the new sizes and distances.
  ///
  /// - Parameter memory: bytes that the finer volume may take.
  /// - Throws: `VolumeError` of kind `.mismatch` or `.unsupported` where the format or the memory can't hold it.
  public func refined(by refinement: GridRefinement, memory: UInt64) throws -> VolumeFile {
    let finer = try finerShape(refinement, memory: memory)
    var result =
      switch format {
      case .nifti: try refinedNIfTI(finer, refinement)
      case .numpy: try refinedNumPy(finer)
      case .tiff: refinedTIFF(finer)
      }
    result.isBigEndian = volume.isBigEndian
    result.spacing = refinement.refined(volume.spacing)
    result.affine = volume.affine.map { refinement.refined($0) }
    (result.slope, result.intercept) = (volume.slope, volume.intercept)
    volume.copyVoxels(to: result, refinement: refinement)
    let all = self.refinement.map { $0.followed(by: refinement) ?? refinement } ?? refinement
    return VolumeFile(path: path, format: format, volume: result, refinement: all)
  }

  private func finerShape(_ refinement: GridRefinement, memory: UInt64) throws -> VolumeShape {
    let shape = volume.shape
    if let samples = stack?.samples, samples > 1 {
      throw VolumeError(
        .unsupported,
        "\(path) has \(samples) samples for each voxel, whose grid can't be made finer: save each as a file of its own"
      )
    }
    for axis in VolumeAxis.allCases where refinement[axis] > 1 && shape[axis] == 1 {
      throw VolumeError(
        .mismatch, "\(path) has one voxel along \(axis.name): nothing lies between, so its factor must be 1")
    }
    if let finer = refinement.refined(shape),
      MemoryBound.demand(finer, volume.type, copies: copies) <= memory
    {
      return finer
    }
    let sizes = refinement.sizes(shape)
    // In floating point, so that numbers that no volume can have are told too.
    let voxels = sizes.reduce(1.0) { $0 * Double($1) }
    let bytes = voxels * Double(shape.volumes * volume.type.size * copies + MemoryBound.masks)
    throw VolumeError(
      .mismatch,
      "\(path) would be too large on a grid \(refinement.text) times as fine: \(sizes[0]) x \(sizes[1]) x \(sizes[2]) "
        + "voxels\(shape.volumes > 1 ? ", \(shape.volumes) volumes," : "") take \(MemoryBound.text(bytes)) of memory, "
        + "and there are \(MemoryBound.text(Double(memory))): give smaller factors")
  }

  /// How many times the voxels are in memory: stacks are read again after they are written.
  private var copies: Int { format == .tiff ? 2 : 1 }

  private func refinedNIfTI(_ shape: VolumeShape, _ refinement: GridRefinement) throws -> Volume {
    let head = try NIfTIHeader.refined(
      volume.buffer.bytes(0..<volume.offset), to: shape, by: refinement, path: path)
    let end = volume.offset + volume.shape.voxels * volume.shape.volumes * volume.type.size
    let buffer = VoxelBuffer(
      head, zeros: shape.voxels * shape.volumes * volume.type.size,
      volume.buffer.bytes(end..<volume.buffer.count))
    return Volume(shape: shape, type: volume.type, buffer: buffer, offset: head.count)
  }

  private func refinedNumPy(_ shape: VolumeShape) throws -> Volume {
    let header = try NumPyHeader(volume.buffer.bytes(0..<volume.offset), path: path)
    let head = header.bytes(for: shape)
    let buffer = VoxelBuffer(head, zeros: shape.voxels * shape.volumes * volume.type.size, [])
    return Volume(
      shape: shape, type: volume.type, buffer: buffer, offset: head.count, strides: header.strides(shape))
  }

  /// Pages are in the order of the file: channels may alternate from page to page, or each has its pages in a row.
  private func refinedTIFF(_ shape: VolumeShape) -> Volume {
    let page = shape.x * shape.y
    let goesByTurns = volume.strides[3] < volume.strides[2]
    return Volume(
      shape: shape, type: volume.type,
      buffer: VoxelBuffer(zeros: shape.voxels * shape.volumes * volume.type.size), offset: 0,
      strides: [1, shape.x, goesByTurns ? page * shape.volumes : page, goesByTurns ? page : page * shape.z])
  }
}
