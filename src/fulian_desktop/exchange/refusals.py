"""Why a file or a segment is refused: one code, one sentence, one next step each.

Codes are for scripts and never change; sentences are for people. ``STATES`` maps each code to the state that
`merge` prints (DESIGN §11), which knows fewer.
"""

from __future__ import annotations

from fulian_desktop.errors import MachineProblem, Refused

SENTENCES: dict[str, str] = {
    "not-a-package": "这个文件不是上报包。请选择扩展名为 .flpkg 的文件。",
    "damaged": "文件已损坏，没有读入任何内容。请让对方重新导出一次，再用 U 盘拷来。",
    "truncated": "文件不完整或被改动过，没有读入任何内容。可能是 U 盘拔得太早，请让对方重新导出。",
    "too-large": "文件超过了允许的大小，没有读入。请让对方重新导出，程序会自动分成几个文件。",
    "form": "文件内容的格式不对，没有读入。请让对方把程序升级后重新导出。",
    "bomb": "文件解开后的大小与它声明的不符，没有读入。请让对方重新导出；再出现请勿使用这个文件。",
    "too-new": "这个文件由更新的程序生成（要文件格式 {needs}，本程序认识到 {known}）。请先升级本程序。",
    "unknown-capability": "这个文件用到本程序不认识的功能（{what}，文件格式 {needs}）。请先升级本程序。",
    "unknown-signer": (
        "不认识这个文件的签发电脑（单位 {unit}，识别码 {fingerprint}）。"
        "请先批准它的加入申请，或向它的上级单位要新的上报包。"
    ),
    "missing-certificate": (
        "缺少证书，无法确认这个文件的来源（单位 {unit}）。"
        "请让单位 {issuer} 或它的上级重新导出一份，先读入它。"
    ),
    "forged": "签名不对，文件不是它声称的单位（{unit}）签发的，或已被改动。没有读入，请让对方重新导出。",
    "revoked": "签发这个文件的电脑已被停用（单位 {unit}）。请让该单位用现用的电脑重新导出。",
    "out-of-scope": "单位 {unit} 无权向本单位发这种文件。没有读入，请核对是哪个单位的 U 盘。",
    "not-for-us": "这个文件不是给本单位的。没有读入；请把它交给收件单位。",
    "inner-disagrees": (
        "文件外面写的单位和里面的不一致，可能被人转签过。没有读入，请让原单位重新导出。"
    ),
    "wrong-kind": "这个文件不能用在这里（它是{kind}）。请选择对应的文件。",
    "segment-form": (
        "其中一段记录的格式不对，这一段没有读入，其余照常。请让单位 {unit} 升级程序后重新导出。"
    ),
    "segment-chain": (
        "其中一段记录前后接不上，可能被改动过，这一段没有读入，其余照常。请让单位 {unit} 重新导出。"
    ),
    "segment-forged": "其中一段记录的签名不对，这一段没有读入，其余照常。请让单位 {unit} 重新导出。",
    "segment-unknown": (
        "其中一段记录的签发电脑不认识（单位 {unit} 的记录），这一段没有读入，其余照常。"
        "请向该单位的上级要新的上报包。"
    ),
    "segment-scope": (
        "其中一段是单位 {unit} 的记录，签发的单位无权签发或本单位无权接收，这一段没有读入，其余照常。"
        "请核对文件是哪个单位给的。"
    ),
    "photo": "其中一张照片与它的编号不符，没有读入，其余照常。请让对方重新导出。",
    "statement": "其中一份证书的格式或签名不对，没有采用，其余照常。请让对方重新导出。",
    "statement-scope": (
        "其中一份证书超出了签发单位（{unit}）的管辖范围，没有采用，其余照常。请告诉该单位。"
    ),
}

KIND_LABELS: dict[str, str] = {
    "up": "上报包", "down": "下发包", "peer": "互传包", "request": "加入申请", "certificate": "证书",
    "invitation": "邀请",
}

_STATE_OF = {
    "not-a-package": "damaged", "truncated": "damaged", "too-large": "damaged", "form": "damaged",
    "bomb": "damaged", "forged": "damaged", "inner-disagrees": "damaged", "wrong-kind": "damaged",
    "unknown-capability": "too-new", "missing-certificate": "unknown-signer",
}
STATES: dict[str, str] = {code: _STATE_OF.get(code, code) for code in SENTENCES}


def sentence(code: str, **parts: object) -> str:
    """The 中文 sentence of a code; callers that know units by name may give those instead of the codes."""
    return SENTENCES[code].format_map({name: str(part) for name, part in parts.items()})


class PackageRefused(Refused):
    """A file was refused before anything of it was used; ``code`` is a key of :data:`SENTENCES`.

    Args:
        code: Why, finely.
        why: English detail for the log; never shown.
        parts: What the sentence names: unit, fingerprint, issuer, needs, known, what, kind.
    """

    def __init__(self, code: str, why: str = "", **parts: object) -> None:
        super().__init__(sentence(code, **parts), code)
        self.why = why
        self.parts = parts

    @property
    def state(self) -> str:
        """The state that `merge` prints (DESIGN §11)."""
        return STATES[self.code]


class PackageTooLarge(MachineProblem):
    """What was to be written passes a bound of one package; the caller splits it and writes several."""

    code = "package-too-large"

    def __init__(self, size: int, limit: int) -> None:
        super().__init__("要导出的内容太多，一个文件放不下。请分成几次导出（先导出记录，再导出照片）。")
        self.size = size
        self.limit = limit
