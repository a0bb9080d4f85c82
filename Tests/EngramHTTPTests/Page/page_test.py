"""The page of `engram serve`, as somebody uses it in a browser.

usage: page_test.py PROGRAM [--screenshots FOLDER]

CHROMIUM names the browser. ENGRAM_PAGE_FOLDER has the files of the page come from there, to work on them without a
build.
"""

import os
import re
import sys
import tempfile
import unittest

from playwright.sync_api import expect, sync_playwright

from server import HOSTILE, TOKEN, Server

ARGUMENTS = sys.argv[1:]
SCREENSHOTS = None
if "--screenshots" in ARGUMENTS:
    place = ARGUMENTS.index("--screenshots")
    SCREENSHOTS = os.path.abspath(ARGUMENTS[place + 1])
    del ARGUMENTS[place:place + 2]
PROGRAM = ARGUMENTS.pop(0) if ARGUMENTS and not ARGUMENTS[0].startswith("-") else "engram"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FOLDER = os.environ.get("ENGRAM_PAGE_FOLDER")
VIEWS = ["search?query=flaky+login+test", "episode/web-3", "patterns", "map", "health", "benchmarks"]
expect.set_options(timeout=20_000)


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="engram-page-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.server = Server(PROGRAM, os.path.join(cls.folder.name, "home"))
        cls.addClassCleanup(cls.server.close)
        cls.pattern = cls.server.fill()
        cls.playwright = sync_playwright().start()
        cls.addClassCleanup(cls.playwright.stop)
        # Containers run tests as root, and have no sandbox for it.
        cls.browser = cls.playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        cls.addClassCleanup(cls.browser.close)

    def open(self, view="", server=None, **options):
        server = server or self.server
        context = self.browser.new_context(**options)
        self.addCleanup(context.close)
        context.set_default_timeout(20_000)
        self.problems, self.asked = [], []
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda line: self.problems.append(line.text) if line.type == "error" else None)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("dialog", lambda dialog: self.problems.append("dialog: " + dialog.message))
        if FOLDER:
            page.route(re.compile(r"/(page/.*)?$"), self.serve_from_folder)
        page.goto(server.address + "/" + ("#/" + view if view else ""))
        return page

    def serve_from_folder(self, route):
        answer = route.fetch()
        name = route.request.url.split("/")[-1] or "index.html"
        with open(os.path.join(FOLDER, name), "rb") as file:
            route.fulfill(response=answer, body=file.read())

    def check(self):
        """Nothing went wrong that nobody sees, and nothing was asked of others."""
        self.assertEqual(self.problems, [])
        for url in self.asked:
            self.assertTrue(url.startswith(self.server.address), url)

    def test_finds_while_a_question_is_typed_and_goes_by_keys(self):
        page = self.open()
        query = page.locator("#query")
        expect(query).to_be_focused()
        expect(page.locator(".count")).to_contain_text("Type a question")
        query.press_sequentially("flaky login")
        expect(page.locator("#hits > li").first).to_contain_text("login")
        expect(page.locator("#announcer")).to_contain_text("result")
        self.assertEqual(page.locator("#announcer").get_attribute("aria-live"), "polite")
        # Down into the results, on, back up, and to the end.
        query.press("ArrowDown")
        links = page.locator(".hit-link")
        expect(links.nth(0)).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(links.nth(1)).to_be_focused()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        expect(query).to_be_focused()
        query.press("ArrowDown")
        title = links.nth(0).inner_text()
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text(title)
        # Back at the question and what it found.
        page.keyboard.press("Escape")
        expect(page.locator("#query")).to_have_value("flaky login")
        expect(page.locator("#hits > li").first).to_contain_text("login")
        self.check()

    def test_says_what_a_score_is_made_of(self):
        page = self.open("search?query=flaky+login+test")
        first = page.locator("#hits > li").first
        first.locator("summary").click()
        expect(first.locator("dl.parts")).to_contain_text("meaning")
        score = float(re.search(r"score ([\d.]+)", first.inner_text()).group(1))
        parts = [float(text) for text in first.locator("dl.parts dd").all_inner_texts()]
        self.assertAlmostEqual(sum(parts), score, delta=0.004)
        page.locator("#outcome").select_option("failure")
        expect(page.locator("#hits .outcome.success")).to_have_count(0)
        expect(page.locator("#hits .outcome.failure").first).to_be_visible()
        page.locator("#since").select_option("1y")
        expect(page.locator("#hits > li").first).to_be_visible()
        self.check()

    def test_shows_an_episode_with_steps_reward_relations_and_history(self):
        page = self.open("episode/web-3")
        for heading in ("How it ended", "Reward", "Steps", "Relations", "History"):
            expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        expect(page.locator(".step")).to_have_count(3)
        expect(page.locator(".step").first).to_contain_text("TimeoutError")
        relations = page.get_by_role("region", name="Relations")
        expect(relations).to_contain_text("follows")
        relations.get_by_role("link", name="web-0").click()
        history = page.get_by_role("region", name="History")
        expect(history).to_contain_text("attempt 9")
        expect(page.get_by_text("superseded").first).to_be_visible()
        page.go_back()
        expect(page.locator("h1")).to_contain_text("attempt 3")
        page.goto(self.server.address + "/#/episode/none")
        expect(page.get_by_role("alert").filter(has_text="there is no episode 'none'")).to_be_visible()
        # The browser tells of the 404 that was asked for.
        self.problems = [problem for problem in self.problems if "404" not in problem]
        self.check()

    def test_shows_patterns_with_evidence_and_effectiveness_over_time(self):
        page = self.open("patterns")
        expect(page.locator("#patterns > li").first).to_be_visible()
        page.locator("#kind").select_option("errorRecovery")
        expect(page.locator("#patterns .meta").first).to_contain_text("way out of an error")
        page.locator("#query").fill("login test fails")
        expect(page.locator("#patterns .meta").first).to_contain_text("like the question")
        page.goto(self.server.address + "/#/pattern/" + self.pattern)
        use = page.get_by_role("region", name="Effectiveness over time")
        expect(use.locator("tbody tr")).to_have_count(3)
        self.assertEqual(use.locator("tbody td:nth-child(2)").all_inner_texts(), ["helped", "hindered", "helped"])
        expect(use.get_by_role("img", name="How often using it helped, over time")).to_be_visible()
        evidence = page.get_by_role("region", name="Evidence", exact=True)
        evidence.locator("tbody a").first.click()
        expect(page.locator("h1")).to_contain_text("attempt")
        self.check()

    def test_draws_a_map_with_a_list_for_the_keyboard(self):
        page = self.open("map")
        expect(page.locator("svg.plane .point")).to_have_count(13)
        expect(page.locator("fieldset.legend label")).to_have_count(4)
        page.locator("#filter").press("ArrowDown")
        link = page.locator(".point-link").first
        expect(link).to_be_focused()
        expect(page.locator("svg.plane .ring")).to_be_visible()
        page.keyboard.press("End")
        expect(page.locator(".point-link").last).to_be_focused()
        self.assertNotEqual(page.locator(".told").inner_text(), "")
        page.get_by_label("databases (4)").uncheck()
        expect(page.locator(".point-link")).to_have_count(9)
        expect(page.locator('svg.plane .point[visibility="hidden"]')).to_have_count(4)
        page.locator("#filter").fill("nightly build")
        expect(page.locator(".point-link")).to_have_count(4)
        page.locator("#filter").press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("nightly build")
        self.check()

    def test_tells_health_and_measures(self):
        page = self.open("health")
        expect(page.locator(".well")).to_have_text("All is well.")
        for name, text in (
            ("Durable store", "reachable"), ("Cache", "13 of at most 1,000"), ("Sync", "none: the cache has every change"),
            ("Index", "Scanned beside them"),
        ):
            expect(page.get_by_role("region", name=name, exact=True)).to_contain_text(text)
        expect(page.get_by_text("Breaker of writes")).to_be_visible()
        page.get_by_role("button", name="Look again").click()
        expect(page.locator("#announcer")).to_contain_text("Looked again. All is well.")
        page.keyboard.press("5")
        expect(page.locator("h1")).to_have_text("Benchmarks")
        page.get_by_role("button", name="Measure the index").click()
        expect(page.get_by_role("img", name="What is found, by the time it takes")).to_be_visible()
        table = page.get_by_role("region", name="The index against exact search")
        expect(table.locator("tbody tr")).to_have_count(5)
        expect(page.get_by_role("region", name="Requests since the server was started")).to_contain_text("/v1/search")
        self.check()

    def test_shows_hostile_text_as_text(self):
        page = self.open("search?query=hostile+page")
        expect(page.locator("#hits > li").first).to_contain_text("<img src=x")
        for view in ("search?query=hostile+page", "episode/hostile", "episode/web-3", "map", "patterns"):
            page.goto(self.server.address + "/#/" + view)
            expect(page.locator("h1")).to_be_visible()
            page.wait_for_load_state("networkidle")
            self.assertEqual(page.locator("main img, main script, main iframe").count(), 0, view)
            self.assertNotEqual(page.title(), "owned", view)
        page.goto(self.server.address + "/#/episode/hostile")
        expect(page.locator("h1")).to_contain_text(HOSTILE[:20])
        expect(page.locator(".step pre").first).to_contain_text("<script>")
        # Not by an address either.
        page.goto(self.server.address + "/#/episode/%3Cimg%20src=x%20onerror=alert(1)%3E")
        expect(page.get_by_role("alert").filter(has_text="there is no episode")).to_be_visible()
        page.goto(self.server.address + "/#/search?query=%3Cscript%3Ealert(1)%3C/script%3E")
        expect(page.locator("#query")).to_have_value("<script>alert(1)</script>")
        # What the browser refuses of itself, should a text ever get so far.
        refused = page.evaluate(
            "() => { try { document.body.innerHTML = '<b>x</b>'; return 'done' } catch (error) { return error.name } }")
        self.assertEqual(refused, "TypeError")
        self.problems = [problem for problem in self.problems
                         if "404" not in problem and "TrustedHTML" not in problem]
        self.check()

    def test_asks_for_the_token_once_and_keeps_it_for_the_tab(self):
        server = Server(PROGRAM, os.path.join(self.folder.name, "locked"), token=TOKEN)
        self.addCleanup(server.close)
        page = self.open(server=server)
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        expect(page.locator("#token")).to_be_focused()
        page.keyboard.press("Escape")
        expect(dialog).to_be_visible()
        page.locator("#token").fill("not-the-right-token")
        page.keyboard.press("Enter")
        expect(dialog).to_contain_text("That is not the token of this server.")
        page.locator("#token").fill(TOKEN)
        page.keyboard.press("Enter")
        expect(dialog).to_be_hidden()
        expect(page.locator("#state")).to_contain_text("0 episodes")
        self.assertEqual(page.locator("#token").input_value(), "")
        page.reload()
        expect(page.locator("#state")).to_contain_text("0 episodes")
        expect(dialog).to_be_hidden()
        self.assertEqual(page.evaluate("localStorage.length + document.cookie.length"), 0)
        other = page.context.new_page()
        other.goto(server.address)
        expect(other.get_by_role("dialog")).to_be_visible()

    def test_goes_by_keys_from_the_first_to_the_last(self):
        page = self.open("health")
        expect(page.locator(".well")).to_be_visible()
        page.keyboard.press("Tab")
        expect(page.locator("#skip")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()
        for key, heading in (("2", "Patterns"), ("3", "Map"), ("4", "Health"), ("1", "Search")):
            page.keyboard.press(key)
            expect(page.locator("h1")).to_have_text(heading)
        expect(page.locator("nav a[aria-current]")).to_have_text("Search")
        expect(page.locator("#query")).to_be_focused()
        page.keyboard.type("12345")
        expect(page.locator("#query")).to_have_value("12345")
        expect(page.locator("h1")).to_have_text("Search")
        self.check()

    def test_keys_of_one_character_can_be_switched_off(self):
        page = self.open("health")
        expect(page.locator(".well")).to_be_visible()
        page.locator("#single-keys").uncheck()
        page.reload()
        expect(page.locator(".well")).to_be_visible()
        expect(page.locator("#single-keys")).not_to_be_checked()
        page.locator("#main").focus()
        for key in ("2", "/"):
            page.keyboard.press(key)
        expect(page.locator("h1")).to_have_text("Health")
        self.assertTrue(page.url.endswith("#/health"))
        page.locator("#single-keys").check()
        page.locator("#main").focus()
        page.keyboard.press("2")
        expect(page.locator("h1")).to_have_text("Patterns")
        self.check()

    def test_names_what_can_be_used_and_fits_narrow_screens(self):
        for view in [*VIEWS, "pattern/" + self.pattern]:
            page = self.open(view, viewport={"width": 360, "height": 740})
            expect(page.locator("h1")).to_be_visible()
            page.wait_for_load_state("networkidle")
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            self.assertLessEqual(wide, 0, view)
            self.assertLess(page.locator("header").bounding_box()["height"], 160, view)
            nameless = page.evaluate("""() => [...document.querySelectorAll('main a, main button, main input, main select, header a, header select')]
              .filter((item) => !(item.innerText || item.labels?.[0]?.innerText || item.getAttribute('aria-label') || '').trim())
              .map((item) => item.outerHTML)""")
            self.assertEqual(nameless, [], view)
            levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map((head) => Number(head.tagName[1]))")
            self.assertEqual(levels[0], 1, view)
            self.assertEqual(levels.count(1), 1, view)
            self.check()

    def test_can_be_read_in_light_and_in_dark(self):
        """The contrast of every text with what is behind it, as WCAG 2.2 (AA) has it."""
        for scheme in ("light", "dark"):
            for view in [*VIEWS, "pattern/" + self.pattern]:
                page = self.open(view, color_scheme=scheme)
                expect(page.locator("h1")).to_be_visible()
                page.wait_for_load_state("networkidle")
                self.assertEqual(page.evaluate(CONTRAST), [], f"{view} in {scheme}")

    @unittest.skipUnless(SCREENSHOTS, "needs --screenshots FOLDER")
    def test_screenshots(self):
        os.makedirs(SCREENSHOTS, exist_ok=True)
        looks = {
            "light": {"color_scheme": "light"}, "dark": {"color_scheme": "dark"},
            "narrow": {"viewport": {"width": 390, "height": 844}},
        }
        for look, options in looks.items():
            for view in [*VIEWS, "pattern/" + self.pattern]:
                page = self.open(view, **options)
                expect(page.locator("h1")).to_be_visible()
                page.wait_for_load_state("networkidle")
                if view == "benchmarks":
                    page.get_by_role("button", name="Measure the index").click()
                    expect(page.locator("svg.chart")).to_be_visible()
                if view.startswith("search"):
                    page.locator("#hits summary").first.click()
                if view == "map":
                    page.locator("#filter").press("ArrowDown")
                name = re.split(r"[/?]", view)[0]
                page.screenshot(path=os.path.join(SCREENSHOTS, f"{name}-{look}.png"), full_page=look != "narrow")


CONTRAST = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return parse(getComputedStyle(document.documentElement).backgroundColor);
  };
  const faint = [];
  for (const element of document.querySelectorAll('body *')) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!hasText || !element.checkVisibility() || element.closest('.unseen, .skip, option')) continue;
    const style = getComputedStyle(element);
    const [one, two] = [light(parse(element instanceof SVGElement ? style.fill : style.color)), light(behind(element))];
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (ratio < 4.5) faint.push(`${element.tagName} ${ratio.toFixed(2)} ${element.textContent.slice(0, 40)}`);
  }
  return faint;
}"""


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *ARGUMENTS], verbosity=1)
