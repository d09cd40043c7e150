#!/usr/bin/env python3
"""Tests a report's page in headless Chromium: test_page.py FOLDER, with restore/, inspect/ and film/ in it.

Screenshots go to FOLDER, for people to look at. Needs Selenium and chromedriver.
"""
import base64
import json
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

FOLDER = pathlib.Path(sys.argv.pop(1)).resolve()


def browser(width=1280, height=1000, dark=False):
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.chrome.service.Service(shutil.which("chromedriver"))
    driver = webdriver.Chrome(service=service, options=options)
    # Narrower than a window can be.
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    )
    scheme = "dark" if dark else "light"
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    return driver


def pixels(png, size):
    """The picture as rows of (r, g, b), scaled to `size`, by FFmpeg."""
    width, height = size
    command = ["ffmpeg", "-v", "error", "-i", "-", "-vf", f"scale={width}:{height}:flags=area", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(command, input=png, stdout=subprocess.PIPE, check=True).stdout
    return [[tuple(raw[(y * width + x) * 3 :][:3]) for x in range(width)] for y in range(height)]


def difference(a, b):
    """Mean absolute difference of two pictures."""
    values = [abs(p - q) for ra, rb in zip(a, b) for u, v in zip(ra, rb) for p, q in zip(u, v)]
    return sum(values) / len(values)


def decoded(url):
    return base64.b64decode(url.split(",", 1)[1])


class Page(unittest.TestCase):
    width, height, dark, name = 1280, 1000, False, "restore"

    @classmethod
    def setUpClass(cls):
        cls.driver = browser(cls.width, cls.height, cls.dark)
        path = FOLDER / cls.name / "index.html"
        cls.size = path.stat().st_size
        cls.driver.get(path.as_uri())
        cls.data = json.loads(cls.driver.find_element(By.ID, "data").get_attribute("textContent"))

    @classmethod
    def tearDownClass(cls):
        cls.driver.quit()

    def find(self, name):
        return self.driver.find_element(By.ID, name)

    def frame(self):
        return int(self.driver.execute_script("return document.body.dataset.frame"))

    def shown(self, name="pictures"):
        """What the stage shows, as small as can be told apart."""
        return pixels(base64.b64decode(self.find(name).screenshot_as_base64), (32, 18))

    def view(self, value):
        self.driver.find_element(By.CSS_SELECTOR, f"input[name=view][value={value}]").click()

    def whole_page(self, name):
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        picture = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot",
            {"captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}},
        )
        (FOLDER / name).write_bytes(base64.b64decode(picture["data"]))

    def assertNothingWrong(self):
        errors = [entry for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
        self.assertEqual(errors, [])

    def assertFits(self):
        wide = self.driver.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
        self.assertLessEqual(wide[0], wide[1], "no horizontal scrolling")


class Desktop(Page):
    def test_needs_nothing_else(self):
        self.assertLess(self.size, 20_000_000)
        text = (FOLDER / self.name / "index.html").read_text()
        self.assertEqual(re.findall(r"""(?:src|href)=["'](?!data:)[^"']+""", text), [])
        self.assertNotRegex(text.replace("http://www.w3.org/2000/svg", ""), r"https?://")
        loaded = self.driver.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
        self.assertEqual([name for name in loaded if not name.startswith("data:")], [])
        self.assertEqual([path.name for path in (FOLDER / self.name).iterdir()], ["index.html"])

    def test_keyboard_moves_through_frames(self):
        frames = [p["frame"] for p in self.data["pictures"]]
        body, slider = self.driver.find_element(By.TAG_NAME, "body"), self.find("frame")
        for target in (body, slider):
            target.send_keys(Keys.HOME)
            self.assertEqual(self.frame(), frames[0])
            target.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
            self.assertEqual(self.frame(), frames[2])
            target.send_keys(Keys.ARROW_LEFT)
            self.assertEqual(self.frame(), frames[1])
            target.send_keys(Keys.PAGE_UP)
            self.assertEqual(self.frame(), frames[1 + max(1, round(len(frames) / 10))])
            target.send_keys(Keys.END)
            self.assertEqual(self.frame(), frames[-1])
            target.send_keys(Keys.PAGE_DOWN)
            self.assertEqual(self.frame(), frames[-1 - max(1, round(len(frames) / 10))])
        self.assertEqual(self.find("frame").get_attribute("aria-valuetext"), f"frame {self.frame()}")

    def test_right_frame_is_shown(self):
        for name in ("damaged", "restored"):
            self.view(name)
            for index in (0, len(self.data["pictures"]) // 2):
                self.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.HOME, *[Keys.ARROW_RIGHT] * index)
                expected = [pixels(decoded(p[name]), (32, 18)) for p in self.data["pictures"]]
                seen = self.shown()
                distances = [difference(seen, picture) for picture in expected]
                # The browser scales otherwise than FFmpeg.
                self.assertLess(distances[index], 6)
                self.assertEqual(min(range(len(distances)), key=distances.__getitem__), index)
        self.view("wipe")

    def test_wipe(self):
        self.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.HOME)
        self.view("wipe")
        wipe = self.find("wipe")
        for key, name in ((Keys.HOME, "damaged"), (Keys.END, "restored")):
            wipe.send_keys(key)
            self.assertLess(difference(self.shown(), pixels(decoded(self.data["pictures"][0][name]), (32, 18))), 5, name)

    def test_mask_is_marked(self):
        body = self.driver.find_element(By.TAG_NAME, "body")
        body.send_keys(Keys.HOME)
        self.view("restored")
        before = self.shown()
        self.find("mask-toggle").click()
        frame = str(self.frame())
        WebDriverWait(self.driver, 5).until(lambda d: self.find("mask").get_attribute("data-frame") == frame)
        after = self.shown()
        mask = pixels(decoded(self.data["pictures"][0]["mask"]), (32, 18))
        for y in range(18):
            for x in range(32):
                moved = sum(abs(p - q) for p, q in zip(before[y][x], after[y][x]))
                if mask[y][x][0] < 3:
                    self.assertLess(moved, 25)
                elif mask[y][x][0] > 200:
                    self.assertGreater(moved, 40)
        body.send_keys("m")
        self.assertFalse(self.find("mask").is_displayed())
        self.view("wipe")

    def test_everything_has_a_name(self):
        tree = self.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        roles = {"button", "slider", "checkbox", "radio", "combobox", "link", "image", "img", "textbox"}
        checked = 0
        for node in tree:
            role = node.get("role", {}).get("value", "").lower()
            if node.get("ignored") or role not in roles:
                continue
            checked += 1
            self.assertTrue(node.get("name", {}).get("value"), f"a {role} without a name: {node}")
        self.assertGreater(checked, 10)

    def test_zoom_and_box(self):
        width = self.find("pictures").size["width"]
        Select(self.find("zoom")).select_by_value("2")
        self.assertAlmostEqual(self.find("pictures").size["width"], 2 * width, delta=2)
        Select(self.find("zoom")).select_by_value("1")
        if self.data["windows"]:
            self.driver.find_element(By.CSS_SELECTOR, "#windows tbody button").click()
            row = self.driver.find_element(By.CSS_SELECTOR, "#windows tbody tr.chosen")
            window = self.data["windows"][int(row.get_attribute("data-index"))]
            self.assertTrue(window["first"] <= self.frame() <= window["last"])
            self.assertTrue(self.driver.find_element(By.CLASS_NAME, "box").is_displayed())

    def test_worst_frames_lead_there(self):
        self.driver.find_element(By.CSS_SELECTOR, "#worst button").click()
        self.assertEqual(self.frame(), self.data["worst"][0])

    def test_plots_and_notes(self):
        for plot in self.driver.find_elements(By.CSS_SELECTOR, ".plots svg"):
            self.assertTrue(plot.get_attribute("aria-label"))
            self.assertGreater(len(plot.find_elements(By.TAG_NAME, "text")), 5)
        self.assertGreaterEqual(len(self.driver.find_elements(By.CSS_SELECTOR, "#plots svg")), 2)
        self.assertEqual(len(self.driver.find_elements(By.CSS_SELECTOR, "#notes li")), len(self.data["notes"]))
        learned = self.find("learned-section").is_displayed()
        self.assertEqual(learned, bool(self.data["learned"]))

    def test_zz_looks(self):
        self.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.HOME)
        self.whole_page(f"{self.name}-{'dark' if self.dark else 'light'}-{self.width}.png")
        self.assertFits()
        self.assertNothingWrong()


    def test_holes_are_counted(self):
        body = self.driver.find_element(By.TAG_NAME, "body")
        body.send_keys(Keys.HOME, Keys.ARROW_RIGHT)
        totals = {kind: sum(counts) for kind, counts in self.data["holes"].items()}
        for kind, total in totals.items():
            shown = self.driver.find_elements(By.ID, f"kinds-{kind}")
            self.assertEqual(bool(shown), total > 0)
            if shown:
                self.assertEqual(shown[0].text.replace(",", ""), str(self.data["holes"][kind][self.frame()]))
                self.assertIn(f"{total:,}", self.find("kinds-total").text)


