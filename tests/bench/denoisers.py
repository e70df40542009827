#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other programs on the very pictures that `sfumato eval denoise --keep` left.

denoisers.py prepare FOLDER OUT   photographs of the two Debian packages, unpacked
                                  in FOLDER, as PNG files of 384x384 at most
denoisers.py compare KEPT         a table of PSNR in dB, means over the pictures
"""

import glob
import os
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image

PHOTOGRAPHS = [
    "skimage/data/astronaut.png",
    "skimage/data/chelsea.png",
    "skimage/data/coffee.png",
    "skimage/data/motorcycle_left.png",
    "skimage/data/rocket.jpg",
    "sklearn/datasets/images/china.jpg",
    "sklearn/datasets/images/flower.jpg",
]
SIDE, MULTIPLE = 384, 16
ITERATIONS = [1, 2, 4, 8, 16, 32]


def prepare(folder, out):
    os.makedirs(out, exist_ok=True)
    for path in PHOTOGRAPHS:
        picture = Image.open(f"{folder}/usr/lib/python3/dist-packages/{path}").convert("RGB")
        width, height = (min(SIDE, side) // MULTIPLE * MULTIPLE for side in picture.size)
        name = os.path.splitext(os.path.basename(path))[0]
        picture.crop((0, 0, width, height)).save(f"{out}/{name}.png")


def read(path):
    return np.asarray(Image.open(path).convert("RGB")).astype(np.float64) / 255


def psnr(a, b):
    return -10 * np.log10(np.mean((np.clip(a, 0, 1) - b) ** 2))


def non_local_means(noisy, sigma):
    from skimage.restoration import denoise_nl_means

    return denoise_nl_means(noisy, h=0.6 * sigma, sigma=sigma, patch_size=5, patch_distance=9,
                            channel_axis=-1)


def wavelets(noisy, sigma):
    from skimage.restoration import denoise_wavelet

    return denoise_wavelet(noisy, sigma=sigma, method="BayesShrink", mode="soft",
                           channel_axis=-1, convert2ycbcr=True, rescale_sigma=True)


def gimp(path, iterations):
    """Filters > Enhance > Noise Reduction, which is this operation."""
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/out.png"
        subprocess.run(["gegl", path, "-o", out, "--", "gegl:noise-reduction",
                        f"iterations={iterations}"], check=True, stderr=subprocess.DEVNULL)
        return read(out)


def measure(clean, sigma, kept):
    noisy_path = f"{kept}-noisy.png"
    noisy = read(noisy_path)
    row = {
        "noisy": psnr(noisy, clean),
        "wavelets": psnr(wavelets(noisy, sigma), clean),
        "non-local means": psnr(non_local_means(noisy, sigma), clean),
        "sfumato": psnr(read(f"{kept}-known.png"), clean),
        "sfumato, estimated": psnr(read(f"{kept}-estimated.png"), clean),
    }
    for n in ITERATIONS:
        row[f"gimp {n}"] = psnr(gimp(noisy_path, n), clean)
    return row


def compare(folder):
    rows = {}
    for path in sorted(glob.glob(f"{folder}/*-clean.png")):
        kept = path[: -len("-clean.png")]
        sigma = float(kept.rsplit("-", 1)[1])
        rows.setdefault(sigma, []).append(measure(read(path), sigma / 255, kept))
        print(os.path.basename(kept), " ".join(f"{name} {value:.2f};" for name, value in
                                               rows[sigma][-1].items()), flush=True)
    sigmas = sorted(rows)
    print("| |", " | ".join(f"{sigma:g}" for sigma in sigmas), "|")
    print("|---|" + "---|" * len(sigmas))
    for name in rows[sigmas[0]][0]:
        means = [np.mean([row[name] for row in rows[sigma]]) for sigma in sigmas]
        print(f"| {name} |", " | ".join(f"{mean:.2f}" for mean in means), "|")


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "prepare":
        prepare(sys.argv[2], sys.argv[3])
    elif len(sys.argv) == 3 and sys.argv[1] == "compare":
        compare(sys.argv[2])
    else:
        sys.exit(__doc__)
