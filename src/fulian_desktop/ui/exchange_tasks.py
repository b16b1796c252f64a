"""What can be written to a stick from 上报与合并, each with its words: a hand-in, receipts, an invitation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fulian_desktop.ui.handing_in import Task, Told, packed_words

if TYPE_CHECKING:
    from fulian_desktop.services.handing_in import Standing, Written
    from fulian_desktop.services.papers import Made

ALL_BELOW = "all-below"
CASES = "维权案件也报（加密，只有本单位和上级的档案室打得开）"


def hand_in_task(standing: Standing, *, why: str = "", more: str = "", room: bool = False) -> Task:
    """上报: a package for the office above. ``why`` it cannot be done now; ``more``: what is to be said before.

    ``room``: the rights room is open, so its cases can be handed in too.
    """
    upper = standing.upper_name or "上级"

    def work(office: Any, folder: Path, progress: Any) -> Written:  # noqa: ANN401 - Office and Progress
        from fulian_desktop.services.handing_in import hand_in

        return hand_in(office, folder, progress)

    def with_cases(office: Any, folder: Path, progress: Any) -> Written:  # noqa: ANN401 - Office and Progress
        from fulian_desktop.services.handing_in import hand_in

        return hand_in(office, folder, progress, rights=True)

    def told(written: Written, on_stick: bool) -> Told:
        carry = f"把 U 盘交给{upper}" if on_stick else f"把文件夹里的 {written.file.name} 拷进 U 盘，交给{upper}"
        request = "加入申请在里面，请对方批准。" if written.request else ""
        return Told(
            packed_words(written.records, written.photos, written.photos_left, written.sealed),
            f"下一步：{carry}。{request}合并后会把回执写回来，拿回来插上，按“接收回执”就行。",
        )

    lead = more or f"把上次回执以后的记录写给{upper}。写好会自己读回来核对。"
    option = CASES if room else ""
    return Task("上报到 U 盘", lead, work, told, why, slip=True, option=option, ticked=with_cases)


def receipts_task(standing: Standing, to: str, name: str) -> Task:
    """写回执: packages for all below or one unit of them, with what was decided, receipts and certificates."""
    def work(office: Any, folder: Path, progress: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - Office and Progress
        from fulian_desktop.services.exchanging import export_package

        return export_package(office, to, folder, progress=progress)

    def told(written: list[dict[str, Any]], on_stick: bool) -> Told:
        records = sum(one["records"] for one in written)
        photos, left = (sum(one.get(name, 0) for one in written) for name in ("photos", "photos_left"))
        place = " U 盘" if on_stick else "这个文件夹里的文件"
        return Told(
            f"{len(written):,} 个单位，{packed_words(records, photos, left)}",
            f"下一步：把{place}带给{'下级' if len(written) > 1 else name}，对方插上后按“接收回执”。几个村可以共用一个 U 盘。",
        )

    why = "" if standing.below else "还没有批准过下级单位。下一步：先批准下级的加入申请。"
    lead = f"写给{name}：收到了什么、审批结果和证书。每个单位一个文件，只有它自己打得开。"
    return Task("写回执", lead, work, told, why)


def invite_task() -> Task:
    """写邀请: a file with which offices below begin; several may use the same one."""
    def work(office: Any, folder: Path, _progress: Any) -> dict[str, Any]:  # noqa: ANN401 - Office and Progress
        from fulian_desktop.services.handing_in import invite

        return invite(office, folder)

    def told(written: dict[str, Any], _on_stick: bool) -> Told:
        return Told(
            f"下级 {written['units']:,} 个单位",
            f"下一步：把邀请带到村里，第一次打开程序时选它。电话里核对本单位的识别码：{written['fingerprint']}。",
        )

    return Task("写邀请到 U 盘", "写一份邀请，村里第一次打开程序时用它开通。几个村可以用同一份。", work, told)


def slip_to_preview(package: str, file: str) -> dict[str, Any]:
    """What the preview page is told to show the hand-over slip of a package."""
    def make(office: Any, progress: Any) -> Made:  # noqa: ANN401 - Office and Progress
        from fulian_desktop.services.hand_over import print_hand_over
        from fulian_desktop.services.papers import in_memory

        return in_memory(lambda target: print_hand_over(office, target, package=package, progress=progress))

    return {"nav": "exchange", "title": "上报交接单", "subtitle": file, "file": f"上报交接单 {Path(file).stem}", "make": make}
