import Frames
import CVectorMath
import Kernels

/// Sendable because the normals it points to change only between the loops that read them.
extension level_line_volume: @retroactive @unchecked Sendable {}

/// How much a signal bends along its level lines or surfaces, as a quadratic function of its missing samples.
///
///   E(u) = sum over samples of second (L u)^2 + third |grad L u|^2,
///   L u = trace((I - a a^T) H u),
///
/// H the Hessian by second differences per squared distance, and a the normal of the level surface, whose length of 0 ... 1
/// is the confidence in it. Before there are normals, a = 0 and L is the Laplacian. Samples beyond an end repeat the last
/// one, so that no slope is extrapolated.
///
/// Edge-enhancing diffusion (Weickert 1996) fills in pictures in Galic et al., "Image compression with anisotropic
/// diffusion" (2008). It is of second order, and level lines have kinks where known samples begin; those of fourth and
/// sixth order, as here, have none.
struct LevelLineEnergy {
  /// Weights of the terms of fourth order (`second`) and of sixth order (`third`). The latter finds more between samples that
  /// lie close, such as slices; in wide holes it overshoots.
  struct Weights {
    var second: Float
    var third: Float
    static let bends = Weights(second: 1, third: 0)
    static let changes = Weights(second: 0.1, third: 1)
  }

  let shape: (frames: Int, height: Int, width: Int)
  let threads: Int
  /// Where samples are missing.
  let missing: RowSpans
  /// Samples within one, two and three samples of missing ones.
  private let near: (RowSpans, RowSpans, RowSpans)
  /// 1 where missing, 0 where known.
  private let mask: Matrix
  let preconditioner: MultilevelPreconditioner
  /// Components of the normals, as the kernels take them.
  let normals: (frames: Matrix, rows: Matrix, columns: Matrix)
  private var volume: level_line_volume
  private let kernels: level_line_kernels

  private let weights: Weights
  /// The slope, in full scale per sample, above which a normal counts; and the share of bending across a level surface
  /// that is left out in full confidence.
  private static let (steepness, most): (Float, Float) = (0.01, 0.9)

  /// - Parameters:
  ///   - spacing: distances between samples; nil for level lines of each frame by itself, with square samples.
  ///   - level: the kernels' instruction set; nil for the best that the machine has.
  init(
    shape: (frames: Int, height: Int, width: Int), states: [UInt8], spacing: SampleSpacing?, weights: Weights,
    threads: Int
  ) {
    (self.shape, self.weights, self.threads) = (shape, weights, threads)
    kernels = vm_kernels_best().pointee.level_lines
    let unknown = states.map { $0 != SampleState.known }
    missing = RowSpans(unknown, width: shape.width)
    preconditioner = MultilevelPreconditioner(
      missing: unknown, spans: missing, shape: shape, isDeep: spacing != nil, threads: threads,
      kernels: kernels)
    var around = unknown
    func further() -> RowSpans {
      around = widened(
        around, frames: shape.frames, height: shape.height, width: shape.width,
        reach: (spacing == nil ? 0 : 1, 1, 1))
      return RowSpans(around, width: shape.width)
    }
    near = (further(), further(), further())
    mask = Matrix(rows: 1, columns: states.count)
    for i in unknown.indices where unknown[i] { mask[i] = 1 }
    func zeros() -> Matrix { Matrix(rows: 1, columns: states.count) }
    normals = (zeros(), zeros(), zeros())
    volume = level_line_volume(
      frames: shape.frames, height: shape.height, width: shape.width,
      per_frame: spacing.map { Float(1 / $0.frame) } ?? 0, per_row: spacing.map { Float(1 / $0.row) } ?? 1,
      per_column: spacing.map { Float(1 / $0.column) } ?? 1, along_frames: normals.frames.base,
      along_rows: normals.rows.base, along_columns: normals.columns.base)
  }

  /// Takes the normals from the level surfaces of `u`, in which every sample has a value.
  ///
  /// - Parameter scratch: as large as `u` each.
  func follow(_ u: [Float], scratch: (Matrix, Matrix, Matrix)) {
    precondition(u.count == mask.count, "a value for each sample")
    var slopes = volume
    (slopes.along_frames, slopes.along_rows, slopes.along_columns) = (
      UnsafePointer(scratch.0.base), UnsafePointer(scratch.1.base), UnsafePointer(scratch.2.base)
    )
    near.2.each(threads: threads) { row, from, to in
      withUnsafePointer(to: volume) {
        kernels.slopes($0, u, row, from, to, scratch.0.base, scratch.1.base, scratch.2.base)
      }
    }
    near.1.each(threads: threads) { [slopes] row, from, to in
      withUnsafePointer(to: slopes) {
        kernels.normals(
          $0, row, from, to, Self.steepness, Self.most, normals.frames.base, normals.rows.base,
          normals.columns.base)
      }
    }
  }

  /// Writes half the gradient of the energy at `u` to `gradient` where samples are missing, 0 elsewhere in their spans.
  ///
  /// - Parameter scratch: as large as `u` each.
  func gradient(
    of u: SharedElements<Float>, to gradient: Matrix, scratch: (bends: Matrix, stiff: Matrix)
  ) {
    precondition(u.count == mask.count && gradient.count == mask.count, "a value for each sample")
    (weights.third > 0 ? near.1 : near.0).each(threads: threads) { row, from, to in
      withUnsafePointer(to: volume) {
        kernels.bend($0, u.address(of: 0, count: u.count), row, from, to, scratch.bends.base)
      }
    }
    near.0.each(threads: threads) { row, from, to in
      withUnsafePointer(to: volume) {
        kernels.stiffen(
          $0, scratch.bends.base, row, from, to, weights.second, weights.third, scratch.stiff.base)
      }
    }
    missing.each(threads: threads) { row, from, to in
      withUnsafePointer(to: volume) {
        kernels.bend_back($0, scratch.stiff.base, mask.base, row, from, to, gradient.base)
      }
    }
  }

  /// A step of conjugate gradients over the missing samples: u -= length direction, residual -= length image.
  ///
  /// - Returns: the sum of the residual's squares.
  func step(
    _ length: Float, along direction: Matrix, image: Matrix, to u: SharedElements<Float>, residual: Matrix
  ) -> Double {
    missing.sum(threads: threads) { i, count in
      kernels.step(
        length, direction.base + i, image.base + i, u.address(of: i, count: count), residual.base + i, count)
    }
  }

  /// direction = residual + turn direction, over the missing samples.
  func turn(_ direction: Matrix, by turn: Float, towards residual: Matrix) {
    _ = missing.sum(threads: threads) { i, count in
      kernels.turn(turn, residual.base + i, direction.base + i, count)
      return 0
    }
  }

  /// The sum of products over the missing samples.
  func dot(_ a: Matrix, _ b: Matrix) -> Double {
    let dot = vm_kernels_best().pointee.elementwise.dot
    return missing.sum(threads: threads) { i, count in dot(a.base + i, b.base + i, count) }
  }

  /// Copies the known samples of `u`, and 0 for the missing ones.
  func copyKnown(_ u: SharedElements<Float>, to copy: Matrix) {
    for i in 0..<mask.count { copy[i] = mask[i] > 0 ? 0 : u[i] }
  }
}
