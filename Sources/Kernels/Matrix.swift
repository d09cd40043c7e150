/// Memory for floats, aligned to 64 bytes, zero at first, and freed with its last owner.
///
/// Unchecked because threads share it by agreement: those who write at the same time write to different places.
@usableFromInline
final class FloatStorage: @unchecked Sendable {
  @usableFromInline let base: UnsafeMutablePointer<Float>
  let count: Int

  init(count: Int) {
    // The matrix product may read up to 15 elements beyond the last one.
    let padded = count + 16
    let bytes = padded * MemoryLayout<Float>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    base = raw.bindMemory(to: Float.self, capacity: padded)
    base.initialize(repeating: 0, count: padded)
    self.count = count
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }
}

/// A matrix in row-major order: a rectangle of shared memory, not a value.
///
/// Copies and slices refer to the same elements, as rows of a picture do. Element (i, j) lies at
/// `base[i * stride + j]`.
public struct Matrix: Sendable {
  @usableFromInline let storage: FloatStorage
  @usableFromInline let offset: Int
  public let rows: Int
  public let columns: Int
  /// Distance in elements between successive rows, at least `columns`.
  public let stride: Int

  /// A matrix of zeros with memory of its own.
  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "a matrix has no negative size")
    self.init(
      storage: FloatStorage(count: rows * columns), offset: 0, rows: rows, columns: columns, stride: columns)
  }

  /// A matrix of `values`, row by row, with memory of its own.
  public init(rows: Int, columns: Int, values: [Float]) {
    precondition(values.count == rows * columns, "a matrix needs rows x columns values")
    self.init(rows: rows, columns: columns)
    values.withUnsafeBufferPointer { source in
      if let first = source.baseAddress { base.update(from: first, count: values.count) }
    }
  }

  private init(storage: FloatStorage, offset: Int, rows: Int, columns: Int, stride: Int) {
    self.storage = storage
    self.offset = offset
    self.rows = rows
    self.columns = columns
    self.stride = stride
  }

  /// The first element. Valid as long as any matrix on this memory lives.
  @inlinable public var base: UnsafeMutablePointer<Float> { storage.base + offset }

  /// The elements of a matrix without gaps, in order. Valid as long as any matrix on this memory lives.
  public var elements: SharedElements<Float> {
    precondition(isContiguous, "gaps between rows")
    return SharedElements(UnsafeMutableBufferPointer(start: base, count: count))
  }

  /// Number of elements.
  public var count: Int { rows * columns }

  /// True if the elements lie without gaps.
  public var isContiguous: Bool { stride == columns || rows <= 1 }

  /// Rows `range` of the same memory.
  public func rows(_ range: Range<Int>) -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows out of range")
    return Matrix(
      storage: storage, offset: offset + range.lowerBound * stride, rows: range.count, columns: columns,
      stride: stride)
  }

  /// Columns `range` of the same memory.
  public func columns(_ range: Range<Int>) -> Matrix {
    precondition(range.lowerBound >= 0 && range.upperBound <= columns, "columns out of range")
    return Matrix(
      storage: storage, offset: offset + range.lowerBound, rows: rows, columns: range.count, stride: stride)
  }

  /// The elements from `start` on, in order, as a matrix of another shape on the same memory.
  public func reshaped(from start: Int = 0, rows: Int, columns: Int) -> Matrix {
    precondition(
      isContiguous && start >= 0 && rows >= 0 && columns >= 0 && start + rows * columns <= count,
      "cannot reshape")
    return Matrix(storage: storage, offset: offset + start, rows: rows, columns: columns, stride: columns)
  }

  /// Checked in debug builds only: the innermost loops use it.
  public subscript(row: Int, column: Int) -> Float {
    get {
      assert((0..<rows).contains(row) && (0..<columns).contains(column), "no such element")
      return base[row * stride + column]
    }
    nonmutating set {
      assert((0..<rows).contains(row) && (0..<columns).contains(column), "no such element")
      base[row * stride + column] = newValue
    }
  }

  /// Element `i` of a matrix without gaps, row by row; checked in debug builds only.
  public subscript(i: Int) -> Float {
    get {
      assert(isContiguous && (0..<count).contains(i), "no such element")
      return base[i]
    }
    nonmutating set {
      assert(isContiguous && (0..<count).contains(i), "no such element")
      base[i] = newValue
    }
  }

  /// A copy of the elements, row by row.
  public var values: [Float] {
    var result: [Float] = []
    result.reserveCapacity(count)
    for i in 0..<rows {
      result.append(contentsOf: UnsafeBufferPointer(start: base + i * stride, count: columns))
    }
    return result
  }

  /// Overwrites the elements with those of `other`, which has the same shape.
  public func copy(from other: Matrix) {
    precondition(rows == other.rows && columns == other.columns, "shapes differ")
    if isContiguous && other.isContiguous {
      base.update(from: other.base, count: count)
    } else {
      for i in 0..<rows { (base + i * stride).update(from: other.base + i * other.stride, count: columns) }
    }
  }

  /// Sets every element.
  public func fill(_ value: Float) {
    for i in 0..<rows { (base + i * stride).update(repeating: value, count: columns) }
  }
}
