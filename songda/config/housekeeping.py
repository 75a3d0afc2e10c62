"""Errands about errands: those of a worker that died are taken up again, those long done are thrown away."""

import structlog
from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

KEPT_HOURS = 24 * 7
SILENT_SECONDS: float = settings.PROCRASTINATE_WORKER_DEFAULTS["stalled_worker_timeout"]
log = structlog.get_logger(__name__)


@app.periodic(cron="* * * * * */5")
@app.task(queue="housekeeping", queueing_lock="take_up_stalled", pass_context=True)
async def take_up_stalled(context: JobContext, timestamp: int) -> None:
    """Give back what a worker held when it stopped breathing. Every errand may run twice, so this is safe."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        did = await _give_back(jobs, job)
        log.warning(did, errand=job.task_name, number=job.id, due=timestamp)


async def _give_back(jobs: JobManager, job: Job) -> str:
    """Only one errand of a queueing lock may wait: where the next one already does, it does the work of both."""
    try:
        await jobs.retry_job(job)
    except UniqueViolation:
        await jobs.finish_job(job, Status.ABORTED, delete_job=False)
        return "errand.left_to_the_next"
    return "errand.taken_up_again"


@app.periodic(cron="17 * * * *")
@app.task(queue="housekeeping", queueing_lock="throw_away_done", pass_context=True)
async def throw_away_done(context: JobContext, timestamp: int) -> None:
    """Failed errands stay: someone has to look at them."""
    log.info("errands.thrown_away", older_than_hours=KEPT_HOURS, due=timestamp)
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS)