class WithoutARecord(Desktop):
    name = "inspect"


class Film(Page):
    """Spots of all kinds, and a hole that is none."""

    name = "film"
    COLOURS = {"lines": (255, 176, 0), "points": (86, 204, 255), "blotches": (60, 220, 130), "others": (255, 32, 144)}

    def outlined(self):
        """The size of what is drawn for the frame that is shown, and the places of each colour of outlines."""
        frame = str(self.frame())
        WebDriverWait(self.driver, 5).until(lambda d: self.find("kinds-outlines").get_attribute("data-frame") == frame)
        width, height, data = self.driver.execute_script(
            "const c = document.getElementById('kinds-outlines'); return [c.width, c.height,"
            "Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data)]"
        )
        places = {}
        for i in range(0, len(data), 4):
            if data[i + 3] == 255:
                places.setdefault(tuple(data[i : i + 3]), []).append((i // 4 % width, i // 4 // width))
        return width, height, places

    def test_outlines_are_around_the_holes_of_their_kind(self):
        body = self.driver.find_element(By.TAG_NAME, "body")
        body.send_keys(Keys.HOME, *[Keys.ARROW_RIGHT] * 5)
        self.assertFalse(self.find("kinds-outlines").is_displayed())
        mask = decoded(next(p for p in self.data["pictures"] if p["frame"] == self.frame())["mask"])
        for number, kind in enumerate(self.COLOURS):
            box = self.driver.find_element(By.CSS_SELECTOR, f"#kinds input[value={kind}]")
            box.click()
            width, height, places = self.outlined()
            self.assertEqual(set(places), {self.COLOURS[kind]})
            holes = pixels(mask, (width // 4, height // 4))
            # Averages of the picture's red, which all kinds have, and of green and blue, which say the kind.
            bits = [number & 1, number >> 1]
            own = [
                (4 * x + 2, 4 * y + 2)
                for y, row in enumerate(holes)
                for x, (red, green, blue) in enumerate(row)
                if red > 20 and [green > red / 2, blue > red / 2] == [bool(b) for b in bits]
            ]
            self.assertTrue(own, kind)
            for x, y in places[self.COLOURS[kind]][::97]:
                self.assertLess(min((x - u) ** 2 + (y - v) ** 2 for u, v in own), 15**2, kind)
            box.click()
            self.assertFalse(self.find("kinds-outlines").is_displayed())

    def test_a_key_shows_all_and_none(self):
        body = self.driver.find_element(By.TAG_NAME, "body")
        body.send_keys(Keys.HOME, *[Keys.ARROW_RIGHT] * 5, "k")
        _, _, places = self.outlined()
        self.assertEqual(set(places), set(self.COLOURS.values()))
        body.send_keys(Keys.ARROW_LEFT)
        self.outlined()
        self.whole_page("film-outlines.png")
        body.send_keys("k")
        self.assertFalse(self.find("kinds-outlines").is_displayed())

    def test_a_window_of_spots_is_one_entry_that_leads_to_their_outlines(self):
        windows = [w for w in self.data["windows"] if w.get("spots")]
        rows = [r for r in self.driver.find_elements(By.CSS_SELECTOR, "#windows tbody tr") if "spots" in r.text]
        self.assertEqual(len(rows), len(windows))
        chosen = self.data["windows"][int(rows[0].get_attribute("data-index"))]
        counts = chosen["spots"]
        self.assertIn(f"{sum(counts.values()):,} spots", rows[0].text)
        self.assertIn(f"{counts['blotches']:,} blotches", rows[0].text)
        rows[0].find_element(By.TAG_NAME, "button").click()
        _, _, places = self.outlined()
        self.assertTrue(places and self.COLOURS["others"] not in places)
        self.assertEqual(self.driver.find_elements(By.CLASS_NAME, "box"), [])
        self.driver.find_element(By.TAG_NAME, "body").send_keys("k")

    def test_zz_looks(self):
        self.assertFits()
        self.assertNothingWrong()


class Phone(Page):
    width, height = 375, 740

    def test_fits_and_works(self):
        self.assertFits()
        self.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.END)
        self.assertEqual(self.frame(), self.data["pictures"][-1]["frame"])
        Select(self.find("zoom")).select_by_value("4")
        self.assertFits()
        Select(self.find("zoom")).select_by_value("1")
        self.whole_page(f"{self.name}-{'dark' if self.dark else 'light'}-{self.width}.png")
        self.assertNothingWrong()


class Dark(Page):
    dark = True

    def test_is_dark(self):
        ground = self.driver.execute_script("return getComputedStyle(document.body).backgroundColor")
        self.assertLess(sum(int(v) for v in re.findall(r"\d+", ground)[:3]), 200)
        self.whole_page(f"{self.name}-dark-{self.width}.png")
        self.assertNothingWrong()


class DarkPhone(Phone):
    dark = True


if __name__ == "__main__":
    unittest.main(verbosity=1)
