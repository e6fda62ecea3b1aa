"""Where `doudi` begins: reads the arguments, runs one command, turns what went wrong into a message and an exit code.

Nothing heavy is imported here: each command's module comes when it is asked for.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Mapping
from importlib import import_module

from doudi.cli.arguments import EXIT_FINDINGS, EXIT_INTERNAL, EXIT_OK, EXIT_UNREADABLE, EXIT_USAGE, UsageError
from doudi.cli.screen import Screen
from doudi.words import Language


def main(argv: list[str] | None = None) -> int:
    """Run one command and answer its exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    if argv is None:
        _hurry()
    if arguments == ["--version"]:
        from doudi import __version__

        print(f"doudi {__version__}")  # the fastest way out
        return EXIT_OK
    language = language_of(arguments, os.environ)
    try:
        return _run(arguments, language)
    except UsageError as error:
        Screen.make(language, as_json=False, colour=False).error(str(error))
        return EXIT_USAGE
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_OK


def _hurry() -> None:
    """A process of its own is short: no collector, no search for plugins of the validator."""
    import gc

    gc.disable()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def language_of(arguments: list[str], environment: Mapping[str, str]) -> Language:
    """`--lang`, else DOUDI_LANG, else English where the machine speaks English, else Chinese."""
    wanted = environment.get("DOUDI_LANG", "")
    for index, argument in enumerate(arguments):
        if argument == "--lang" and index + 1 < len(arguments):
            wanted = arguments[index + 1]
        elif argument.startswith("--lang="):
            wanted = argument.partition("=")[2]
    if wanted in ("zh", "en"):
        return "en" if wanted == "en" else "zh"
    return "en" if (environment.get("LC_ALL") or environment.get("LANG", "")).startswith("en") else "zh"


def _run(arguments: list[str], language: Language) -> int:
    from doudi.cli.arguments import build, split_common

    common, rest = split_common(arguments, language)
    parser = build(language)
    if not rest:
        parser.print_help()
        return EXIT_USAGE
    try:
        options = parser.parse_args(rest)
    except SystemExit as leaving:  # after --help
        return int(leaving.code or 0)
    screen = Screen.make(language, as_json=common.json, colour=not common.no_color)
    if options.version:
        from doudi import __version__

        screen.line(f"doudi {__version__}")
        return EXIT_OK
    if options.run is None:
        options.help_of.print_help()
        return EXIT_USAGE
    options.policies = common.policies
    return _guarded(options, screen)


def _guarded(options: Namespace, screen: Screen) -> int:
    """Run the command; what goes wrong becomes words."""
    from doudi.cli.failures import say_internal, say_problems, say_refused, say_unreadable
    from doudi.engine.refusals import Refused
    from doudi.policy.problems import PolicyError

    try:
        command = import_module(f"doudi.cli.{options.run}")
        code: int = command.run(options, screen)
    except PolicyError as error:
        say_problems(screen, error)
        return EXIT_UNREADABLE
    except Refused as refused:
        say_refused(screen, refused)
        return EXIT_FINDINGS
    except (OSError, UnicodeDecodeError) as error:
        if isinstance(error, BrokenPipeError):
            raise
        say_unreadable(screen, error)
        return EXIT_UNREADABLE
    except UsageError:
        raise
    except Exception as error:  # the last line: a person never sees a traceback
        if os.environ.get("DOUDI_DEBUG"):
            raise
        say_internal(screen, error)
        return EXIT_INTERNAL
    return code


if __name__ == "__main__":
    sys.exit(main())
