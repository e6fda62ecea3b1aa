"""Money is a whole number of fen, a rate is a whole number of basis points, and one function rounds.

Every amount in Doudi is an `int` of fen (分, a hundredth of a yuan) and every rate an `int` of basis points
(a hundredth of a percent). Python's integers are exact, so sums, differences and products need no care; the
only operation that can lose something is a division, and the only division of money is `Rounding.divide`. Its
mode and unit belong to the policy, because the law decides who gets the half fen. Splitting an amount into
parts that must add up again is not rounding: `allocate` does it by largest remainder.

Amounts never come from floats: 0.1 + 0.2 yuan would already be wrong. They come from text (`parse_yuan`),
which is read strictly: what a person could have meant in two ways is refused, with a message in Chinese and
English that says what to write instead.

Bounds: a bill is at most `MAX_BILL`, a sum over bills at most `MAX_ACCUMULATOR`, a rate at most
`MAX_RATE`. Python would count on; the engine that settles columns of bills has 64 bits. The largest product
within the bounds is 10^18 and fits. Beyond them `check_fen` raises, so that both engines refuse the same.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final, TypeAlias

Fen: TypeAlias = int
"""An amount in fen. Names of amounts end in `_fen` where the unit is not plain from the place."""

Bp: TypeAlias = int
"""A rate in basis points: 10000 is 100 %. Names of rates end in `_bp`."""

BP_ONE: Final[Bp] = 10_000
FEN_PER_YUAN: Final = 100
MAX_RATE: Final[Bp] = 10 * BP_ONE
MAX_BILL: Final[Fen] = 10**9 * FEN_PER_YUAN
MAX_ACCUMULATOR: Final[Fen] = 10**11 * FEN_PER_YUAN

# code: (Chinese, English). `text` is what was written, `limit` the bound it passed.
_MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "empty": ("没有写数字", "nothing is written"),
    "spaces": ("“{text}”含有空格，请去掉", "{text!r} contains a space: remove it"),
    "full_width": (
        "“{text}”含有全角字符，请用半角数字",
        "{text!r} has full-width characters: write ASCII digits",
    ),
    "thousands_separator": (
        "“{text}”含有千位分隔逗号，请去掉",
        "{text!r} has a thousands separator: remove it",
    ),
    "scientific": (
        "“{text}”是科学计数法，请写出全部数字",
        "{text!r} is in scientific notation: write all digits",
    ),
    "tenths": (
        "“{text}”用了“成”，请写百分数，如60%",
        "{text!r} counts in tenths (成): write a percentage such as 60%",
    ),
    "unit": (
        "“{text}”带有单位，请只写以元为单位的数字",
        "{text!r} carries a unit: write the number of yuan alone",
    ),
    "percent_sign": (
        "“{text}”是百分数，这里要写金额（元）",
        "{text!r} is a percentage: an amount in yuan is expected",
    ),
    "no_percent_sign": (
        "“{text}”没有百分号，请写百分数，如60%",
        "{text!r} has no percent sign: write a percentage such as 60%",
    ),
    "sign": (
        "“{text}”带有正负号，这里只能写不带符号的数",
        "{text!r} has a sign: an unsigned number is expected",
    ),
    "leading_zero": ("“{text}”以多余的0开头，请去掉", "{text!r} has a leading zero: remove it"),
    "decimals": ("“{text}”的小数超过两位", "{text!r} has more than two decimals"),
    "incomplete": ("“{text}”的小数点前后都要有数字", "{text!r} needs digits on both sides of the point"),
    "not_a_number": (
        "“{text}”不是数字，请写成6000或6000.50的样子",
        "{text!r} is not a number: write it like 6000 or 6000.50",
    ),
    "rate_too_high": ("“{text}”超过{limit}", "{text!r} is above {limit}"),
    "overflow": ("金额{text}超过上限{limit}元", "the amount {text} is beyond the bound of {limit} yuan"),
    "denominator": ("除数必须大于0，现在是{text}", "a denominator must be positive, not {text}"),
    "negative_rate": ("比例不能是负数：{text}", "a rate cannot be negative: {text}"),
    "negative_part": (
        "分摊的总额和权重不能是负数：{text}",
        "a total or weight to allocate cannot be negative: {text}",
    ),
    "no_weight": ("没有权重可以分摊{text}", "there is no weight over which to allocate {text}"),
}


class MoneyError(ValueError):
    """An amount or rate that cannot be accepted: `code` names the reason, `zh` and `en` say it."""

    def __init__(self, code: str, text: object = "", limit: object = "") -> None:
        zh, en = _MESSAGES[code]
        self.code = code
        self.zh = zh.format(text=text, limit=limit)
        self.en = en.format(text=text, limit=limit)
        super().__init__(f"{self.zh} / {self.en}")


class MoneyOverflow(MoneyError):
    """An amount beyond the bounds within which every engine is exact."""


def _require_int(*values: object) -> None:
    """Refuse floats, decimals, text and also `True`, which Python would count as 1."""
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"money and rates are int, not {type(value).__name__}: {value!r}")


def check_fen(value: Fen, limit: Fen = MAX_ACCUMULATOR) -> Fen:
    """The amount itself if it is an integer within ±`limit`; raises otherwise."""
    _require_int(value)
    if not -limit <= value <= limit:
        raise MoneyOverflow("overflow", format_yuan(value), format_yuan(limit))
    return value


class RoundingMode(StrEnum):
    """What becomes of the part below the unit. Negative amounts mirror positive ones."""

    HALF_UP = "half_up"
    """四舍五入: a half goes away from zero."""
    HALF_EVEN = "half_even"
    """四舍六入五成双: a half goes to the even neighbour."""
    DOWN = "down"
    """舍去: always toward zero."""


class RoundingUnit(IntEnum):
    """The coin to which amounts are rounded, in fen."""

    FEN = 1
    JIAO = 10
    YUAN = 100


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a policy rounds."""

    mode: RoundingMode = RoundingMode.HALF_UP
    unit: RoundingUnit = RoundingUnit.FEN

    def divide(self, numerator: int, denominator: int = 1) -> Fen:
        """`numerator / denominator` fen, rounded once to a multiple of the unit: the one rounding function.

        Exact for any integers; a negative numerator gives the negative of its mirror image, so that what is
        taken back is what was given. The denominator must be positive.
        """
        _require_int(numerator, denominator)
        if denominator <= 0:
            raise MoneyError("denominator", denominator)
        unit = int(self.unit)
        divisor = denominator * unit
        quotient, remainder = divmod(abs(numerator), divisor)
        if self.mode is RoundingMode.HALF_UP:
            quotient += 2 * remainder >= divisor
        elif self.mode is RoundingMode.HALF_EVEN:
            quotient += 2 * remainder + (quotient & 1) > divisor
        rounded = quotient * unit
        return check_fen(-rounded if numerator < 0 else rounded)


