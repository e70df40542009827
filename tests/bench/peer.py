#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks that `sfumato bench` times, in PyTorch, with random weights.

peer.py NETWORK [--batch N] [--size HxW] [--threads N] [--format nchw|nhwc]

NETWORK is cifar10, ddpm256, or the config.json of a UNet2DModel made of plain and
attention blocks. A line of JSON says what runs here; then each line of standard
input, a number of evaluations, is answered by what they took: {"wall_ms": [..],
"cpu_ms": [..]}, an evaluation that is not counted going before.
"""

import argparse
import json
import re
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

PLAIN, ATTENTION = "DownBlock2D", "AttnDownBlock2D"

# google/ddpm-cifar10-32 and google/ddpm-celebahq-256, as published.
PUBLISHED = {
    "cifar10": {
        "sample_size": 32,
        "block_out_channels": [128, 256, 256, 256],
        "down_block_types": [PLAIN, ATTENTION, PLAIN, PLAIN],
    },
    "ddpm256": {
        "sample_size": 256,
        "block_out_channels": [128, 128, 256, 256, 512, 512],
        "down_block_types": [PLAIN, PLAIN, PLAIN, PLAIN, ATTENTION, PLAIN],
    },
}
DEFAULTS = {
    "in_channels": 3,
    "out_channels": 3,
    "layers_per_block": 2,
    "norm_num_groups": 32,
    "norm_eps": 1e-6,
    "attention_head_dim": None,
    "add_attention": True,
    "downsample_padding": 0,
    "flip_sin_to_cos": False,
    "freq_shift": 1,
    "num_class_embeds": None,
}


class Resnet(nn.Module):
    def __init__(self, c, inputs, outputs, time_width):
        super().__init__()
        self.norm1 = nn.GroupNorm(c["norm_num_groups"], inputs, eps=c["norm_eps"])
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.time = nn.Linear(time_width, outputs)
        self.norm2 = nn.GroupNorm(c["norm_num_groups"], outputs, eps=c["norm_eps"])
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.shortcut = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x, time_embedding):
        h = self.conv1(F.silu(self.norm1(x)))
        h = h + self.time(F.silu(time_embedding))[:, :, None, None]
        return self.shortcut(x) + self.conv2(F.silu(self.norm2(h)))


class Attention(nn.Module):
    def __init__(self, c, channels):
        super().__init__()
        self.heads = channels // (c["attention_head_dim"] or channels)
        self.norm = nn.GroupNorm(c["norm_num_groups"], channels, eps=c["norm_eps"])
        self.query, self.key, self.value, self.out = (nn.Linear(channels, channels)
                                                      for _ in range(4))

    def forward(self, x):
        n, channels, height, width = x.shape
        y = self.norm(x).reshape(n, channels, height * width).transpose(1, 2)
        q, k, v = (f(y).view(n, -1, self.heads, channels // self.heads).transpose(1, 2)
                   for f in (self.query, self.key, self.value))
        y = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(n, -1, channels)
        return x + self.out(y).transpose(1, 2).reshape(n, channels, height, width)


class Level(nn.Module):
    """The resnets of one size, each with its attention, and the change of size behind them."""

    def __init__(self, resnets, attentions, resize):
        super().__init__()
        self.resnets, self.attentions = nn.ModuleList(resnets), nn.ModuleList(attentions)
        self.resize = resize


class Unet(nn.Module):
    def __init__(self, config):
        super().__init__()
        c = self.config = {**DEFAULTS, **config}
        widths, layers = c["block_out_channels"], c["layers_per_block"]
        time_width = 4 * widths[0]
        self.linear1 = nn.Linear(widths[0], time_width)
        self.linear2 = nn.Linear(time_width, time_width)
        classes = c["num_class_embeds"]
        self.label = nn.Embedding(classes, time_width) if classes else None
        self.conv_in = nn.Conv2d(c["in_channels"], widths[0], 3, padding=1)
        skips, channels = [widths[0]], widths[0]

        def level(num, width, attends, inputs, resize):
            nonlocal channels
            resnets = []
            for _ in range(num):
                resnets.append(Resnet(c, inputs(channels), width, time_width))
                channels = width
            return Level(resnets, [Attention(c, width) if attends else nn.Identity()
                                   for _ in range(num)], resize)

        attends = ["Attn" in kind for kind in c["down_block_types"]]
        self.down, last = nn.ModuleList(), len(widths) - 1
        for i, width in enumerate(widths):
            resize = nn.Conv2d(width, width, 3, 2, c["downsample_padding"]) if i < last else None
            self.down.append(level(layers, width, attends[i], lambda n: n, resize))
            skips += [width] * (layers + (i < last))
        self.middle = nn.ModuleList([
            Resnet(c, channels, channels, time_width),
            Attention(c, channels) if c["add_attention"] else nn.Identity(),
            Resnet(c, channels, channels, time_width)])
        self.up = nn.ModuleList()
        for i, width in reversed(list(enumerate(widths))):
            resize = nn.Conv2d(width, width, 3, padding=1) if i > 0 else None
            self.up.append(level(layers + 1, width, attends[i], lambda n: n + skips.pop(), resize))
        self.norm_out = nn.GroupNorm(c["norm_num_groups"], channels, eps=c["norm_eps"])
        self.conv_out = nn.Conv2d(channels, c["out_channels"], 3, padding=1)

    def embed(self, timestep, label):
        half = self.config["block_out_channels"][0] // 2
        rate = torch.exp(-torch.log(torch.tensor(10000.0)) * torch.arange(half)
                         / (half - self.config["freq_shift"]))
        angle = timestep[:, None] * rate
        parts = [angle.sin(), angle.cos()]
        wave = torch.cat(parts[::-1] if self.config["flip_sin_to_cos"] else parts, 1)
        time_embedding = self.linear2(F.silu(self.linear1(wave)))
        return time_embedding + self.label(label) if self.label else time_embedding

    def forward(self, x, timestep, label):
        t = self.embed(timestep, label)
        h = self.conv_in(x)
        skips = [h]
        for level in self.down:
            for resnet, attention in zip(level.resnets, level.attentions):
                h = attention(resnet(h, t))
                skips.append(h)
            if level.resize:
                if self.config["downsample_padding"] == 0:
                    h = F.pad(h, (0, 1, 0, 1))
                h = level.resize(h)
                skips.append(h)
        h = self.middle[2](self.middle[1](self.middle[0](h, t)), t)
        for level in self.up:
            for resnet, attention in zip(level.resnets, level.attentions):
                h = attention(resnet(torch.cat([h, skips.pop()], 1), t))
            if level.resize:
                h = level.resize(F.interpolate(h, scale_factor=2.0))
        return self.conv_out(F.silu(self.norm_out(h)))


def blas_in_use():
    """The file that serves BLAS in this process."""
    with open("/proc/self/maps") as maps:
        found = set(re.findall(r"/\S*/(?:[^/]*/)?lib(?:open)?blas[^/]*\.so\S*", maps.read()))
    names = {path.split("x86_64-linux-gnu/")[-1] for path in found}
    return ", ".join(sorted(names)) or "none"


def measure(evaluate, num):
    wall, cpu = [], []
    evaluate()
    for _ in range(num):
        wall_start, cpu_start = time.perf_counter(), time.process_time()
        evaluate()
        cpu.append(1e3 * (time.process_time() - cpu_start))
        wall.append(1e3 * (time.perf_counter() - wall_start))
    return {"wall_ms": wall, "cpu_ms": cpu}


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("network")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--size")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--format", choices=["nchw", "nhwc"], default="nchw")
    o = parser.parse_args()

    torch.set_num_threads(o.threads)
    config = PUBLISHED.get(o.network) or json.load(open(o.network))
    side = config["sample_size"]
    height, width = map(int, o.size.split("x")) if o.size else (side, side)
    memory = torch.channels_last if o.format == "nhwc" else torch.contiguous_format
    net = Unet(config).eval().to(memory_format=memory)
    x = torch.randn(o.batch, net.config["in_channels"], height, width).to(memory_format=memory)
    timestep, label = torch.full((o.batch,), 500.0), torch.zeros(o.batch, dtype=torch.long)
    with torch.inference_mode():
        net(x, timestep, label)
        print(json.dumps({
            "name": f"PyTorch {torch.__version__.split('+')[0]}",
            "blas": blas_in_use(),
            "threads": torch.get_num_threads(),
            "format": o.format,
            "parameters": sum(p.numel() for p in net.parameters()),
        }), flush=True)
        for line in sys.stdin:
            print(json.dumps(measure(lambda: net(x, timestep, label), int(line))), flush=True)


if __name__ == "__main__":
    main()
