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
