#!/usr/bin/env python3
"""Tests the page of a search for damage in headless Chromium: test_finds.py FOLDER, with finds/ and clean/ in it."""
import unittest

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

import test_page


class Finds(test_page.Page):
    name = "finds"

    def cards(self):
        return self.driver.find_elements(By.CSS_SELECTOR, "#finds button")

    def outlined(self):
        """Colours of the outlines over the frame that is shown, as soon as they are its own."""
        script = """
          const canvas = document.getElementById("kinds-outlines");
          if (canvas.hidden || canvas.dataset.frame !== document.body.dataset.frame) return null;
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          const colours = new Set();
          for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) colours.add(data.slice(i, i + 3).join());
          return [...colours];"""
        return set(WebDriverWait(self.driver, 5).until(lambda driver: driver.execute_script(script) or None))

    def colours(self):
        return {kind["key"]: ",".join(map(str, kind["colour"])) for kind in self.data["detection"]["kinds"]}

    def test_the_head_tells_how_much_was_found(self):
        figures = self.find("figures").text
        for kind in self.data["detection"]["kinds"]:
            self.assertGreater(kind["finds"], 0)
            self.assertIn(kind["name"], figures)
        self.assertIn("looked through for", self.find("subtitle").text)
        for name in ("views", "wipe-label", "worst-section", "windows-section", "learned-section"):
            self.assertFalse(self.find(name).is_displayed(), name)

    def test_the_least_certain_comes_first(self):
        Select(self.find("finds-order")).select_by_value("doubt")
        finds = self.data["detection"]["finds"]
        self.assertEqual(finds, sorted(finds, key=lambda find: find["confidence"]))
        cards = self.cards()
        self.assertEqual(len(cards), min(len(finds), 36))
        for card, find in zip(cards, finds):
            self.assertIn(f"{find['confidence']:.3f}", card.text)
            self.assertIn(f"at {find['box']['x']}, {find['box']['y']}", card.text)
        Select(self.find("finds-order")).select_by_value("frame")
        by_frame = sorted(finds, key=lambda find: (find["frames"][0], find["box"]["y"], find["box"]["x"]))
        for card, find in zip(self.cards(), by_frame):
            self.assertIn(f"at {find['box']['x']}, {find['box']['y']}", card.text)
        Select(self.find("finds-order")).select_by_value("doubt")

    def test_kinds_are_chosen(self):
        for kind in self.data["detection"]["kinds"]:
            Select(self.find("finds-kind")).select_by_value(kind["key"])
            self.assertTrue(self.cards() and all(kind["one"] in card.text for card in self.cards()))
            self.assertIn(f"of {kind['finds']} finds", self.find("finds-count").text)
        Select(self.find("finds-kind")).select_by_value("")

    def test_a_find_leads_to_its_frame(self):
        for find, card in list(zip(self.data["detection"]["finds"], self.cards()))[:3]:
            card.click()
            self.assertEqual(self.frame(), find["shown"])
            box = self.driver.find_element(By.CLASS_NAME, "box")
            self.assertTrue(box.is_displayed())
            self.assertIn(self.colours()[find["kind"]], self.outlined())
        self.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.END)
        self.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.HOME)
        self.assertLessEqual(len(self.driver.find_elements(By.CLASS_NAME, "box")), 1)

    def test_outlines_have_the_colours_of_their_kinds(self):
        body = self.driver.find_element(By.TAG_NAME, "body")
        with_both = next(p["frame"] for p in self.data["pictures"] if len(p["found"]["counts"]) == 2)
        body.send_keys(Keys.HOME, *[Keys.ARROW_RIGHT] * [p["frame"] for p in self.data["pictures"]].index(with_both))
        self.assertEqual(self.outlined(), set(self.colours().values()))
        body.send_keys("k")
        self.assertFalse(self.find("kinds-outlines").is_displayed())
        body.send_keys("k")
        self.outlined()
        # A card shows its find twice, the second time with an outline of its own.
        inked = self.driver.execute_script(
            """return [...document.querySelectorAll("#finds canvas")].every((canvas) => canvas.getContext("2d")
              .getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value === 255))"""
        )
        self.assertTrue(inked)

    def test_zz_looks(self):
        self.assertLess(self.size, 20_000_000)
        self.whole_page("finds.png")
        self.assertFits()
        self.assertNothingWrong()


class Clean(test_page.Page):
    name = "clean"

    def test_it_says_so(self):
        self.assertIn("Nothing was found.", self.find("finds-section").text)
        self.assertFalse(self.find("finds-order").is_displayed())
        self.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.END)
        self.assertEqual(self.frame(), self.data["pictures"][-1]["frame"])
        self.whole_page("finds-clean.png")
        self.assertNothingWrong()


class FindsOnPhone(Finds):
    width, height, dark = 375, 740, True

    def test_zz_looks(self):
        self.whole_page("finds-phone.png")
        self.assertFits()
        self.assertNothingWrong()


if __name__ == "__main__":
    unittest.main(verbosity=1)
