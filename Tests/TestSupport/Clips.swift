extension ScratchFolder {
  /// A lossless clip of moving texture, 64 x 48 and 10 frames long if not told otherwise.
  @discardableResult
  public func makeClip(
    _ name: String = "in.mkv", frames: Int = 10, size: String = "64x48", pixelFormat: String = "yuv420p",
    sound: Bool = false
  ) throws -> String {
    var arguments = ["-f", "lavfi", "-i", "testsrc2=s=\(size):r=25,noise=alls=20:all_seed=1"]
    if sound { arguments += ["-f", "lavfi", "-i", "sine=f=300"] }
    arguments += ["-frames:v", "\(frames)", "-c:v", "ffv1", "-pix_fmt", pixelFormat]
    if sound { arguments += ["-c:a", "flac", "-t", "\(Double(frames) / 25)"] }
    try ffmpeg(arguments + [file(name)])
    return file(name)
  }

  /// A lossless clip, 128 x 96 and 14 frames long, with a scratch at column 60 and two stuck pixels.
  @discardableResult
  public func makeDamagedClip(
    _ name: String = "in.mkv",
    damage: String =
      "drawbox=60:0:2:96:white:fill,drawbox=100:20:1:1:white:fill,drawbox=30:70:1:1:black:fill"
  ) throws -> String {
    // A texture that moves sideways.
    let scene =
      "nullsrc=s=128x96:r=25,geq=lum='110+30*sin((X-3*N)/9)*cos(Y/7)+20*sin((X-3*N)/4+Y/5)':cb=128:cr=128"
    try ffmpeg(
      "-f", "lavfi", "-i", "\(scene),noise=alls=6:allf=t:all_seed=1,\(damage)", "-frames:v", "14", "-c:v",
      "ffv1", "-pix_fmt", "yuv444p", file(name))
    return file(name)
  }

  /// A clip of H.264, 128 x 96 and 48 frames of 40 ms, of four scenes of 12 frames, with a scratch and a spot of dirt in each.
  ///
  /// Key frames come every ten frames, and not where scenes begin.
  public func makeScenes(_ name: String) throws {
    let scene = "floor(N/12)"
    let texture =
      "90+40*mod(\(scene),2)+30*sin((X-3*N)/(6+2*\(scene)))*cos(Y/(5+\(scene)))+20*sin((X-3*N)/4+Y/(3+2*\(scene)))"
    let dirt = "drawbox=30:40:6:5:white:fill:enable='eq(mod(n,12),5)'"
    try ffmpeg(
      "-f", "lavfi", "-i",
      "nullsrc=s=128x96:r=25,geq=lum='\(texture)':cb=128:cr=128,noise=alls=4:allf=t:all_seed=1,"
        + "drawbox=70:0:2:96:white:fill,\(dirt)", "-frames:v", "48", "-c:v", "libx264", "-qp", "8", "-g",
      "10",
      "-keyint_min", "10", "-sc_threshold", "0", "-bf", "2", "-pix_fmt", "yuv420p", file(name))
  }

  /// A lossless clip, 128 x 96 and 14 frames long, of a textured box of 24 x 20 that is at (20 + 3 t, 30 + t) in frame t.
  ///
  /// - Parameter vanishes: the first frame without it.
  @discardableResult
  public func makeMovingThing(_ name: String = "in.mkv", vanishes: Int = 1000) throws -> String {
    let box = "between(X-20-3*N,0,23)*between(Y-30-N,0,19)*lt(N,\(vanishes))"
    let scene =
      "nullsrc=s=128x96:r=25,geq=lum='if(\(box),128+60*sin((X-3*N)/3)*cos((Y-N)/2.5),110+30*sin(X/9)*cos(Y/7)+12*sin(X/3+Y/4))':cb=128:cr=128"
    return try ffmpegFile(
      name, "-f", "lavfi", "-i", "\(scene),noise=alls=4:allf=t:all_seed=1", "-frames:v", "14", "-c:v", "ffv1",
      "-pix_fmt", "yuv444p")
  }

  /// A picture that is white where the box of `makeMovingThing` is in a frame.
  @discardableResult
  public func makeKey(_ name: String, frame t: Int, size: String = "128x96") throws -> String {
    try ffmpegFile(
      name, "-f", "lavfi", "-i",
      "nullsrc=s=\(size),format=gray,geq=lum='255*between(X-\(20 + 3 * t),0,23)*between(Y-\(30 + t),0,19)'",
      "-frames:v", "1")
  }

  private func ffmpegFile(_ name: String, _ arguments: String...) throws -> String {
    try ffmpeg(arguments + ["-y", file(name)])
    return file(name)
  }

  /// A lossless mask of as many frames, with a white box that moves.
  @discardableResult
  public func makeMask(_ name: String = "mask.mkv", frames: Int = 10, size: String = "64x48") throws -> String
  {
    try ffmpeg(
      "-f", "lavfi", "-i",
      "nullsrc=s=\(size):r=25,format=gray,geq=lum='255*between(X-N,5,12)*between(Y,8,15)'", "-frames:v",
      "\(frames)", "-c:v", "ffv1", file(name))
    return file(name)
  }

  /// The frames of a file in 8-bit 4:2:0, which a lossless clip of 64 x 48 decodes to.
  public func frames(of file: String, width: Int = 64, height: Int = 48) throws -> [[UInt8]] {
    try rawFrames(of: file, pixelFormat: "yuv420p", bytesPerFrame: width * height * 3 / 2)
  }
}
