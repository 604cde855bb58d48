#!/usr/bin/env python3
"""Writes small files of torch.save, good and bad ones.

    scripts/golden/torch_files.py Tests/TorchFilesTests/Golden

Needs what `scripts/check-checkpoints` installs.
"""
import os
import sys
from pathlib import Path

import torch

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)


class Command:
    """Runs a command when it is unpickled."""

    def __reduce__(self):
        return (os.system, ("echo run",))


numbers = torch.arange(12, dtype=torch.float32)
good = {
    "f32": numbers.reshape(3, 4),
    "part": numbers[4:10].reshape(2, 3),  # of the same storage
    "f16": torch.tensor([1.0, -2.5], dtype=torch.float16),
    "bf16": torch.nn.Parameter(torch.tensor([[0.5], [3.0]], dtype=torch.bfloat16)),
    "i64": torch.tensor(-7),
    "empty": torch.zeros(0, 3),
    "step": 12,
}
torch.save(good, folder / "good.bin")
torch.save({"epoch": 3, "state_dict": {"a": torch.ones(2)}}, folder / "nested.pth")
torch.save({"a": torch.arange(6.0).reshape(2, 3).t()}, folder / "transposed.bin")
torch.save({"a": torch.ones(2), "b": Command()}, folder / "command.bin")
torch.save(torch.nn.Linear(2, 2), folder / "module.bin")
torch.save({"a": torch.ones(2)}, folder / "old.bin", _use_new_zipfile_serialization=False)
