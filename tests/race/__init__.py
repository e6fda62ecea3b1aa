"""The race suite (`make race`): two at one person, in every order in which their statements can meet."""

from support.ground import load

load()
