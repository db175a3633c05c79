"""A field for the time at which its row is recorded."""

from datetime import datetime

from django.db import models

from projects.record.clock import now


class RecordedAtField(models.DateTimeField):  # type: ignore[type-arg]  # a generic in the stubs alone
    """The time by the one clock at which the row is first saved, unless another was given.

    Read when the row is saved and not when the object is made: Django makes an officer to check
    the user model before any table exists, the demonstration's clock included.
    """

    def pre_save(self, model_instance: models.Model, add: bool) -> datetime | None:  # noqa: FBT001 - the framework names it
        """The value to be written."""
        if add and getattr(model_instance, self.attname) is None:
            setattr(model_instance, self.attname, now())
        value: datetime | None = super().pre_save(model_instance, add)
        return value
