"""Recordings of calls: whether a file is one by what is in it, whatever it is called, and how long it lasts.

Four kinds of file are taken: WAV, MP3, M4A and Ogg. Each is recognised by its own marks and by being made of its own
parts down to sound; a picture, a page, a program or an archive under a sound's name is refused.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LARGEST = 40 * 2**20
SMALLEST = 64
# A call longer than this is a mistake or something else.
LONGEST_SECONDS = 4 * 3600


class NotARecording(ValueError):
    """The file is not a recording we keep; the message says why in Chinese."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What a file turned out to be. `seconds` is None where the file does not say."""

    media_type: str
    seconds: int | None


def read(content: bytes) -> Sound:
    """Raises NotARecording for anything that is not a sound file whole enough to be played."""
    if len(content) < SMALLEST:
        raise NotARecording("文件是空的或者不完整")
    if len(content) > LARGEST:
        raise NotARecording(f"录音不能超过{LARGEST // 2**20} MB")
    for is_it, seconds_of, media_type in _KINDS:
        if is_it(content):
            return Sound(media_type, _checked(seconds_of(content)))
    raise NotARecording("不是可以识别的录音文件，只收 wav、mp3、m4a、ogg")


def _checked(seconds: float | None) -> int | None:
    if seconds is None:
        return None
    if not 0 < seconds <= LONGEST_SECONDS:
        raise NotARecording("录音时长不合理")
    return max(round(seconds), 1)


# ---- WAV -------------------------------------------------------------------------------------------------------

# What every format chunk has at least.
_WAV_FORMAT = 16


def _is_wav(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WAVE"


def _wav(content: bytes) -> float:
    """Telephone systems write A-law as often as plain samples: the header's bytes a second do for every kind."""
    chunks = {name: (start, end) for name, start, end in _chunks(content)}
    if b"fmt " not in chunks or b"data" not in chunks:
        raise NotARecording("WAV 文件已损坏，里面没有声音")
    start, end = chunks[b"fmt "]
    rate = int.from_bytes(content[start + 8 : start + 12], "little") if end - start >= _WAV_FORMAT else 0
    begins, ends = chunks[b"data"]
    if not rate:
        raise NotARecording("WAV 文件已损坏")
    return (ends - begins) / rate


def _chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, beginning and end of each chunk; one cut short ends with the file."""
    at = 12
    while at + 8 <= len(content):
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        yield content[at : at + 4], at + 8, min(at + 8 + size, len(content))
        at += 8 + size + size % 2


# ---- MP3 -------------------------------------------------------------------------------------------------------

# kbit/s by MPEG version (1, or 2 and 2.5) and the frame's index, layer III; Hz by version bits and index.
_RATES = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
# So many frames in a row are no accident.
_FRAMES_IN_A_ROW = 3


def _after_tag(content: bytes) -> int:
    """Where the sound begins: behind an ID3v2 tag, if there is one."""
    if content[:3] != b"ID3":
        return 0
    size = 0
    for byte in content[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def _frame(content: bytes, at: int) -> tuple[int, float] | None:
    """Length in bytes and in seconds of the MP3 frame that begins here; None where none does."""
    head = content[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate, hertz, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if layer != 1 or version == 1 or rate in (0, 15) or hertz == 3:
        return None
    is_first = version == 3
    samples, hz = 1152 if is_first else 576, _HERTZ[version][hertz]
    length = samples // 8 * _RATES[1 if is_first else 2][rate] * 1000 // hz + padding
    return length, samples / hz


def _frames(content: bytes) -> Iterator[float]:
    at = _after_tag(content)
    while frame := _frame(content, at):
        yield frame[1]
        at += frame[0]


def _is_mp3(content: bytes) -> bool:
    frames = _frames(content)
    return sum(1 for _ in zip(range(_FRAMES_IN_A_ROW), frames, strict=False)) == _FRAMES_IN_A_ROW


def _mp3(content: bytes) -> float:
    return sum(_frames(content))


# ---- M4A -------------------------------------------------------------------------------------------------------


def _boxes(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, beginning and end of each box of an ISO base media file between two places."""
    at = start
    while at + 8 <= end:
        size, name, head = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        size = size or end - at
        if size < head or at + size > end:
            raise NotARecording("M4A 文件已损坏")
        yield name, at + head, at + size
        at += size


def _is_m4a(content: bytes) -> bool:
    return content[4:8] == b"ftyp"


def _m4a(content: bytes) -> float | None:
    boxes = {name: (start, end) for name, start, end in _boxes(content, 0, len(content))}
    if b"moov" not in boxes or b"mdat" not in boxes:
        raise NotARecording("M4A 文件里没有声音")
    handlers, seconds = set(), None
    for name, start, end in _inside(content, *boxes[b"moov"]):
        if name == b"hdlr":
            handlers.add(content[start + 8 : start + 12])
        elif name == b"mvhd":
            seconds = _length(content[start:end])
    if b"soun" not in handlers or b"vide" in handlers:
        raise NotARecording("这不是录音：文件里没有声音，或者含有图像")
    return seconds


# What holds the boxes we look at; nothing else is gone into, and so no file leads deeper than this.
_WITHIN = {b"moov": b"trak", b"trak": b"mdia"}


def _inside(content: bytes, start: int, end: int, parent: bytes = b"moov") -> Iterator[tuple[bytes, int, int]]:
    for name, begins, ends in _boxes(content, start, end):
        yield name, begins, ends
        if name == _WITHIN.get(parent):
            yield from _inside(content, begins, ends, name)


def _length(header: bytes) -> float | None:
    """Seconds in a movie header (ISO/IEC 14496-12, 8.2.2)."""
    try:
        shape, at = (">IQ", 20) if header[0] == 1 else (">II", 12)
        scale, length = struct.unpack_from(shape, header, at)
    except (struct.error, IndexError) as error:
        raise NotARecording("M4A 文件已损坏") from error
    return length / scale if scale else None


# ---- Ogg -------------------------------------------------------------------------------------------------------

_OGG_HEAD = 27


def _is_ogg(content: bytes) -> bool:
    return content[:4] == b"OggS"


def _ogg(content: bytes) -> float | None:
    """The last page says how many samples there were (RFC 3533); Opus counts at 48 kHz (RFC 7845)."""
    first = content[_OGG_HEAD + content[26] :][:64]
    if first.startswith(b"OpusHead"):
        hertz = 48000
    elif first[1:7] == b"vorbis":
        hertz = int.from_bytes(first[12:16], "little")
    else:
        raise NotARecording("Ogg 文件里没有声音")
    last = content.rfind(b"OggS")
    samples = int.from_bytes(content[last + 6 : last + 14], "little", signed=True)
    return samples / hertz if hertz and samples > 0 else None


_Test = Callable[[bytes], bool]
_Seconds = Callable[[bytes], float | None]
_KINDS: tuple[tuple[_Test, _Seconds, str], ...] = (
    (_is_wav, _wav, "audio/wav"),
    (_is_ogg, _ogg, "audio/ogg"),
    (_is_m4a, _m4a, "audio/mp4"),
    (_is_mp3, _mp3, "audio/mpeg"),
)
MEDIA_TYPES = frozenset(media_type for _, _, media_type in _KINDS)
