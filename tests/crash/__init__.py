"""The crash suite (`make crash`): whatever is killed, an acknowledged settlement is there, once and whole."""

from support.ground import load

load()