TO_FEN: Final = Rounding()
"""Half up to the fen: what a policy does that says nothing."""


def share(amount_fen: Fen, rate_bp: Bp, rounding: Rounding = TO_FEN) -> Fen:
    """The part `rate_bp` of an amount, rounded once. Grows with the amount and with the rate."""
    _require_int(amount_fen, rate_bp)
    if rate_bp < 0:
        raise MoneyError("negative_rate", format_percent(rate_bp))
    return rounding.divide(amount_fen * rate_bp, BP_ONE)


def allocate(total: Fen, weights: Sequence[int]) -> list[Fen]:
    """Split a total over weights by largest remainder; equal remainders are served by position.

    The parts add up to the total exactly. A zero weight gets nothing. Where the total is at most the sum of
    the weights (a payment over the lines of a bill), no part exceeds its weight: a part is at most its exact
    quota rounded up, the quota is at most the weight, and the weight is an integer.
    """
    _require_int(total, *weights)
    if total < 0 or any(weight < 0 for weight in weights):
        raise MoneyError("negative_part", [total, *weights])
    check_fen(total)
    whole = sum(weights)
    if total == 0:
        return [0] * len(weights)
    if whole == 0:
        raise MoneyError("no_weight", format_yuan(total))
    parts = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    missing = total - sum(parts)
    for position in sorted(range(len(weights)), key=lambda i: -remainders[i])[:missing]:
        parts[position] += 1
    return parts


# --- reading ------------------------------------------------------------------------------------------

_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]{1,2})?")
_UNIT: Final = re.compile(r"[元圆块角毛分厘十百千万亿¥￥$]|yuan|fen|cny|rmb", re.IGNORECASE)

# Mistakes worth their own message, in the order in which they are looked for.
_MISTAKES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("empty", re.compile(r"\A\Z")),
    ("spaces", re.compile(r"\s")),
    ("full_width", re.compile(r"[\uff01-\uff5e]")),
    ("scientific", re.compile(r"\A[-+]?[0-9.]+[eE][-+]?[0-9]+%?\Z")),
    ("thousands_separator", re.compile(r"\A[-+]?[0-9]+([,'_][0-9]+)+(\.[0-9]+)?%?\Z")),
    ("tenths", re.compile(r"[成折]")),
    ("unit", _UNIT),
)
_MISTAKES_IN_DIGITS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("sign", re.compile(r"\A\+")),
    ("leading_zero", re.compile(r"\A-?0[0-9]+(\.[0-9]*)?\Z")),
    ("incomplete", re.compile(r"\A-?([0-9]+\.|\.[0-9]+)\Z")),
    ("decimals", re.compile(r"\A-?[0-9]+\.[0-9]{3,}\Z")),
)


def _refuse_mistakes(mistakes: tuple[tuple[str, re.Pattern[str]], ...], digits: str, text: str) -> None:
    for code, pattern in mistakes:
        if pattern.search(digits):
            raise MoneyError(code, text)


