"""Pictures drawn anew."""

import io
import struct
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from eventsapp.files import pictures
from eventsapp.files.errors import FileRefused


def _picture(form: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: object) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, "red").save(file, form, **options)
    return file.getvalue()


def _huge_png(width: int, height: int) -> bytes:
    """Return the head of a picture that claims to be of this size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\x00" * 100)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("form", "ending"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")])
def test_a_picture_keeps_its_format_and_its_size(form: str, ending: str) -> None:
    picture = pictures.drawn_anew(_picture(form), ending=ending)

    assert (picture.ending, picture.width, picture.height) == (ending, 60, 40)
    assert Image.open(io.BytesIO(picture.data)).format == form


def test_a_large_picture_is_made_smaller() -> None:
    picture = pictures.drawn_anew(_picture("JPEG", (4000, 1000)), ending="jpg")

    assert (picture.width, picture.height) == (pictures.LONGEST_SIDE, 500)


def test_what_the_camera_wrote_is_gone_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Appareil"
    exif.get_ifd(0x8825)[2] = (47.0, 28.0, 0.0)

    picture = pictures.drawn_anew(_picture("JPEG", exif=exif), ending="jpg")

    drawn = Image.open(io.BytesIO(picture.data))
    assert dict(drawn.getexif()) == {}
    assert b"Appareil" not in picture.data
    assert drawn.size == (40, 60)


def test_text_and_whatever_follows_a_picture_is_gone() -> None:
    told = PngInfo()
    told.add_text("Comment", "<script>alert(1)</script>")

    picture = pictures.drawn_anew(_picture("PNG", pnginfo=told) + b"<script>alert(2)</script>", ending="png")

    assert b"script" not in picture.data


def test_a_portrait_is_a_square_on_white() -> None:
    picture = pictures.portrait(_picture("PNG", (300, 900), "RGBA"), ending="png")

    assert (picture.content_type, picture.width, picture.height) == ("image/jpeg", 480, 480)


@pytest.mark.parametrize(
    "data",
    [
        _huge_png(50_000, 50_000),
        _huge_png(9_000, 9_000),
        _picture("PNG")[:60],
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 500,
        _picture("JPEG"),
    ],
    ids=["bomb", "too many pixels", "cut", "head alone", "nonsense", "another format"],
)
def test_a_picture_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(FileRefused):
        pictures.drawn_anew(data, ending="png")


@pytest.mark.parametrize("mode", ["P", "L", "LA", "I;16", "CMYK", "1"])
def test_every_kind_of_colour_is_drawn(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    file = io.BytesIO()
    Image.new(mode, (10, 10)).save(file, form)

    assert pictures.drawn_anew(file.getvalue(), ending="jpg" if form == "JPEG" else "png").width == 10
