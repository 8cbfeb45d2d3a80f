"""Pictures drawn anew: bounded, the right way up, and without what their camera wrote into them."""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

from eventsapp.files.errors import FileRefused

#: Pixels of the largest picture opened at all.
MOST_PIXELS = 50_000_000
#: The longest side of what is kept, and the side of a portrait, in pixels.
LONGEST_SIDE = 2000
PORTRAIT_SIDE = 480
_STARTS = ((b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg"))
_FORMATS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept."""

    data: bytes
    ending: str
    content_type: str
    width: int
    height: int


def drawn_anew(data: bytes, *, ending: str) -> Picture:
    """Return the picture at no more than ``LONGEST_SIDE``, in the format of its ending. Raises ``FileRefused``."""
    image = _opened(data, ending)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return _written(image, ending)


def size_of(data: bytes, *, ending: str) -> tuple[int, int]:
    """Return width and height of a picture that was drawn anew, from its head alone. Raises ``FileRefused``."""
    try:
        return Image.open(io.BytesIO(data), formats=[_FORMATS[ending]]).size
    except (OSError, SyntaxError, ValueError) as error:
        raise FileRefused("Cette image est abîmée et ne s’ouvre pas.") from error


def portrait(data: bytes, *, ending: str) -> Picture:
    """Return the middle of the picture as a square JPEG. Raises ``FileRefused``."""
    image = ImageOps.fit(_opened(data, ending), (PORTRAIT_SIDE, PORTRAIT_SIDE), centering=(0.5, 0.4))
    return _written(image, "jpg")


def narrowed(data: bytes, *, width: int) -> bytes:
    """Return a kept picture at no more than ``width`` pixels across, as WebP. Raises ``FileRefused``."""
    return _written(_narrow(data, width), "webp").data


def printed(data: bytes, *, width: int) -> bytes:
    """Return a kept picture at no more than ``width`` pixels across, as JPEG. Raises ``FileRefused``."""
    return _written(_narrow(data, width), "jpg").data


def _narrow(data: bytes, width: int) -> Image.Image:
    ending = next((ending for start, ending in _STARTS if data.startswith(start)), "webp")
    image = _opened(data, ending)
    image.thumbnail((width, MOST_PIXELS))
    return image


def _opened(data: bytes, ending: str) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=[_FORMATS[ending]])
            if image.width * image.height > MOST_PIXELS:
                raise FileRefused("Cette image compte trop de pixels ; réduisez-la.")
            image.load()
            return ImageOps.exif_transpose(image)
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError, Warning) as error:
        raise FileRefused("Cette image est abîmée et ne s’ouvre pas.") from error


def _written(image: Image.Image, ending: str) -> Picture:
    has_alpha = image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info
    if ending == "jpg":
        image = _on_white(image) if has_alpha else image.convert("RGB")
        options = {"quality": 86, "optimize": True, "progressive": True}
    else:
        image = image.convert("RGBA" if has_alpha else "RGB")
        options = {"optimize": True} if ending == "png" else {"quality": 84}
    # Copied into an empty picture: text chunks, colour profile and camera data stay behind.
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    file = io.BytesIO()
    clean.save(file, _FORMATS[ending], **options)
    content_type = "image/jpeg" if ending == "jpg" else f"image/{ending}"
    return Picture(file.getvalue(), ending, content_type, clean.width, clean.height)


def _on_white(image: Image.Image) -> Image.Image:
    image = image.convert("RGBA")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground
