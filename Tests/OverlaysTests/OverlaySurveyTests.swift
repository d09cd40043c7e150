import Frames
import Testing

@testable import Overlays

@Suite("Overlays that let the picture through")
struct OverlaySurveyTests {
  @Test("are found as they are", arguments: [0.25, 0.6] as [Float])
  func found(opacity: Float) throws {
    var film = OverlaidFilm()
    film.opacity = opacity
    let finding = try #require(film.findings().first)
    #expect(finding.reason == nil && finding.frames == 42)
    #expect(finding.box == Box(x: 50, y: 18, width: 13, height: 13))
    let overlay = try #require(finding.overlay)
    let plane = overlay.planes[0]
    for i in plane.opacity.indices {
      let truth = film.opacity(x: Float(plane.x + i % plane.width), y: Float(plane.y + i / plane.width))
      #expect(abs(plane.opacity[i] - truth) < 0.08)
    }
    for p in 0..<3 {
      let errors = film.errors(overlay, plane: p)
      // Chroma takes luma's opacity, and differs less from the logo.
      #expect(errors.after < errors.before / (p == 0 ? 60 : 20), "plane \(p)")
    }
  }

  @Test("are told from their dark shadows")
  func shadows() throws {
    var film = OverlaidFilm()
    film.shadow = 0.5
    let overlay = try #require(film.findings().first?.overlay)
    let errors = film.errors(overlay, plane: 0)
    #expect(errors.after < errors.before / 30)
  }

  @Test("are the same for any number of threads, and in more bits")
  func threads() throws {
    var film = OverlaidFilm()
    let (one, three) = (film.findings(threads: 1), film.findings(threads: 3))
    #expect(one.first?.overlay != nil && one.map(\.overlay) == three.map(\.overlay))
    film.bitDepth = 10
    let errors = film.errors(try #require(film.findings().first?.overlay), plane: 0)
    #expect(errors.after < errors.before / 30)
  }

  @Test("are the same where frames that are not kept are left out", arguments: [42, 131])
  func leftOut(count: Int) throws {
    var film = OverlaidFilm()
    film.count = count
    var places = OverlayPlaces(format: film.format)
    places.add(film.mask, frames: OverlaySurvey.many)
    var survey = OverlaySurvey(format: film.format, places: places.places(), threads: 2)
    let numbers = survey.lookedAt(of: count)
    #expect(numbers.count == (count > 128 ? (count + 1) / 2 : count))
    let looks = numbers.reversed().map { survey.look(at: film.frame($0), of: count) }
    survey.fill(looks, of: count, mask: film.mask)
    #expect(survey.finish() == film.findings())
  }

  @Test("look at the same frames whether their number is known or not")
  func kept() {
    let format = FrameFormat(width: 4, height: 4, bitDepth: 16, roles: [.luma])
    let area = PlaneBox(Box(x: 1, y: 1, width: 2, height: 1), in: format.planes[0])
    for count in [0, 1, 127, 128, 129, 255, 256, 257, 700, 1025] {
      var crops = FrameCrops([(0, area)])
      for t in 0..<count { crops.add(Frame(format: format, filledWith: UInt16(t), index: t)) }
      #expect(crops.crops == crops.kept(of: count).map { [[UInt16($0), UInt16($0)]] })
    }
  }

  @Test("need a scene that changes")
  func still() {
    var film = OverlaidFilm()
    (film.sceneLength, film.speed) = (1000, 0)
    #expect(film.findings().allSatisfy { $0.overlay == nil && $0.reason != nil })
    film.count = 7
    #expect(film.findings().map(\.reason) == [.tooFewFrames])
  }

  @Test("are told from what hides all, and from what is no overlay")
  func others() {
    var film = OverlaidFilm()
    film.opacity = 1
    #expect(film.findings().map(\.overlay) == [nil])
    film.opacity = 0
    #expect(film.findings().map(\.reason) == [.nothingThere])
  }

  @Test("are told from what hides all but for noise that coding left there", arguments: [0, 0.5] as [Float])
  func noise(shadow: Float) throws {
    var film = OverlaidFilm()
    (film.noise, film.shadow, film.opacity) = (4, shadow, 1)
    #expect(film.findings().map(\.reason) == [.opaque])
    film.opacity = 0.6
    let errors = film.errors(try #require(film.findings().first?.overlay), plane: 0)
    #expect(errors.after < errors.before / 40)
  }

  @Test("may fade, and be gone")
  func fades() throws {
    var film = OverlaidFilm()
    film.share = { $0 < 12 ? Float($0) / 12 : $0 >= 36 ? 0 : 1 }
    let overlay = try #require(film.findings().first?.overlay)
    let presence = OverlayPresence(overlay, format: film.format)
    let shares = (0..<42).map { presence.share(in: film.frame($0)) }
    #expect(shares[12..<36].allSatisfy { $0 == 1 })
    let rest = Array(0..<12) + Array(36..<42)
    #expect(rest.reduce(0) { $0 + abs(shares[$1] - film.share($1)) } / Float(rest.count) < 0.2)
    let errors = film.errors(overlay, plane: 0)
    #expect(errors.after < errors.before / 20)
  }

  @Test("that are given need no evidence")
  func given() throws {
    var film = OverlaidFilm()
    let overlay = try #require(film.findings().first?.overlay)
    let whole = SeeThroughOverlay(
      box: Box(x: 0, y: 0, width: film.width, height: film.height),
      planes: film.format.planes.map { plane in
        SeeThroughOverlay.Plane(PlaneBox(Box(x: 0, y: 0, width: film.width, height: film.height), in: plane))
      })
    #expect(film.findings(given: whole).map(\.reason) == [.nothingThere])
    (film.sceneLength, film.speed) = (1000, 0)
    let again = try #require(film.findings(given: overlay).first?.overlay)
    #expect(again.planes[0].opacity == overlay.planes[0].opacity)
  }

  @Test("that are given and leave a trace are trusted less")
  func givenWrong() throws {
    let film = OverlaidFilm()
    let overlay = try #require(film.findings().first?.overlay)
    var fainter = overlay
    fainter.planes[0].opacity = overlay.planes[0].opacity.map { 0.7 * $0 }
    fainter.planes[0].veil = overlay.planes[0].veil.map { 0.7 * $0 }
    let right = try #require(film.findings(given: overlay).first?.overlay)
    let wrong = try #require(film.findings(given: fainter).first?.overlay)
    #expect(wrong.planes[0].modelError > 10 * right.planes[0].modelError)
  }
}
