#!/usr/bin/env python3
"""Tests a volume's page in headless Chromium: test_volume.py FOLDER, with volume/ in it and what make_volume.py made."""
import struct
import unittest

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

import make_volume
import test_page
from make_volume import DEPTH, HEIGHT, MISSING_SLICES, WIDTH


def voxels(name):
    data = (test_page.FOLDER / name).read_bytes()[352:]
    return struct.unpack(f"<{WIDTH * HEIGHT * DEPTH}h", data)


class VolumePage(test_page.Page):
    name = "volume"

    def test_slices_are_stepped_through(self):
        body = self.driver.find_element(By.TAG_NAME, "body")
        body.send_keys(Keys.HOME)
        self.assertEqual(self.frame(), 0)
        body.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
        self.assertEqual(self.frame(), 2)
        self.assertEqual(self.find("frame").get_attribute("aria-valuetext"), "slice 2")
        body.send_keys(Keys.END)
        self.assertEqual(self.frame(), DEPTH - 1)
        self.assertIn("z", self.find("frames-heading").text)

    def point(self, x, y, click=False):
        """Points at a voxel; rows rise, for y runs to the front."""
        area = self.find("pictures")
        size = area.size
        column, row = x, HEIGHT - 1 - y
        place = ((column + 0.5) / WIDTH - 0.5) * size["width"], ((row + 0.5) / HEIGHT - 0.5) * size["height"]
        action = ActionChains(self.driver).move_to_element_with_offset(area, round(place[0]), round(place[1]))
        (action.click() if click else action).perform()

    def told(self):
        frame = str(self.frame())
        voxel = self.find("voxel")
        WebDriverWait(self.driver, 5).until(
            lambda _: voxel.get_attribute("data-frame") == frame and "…" not in voxel.text and "damaged" in voxel.text
            and "reference" in voxel.text)
        return voxel.text

    def go(self, z):
        self.driver.find_element(By.TAG_NAME, "body").send_keys(Keys.HOME, *[Keys.ARROW_RIGHT] * z)
        self.assertEqual(self.frame(), z)

    def test_numbers_of_voxels_are_told(self):
        damaged, reference, restored = voxels("scan.nii"), voxels("reference.nii"), voxels("volume.nii")
        for x, y, z in ((3, 30, 5), (20, 17, MISSING_SLICES[0]), (12, 25, MISSING_SLICES[1])):
            self.go(z)
            self.point(x, y)
            i = (z * HEIGHT + y) * WIDTH + x
            state = "missing" if z in MISSING_SLICES else "known"
            self.assertEqual(
                self.told(),
                f"voxel {x}, {y}, {z} · damaged {damaged[i]} · restored {restored[i]} · reference {reference[i]} · {state}")
            self.assertEqual(reference[i], make_volume.value(x, y, z))

    def test_a_voxel_that_was_clicked_is_kept(self):
        self.go(4)
        self.point(8, 9, click=True)
        self.assertIn("voxel 8, 9, 4", self.told())
        self.assertTrue(self.driver.find_element(By.CLASS_NAME, "voxel-marker").is_displayed())
        self.point(20, 20)
        self.assertIn("voxel 8, 9, 4", self.told())
        self.go(5)
        self.assertIn("voxel 8, 9, 5", self.told())
        self.point(8, 9, click=True)
        self.assertFalse(self.driver.find_element(By.CLASS_NAME, "voxel-marker").is_displayed())

    def test_three_slices_are_shown(self):
        panel = self.find("panel")
        self.assertTrue(panel.is_displayed())
        wide = self.driver.execute_script("return arguments[0].naturalWidth", panel)
        self.assertGreater(wide, 600)
        self.assertIn("voxel", panel.get_attribute("alt"))
        self.assertEqual(self.data["volume"]["shape"], [WIDTH, HEIGHT, DEPTH])
        self.assertIn(self.data["volume"]["voxel"][2], MISSING_SLICES)

    def test_zz_looks(self):
        self.go(MISSING_SLICES[0])
        self.whole_page("volume-light-1280.png")
        self.assertFits()
        self.assertNothingWrong()


class VolumePhone(test_page.Phone):
    name = "volume"


if __name__ == "__main__":
    unittest.main(verbosity=1)
