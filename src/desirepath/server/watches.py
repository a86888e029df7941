"""Folders of the server's machine that are looked into again and again, so that maps stay fresh by themselves."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from desirepath.database import tables
from desirepath.database.database import Database
from desirepath.errors import DesirepathError
from desirepath.server.jobs import Job, Jobs
from desirepath.server.problems import RefusedError


class Watches:
    """The watched folders of one workspace."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def list(self) -> tuple[tables.Watch, ...]:
        """All of them, in the order in which they were made."""
        with self.database.read() as session:
            return tuple(session.scalars(select(tables.Watch).order_by(tables.Watch.id)))

    def get(self, id_: int) -> tables.Watch:
        """One of them."""
        with self.database.read() as session:
            watch = session.get(tables.Watch, id_)
        if watch is None:
            raise RefusedError(404, "there is no such watched folder")
        return watch

    def add(
        self, folder: str, every_s: int, *, mapping: str | None, replace: str | None, author: str | None
    ) -> tables.Watch:
        """A new one, looked into as soon as the worker has time."""
        if any(watch.folder == folder for watch in self.list()):
            raise DesirepathError("this folder is watched already", where=folder)
        with self.database.begin() as session:
            watch = tables.Watch(
                folder=folder, mapping=mapping, replace=replace, every_s=every_s, author=author, due=tables.now()
            )
            session.add(watch)
            session.flush()
            return watch

    def change(self, id_: int, *, every_s: int | None, paused: bool | None, mapping: str | None) -> tables.Watch:
        """Changes one; what is None stays."""
        self.get(id_)
        with self.database.begin() as session:
            watch = session.get_one(tables.Watch, id_)
            if every_s is not None:
                watch.every_s = every_s
                watch.due = min(watch.due, tables.now() + timedelta(seconds=every_s))
            if paused is not None:
                watch.paused = tables.now() if paused else None
            if mapping is not None:
                watch.mapping = mapping
            session.flush()
            return watch

    def remove(self, id_: int) -> None:
        """Watches it no longer; what it brought stays."""
        self.get(id_)
        with self.database.begin() as session:
            session.delete(session.get_one(tables.Watch, id_))

    def run(self, id_: int, jobs: Jobs, author: str | None = None) -> Job:
        """Looks into it as soon as the worker has time."""
        self.get(id_)
        job = jobs.add("watch", {"watch": id_}, author)
        with self.database.begin() as session:
            watch = session.get_one(tables.Watch, id_)
            watch.job_id, watch.due = job.id, tables.now() + timedelta(seconds=watch.every_s)
        return job

    def look(self, jobs: Jobs) -> None:
        """Has a look into those that are due."""
        due = select(tables.Watch.id).where(tables.Watch.due <= tables.now(), tables.Watch.paused.is_(None))
        with self.database.read() as session:
            found = list(session.scalars(due))
        for id_ in found:
            self.run(id_, jobs)
