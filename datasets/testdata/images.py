"""Pictures for the tests of readers, and what Pillow makes of a picture that is resized.

    python3 images.py      (Pillow 9.4.0) writes images/* beside this file
"""
import json
import os

from PIL import Image, __version__

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "images")


def pixels(n):
    return bytes((37 * i + 11 * (i // 7)) % 256 for i in range(n))


sizes = [(5, 7, 3, 4), (5, 7, 11, 13), (1, 1, 4, 5), (40, 30, 7, 9), (9, 8, 9, 3), (6, 100, 6, 7), (33, 2, 64, 1)]
cases = []
for h, w, to_h, to_w in sizes:
    for channels, mode in [(1, "L"), (3, "RGB")]:
        m = Image.frombytes(mode, (w, h), pixels(h * w * channels)).resize((to_w, to_h), Image.BILINEAR)
        cases.append({"from": [h, w, channels], "to": [to_h, to_w], "pix": list(m.tobytes())})
with open(os.path.join(here, "resize.json"), "w") as f:
    json.dump({"pillow": __version__, "cases": cases}, f, separators=(",", ":"))
    f.write("\n")

# Flat colours survive JPEG: a CMYK picture, and a gray and a progressive one.
Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(os.path.join(here, "cmyk.jpg"), quality=95)
Image.new("L", (8, 8), 77).save(os.path.join(here, "gray.jpg"), quality=95)
Image.new("RGB", (16, 8), (10, 200, 30)).save(os.path.join(here, "progressive.jpg"), quality=95, progressive=True)

# An interlaced PNG is none that Pillow writes; 16 bits of gray are.
Image.new("I;16", (2, 1), 0x8001).save(os.path.join(here, "gray16.png"))

# A frame smaller than its screen: Pillow crops to what changes, so it is written by hand. Two colours, 4 x 3, the
# frame 2 x 1 at (1, 1): red, red, and around it nothing.
head = b"GIF89a" + bytes([4, 0, 3, 0, 0x80, 0, 0]) + bytes([255, 0, 0, 0, 0, 255])
frame = b"\x2c" + bytes([1, 0, 1, 0, 2, 0, 1, 0, 0]) + bytes([2, 2, 0x04, 0x0A, 0])
with open(os.path.join(here, "frame.gif"), "wb") as f:
    f.write(head + frame + b";")
with open(os.path.join(here, "animated.gif"), "wb") as f:
    f.write(head + frame + b"\x21\xfe\x02hi\x00" + frame + b";")
