"""Refusals of background jobs, and the ways a handler is told to stop."""

from __future__ import annotations

from doudi.server.kernel.errors import Conflict, Forbidden, NotFound
from doudi.words import Words


class JobStopped(BaseException):
    """A handler must leave now. Not an `Exception`, so that no `except Exception` of a handler keeps it going."""


class JobCancelled(JobStopped):
    """Somebody asked for the job to be cancelled."""


class JobLost(JobStopped):
    """The lease ended and another worker has the job: nothing this one does counts any more."""


class JobInterrupted(JobStopped):
    """The worker is being stopped: the job goes back to the queue and begins again elsewhere."""


def no_such_job() -> NotFound:
    """There is no job of this number for the asker."""
    return NotFound(
        "job_not_found",
        Words("找不到这项后台任务。", "There is no such job."),
        remedy=Words("请从“我的任务”中打开。", "Open it from your list of jobs."),
    )


def job_of_another() -> Forbidden:
    """Only who started a job stops or repeats it."""
    return Forbidden(
        "job_of_another",
        Words("这项任务由他人发起。", "Somebody else started this job."),
        remedy=Words("请联系发起人处理。", "Ask whoever started it."),
    )


def job_has_ended() -> Conflict:
    """It is too late to cancel."""
    return Conflict(
        "job_has_ended", Words("任务已经结束，不能取消。", "The job has ended and cannot be cancelled.")
    )


def job_not_failed() -> Conflict:
    """Only what failed or was cancelled is repeated."""
    return Conflict(
        "job_not_failed",
        Words("只有未完成或已取消的任务可以重新执行。", "Only a failed or cancelled job can be run again."),
    )


def job_key_taken(key: str) -> Conflict:
    """The key was used for a job with another payload."""
    return Conflict(
        "job_key_taken",
        Words(f"请求号 {key} 已用于另一项任务。", f"The key {key} was already used for another job."),
        remedy=Words("新的任务请用新的请求号。", "Use a new key for a new job."),
    )


RIGHT_ENDED = Words(
    "发起人的岗位已失效，任务没有执行。请由现任经办人重新发起。",
    "The post this job was started from has ended, so it was not run. Whoever holds the post now may start it again.",
)
WORKER_DIED = Words(
    "任务多次中断，已停止重试。请将编号 {reference} 告知系统管理员。",
    "The job was interrupted several times and is not tried again. Tell your administrator the number {reference}.",
)
BROKE = Words(
    "任务执行出错，没有完成。请将编号 {reference} 告知系统管理员。",
    "The job met a fault and was not finished. Tell your administrator the number {reference}.",
)