def _read_hundredths(digits: str, text: str, *, signed: bool) -> int:
    """A number with at most two decimals, in hundredths; `text` is what the message shows."""
    if digits.startswith("-") and not signed:
        raise MoneyError("sign", text)
    if not _NUMBER.fullmatch(digits):
        _refuse_mistakes(_MISTAKES_IN_DIGITS, digits, text)
        raise MoneyError("not_a_number", text)
    whole, _, decimals = digits.lstrip("-").partition(".")
    if len(whole) > len(str(MAX_ACCUMULATOR)):
        raise MoneyOverflow("overflow", text, format_yuan(MAX_ACCUMULATOR))
    hundredths = int(whole) * 100 + int(decimals.ljust(2, "0"))
    return -hundredths if digits.startswith("-") else hundredths


def parse_yuan(text: str, *, signed: bool = False) -> Fen:
    """Fen from yuan written as `6000`, `6000.5` or `300.00`; a minus only where `signed`."""
    if not isinstance(text, str):
        raise TypeError(f"yuan are read from text, not from {type(text).__name__}: {text!r}")
    _refuse_mistakes(_MISTAKES, text, text)
    if text.endswith("%"):
        raise MoneyError("percent_sign", text)
    return check_fen(_read_hundredths(text, text, signed=signed))


def parse_percent(text: str) -> Bp:
    """Basis points from `60%` or `62.5%`. Whether it may exceed 100 %, its place decides."""
    if not isinstance(text, str):
        raise TypeError(f"percentages are read from text, not from {type(text).__name__}: {text!r}")
    _refuse_mistakes(_MISTAKES, text, text)
    if not text.endswith("%"):
        raise MoneyError("no_percent_sign", text)
    rate_bp = _read_hundredths(text[:-1], text, signed=False)
    if rate_bp > MAX_RATE:
        raise MoneyError("rate_too_high", text, format_percent(MAX_RATE))
    return rate_bp


# --- writing ------------------------------------------------------------------------------------------


def format_yuan(amount_fen: Fen, *, grouping: bool = False) -> str:
    """Yuan with two decimals: `-12.30`, with grouping `12,345.60`. `parse_yuan` reads the former."""
    _require_int(amount_fen)
    yuan, fen = divmod(abs(amount_fen), FEN_PER_YUAN)
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}{yuan:,}.{fen:02d}" if grouping else f"{sign}{yuan}.{fen:02d}"


def format_yuan_zh(amount_fen: Fen) -> str:
    """For Chinese readers: `12,345.60元`."""
    return f"{format_yuan(amount_fen, grouping=True)}元"


def format_yuan_en(amount_fen: Fen) -> str:
    """For English readers: `CNY 12,345.60`."""
    return f"CNY {format_yuan(amount_fen, grouping=True)}"


def format_percent(rate_bp: Bp) -> str:
    """The shortest percentage: `60%`, `62.5%`, `0.05%`."""
    _require_int(rate_bp)
    percent, hundredths = divmod(abs(rate_bp), 100)
    decimals = f".{hundredths:02d}".rstrip("0").rstrip(".")
    return f"{'-' if rate_bp < 0 else ''}{percent}{decimals}%"


_CAPITAL_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_CAPITAL_PLACES: Final = ("仟", "佰", "拾", "")
_CAPITAL_GROUPS: Final = ((10**8, "亿"), (10**4, "万"), (1, ""))


def _capital_group(number: int) -> str:
    """Four digits, 1 to 9999, without zeros at either end; zeros inside become one 零."""
    written = ""
    for digit, place in zip(f"{number:04d}", _CAPITAL_PLACES, strict=True):
        written += "零" if digit == "0" else _CAPITAL_DIGITS[int(digit)] + place
    return re.sub("零+", "零", written).strip("零")


def capital_yuan(amount_fen: Fen) -> str:
    """大写金额 as on slips and cheques: 壹万贰仟叁佰肆拾伍元陆角柒分.

    After the rules of the People's Bank for filling in bills (正确填写票据和结算凭证的基本规定): 整 stands
    after 元, not after 角 or 分; zeros inside are one 零; a zero in the place of 角 before 分 is written
    (元零伍分); where the rules leave a 零 free (a zero in the place of 元 or 万 before a digit that follows
    at once), it is left out.
    """
    check_fen(amount_fen)
    if amount_fen == 0:
        return "零元整"
    yuan, below_yuan = divmod(abs(amount_fen), FEN_PER_YUAN)
    jiao, fen = divmod(below_yuan, 10)
    written, rest = "", yuan
    gap = False
    for size, name in _CAPITAL_GROUPS:
        number, rest = divmod(rest, size)
        if number:
            written += "零" if written and (gap or number < 1000) else ""
            written += _capital_group(number) + name
        gap = not number
    if yuan:
        written += "元" if below_yuan else "元整"
    if jiao:
        written += _CAPITAL_DIGITS[jiao] + "角"
    if fen:
        written += "零" if yuan and not jiao else ""
        written += _CAPITAL_DIGITS[fen] + "分"
    return f"负{written}" if amount_fen < 0 else written
