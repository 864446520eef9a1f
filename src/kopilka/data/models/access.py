"""API keys. Looked up before the program is known, so this table stands outside row-level security."""

from __future__ import annotations

from django.db import models

from kopilka.data.ids import new_id


class ApiKey(models.Model):
    """A key of a till or an integration; the key itself is shown once and stored as a SHA-256."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    program = models.ForeignKey("kopilka.Program", models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=200)
    prefix = models.CharField(max_length=16)
    key_hash = models.BinaryField(max_length=32, unique=True)
    capabilities = models.TextField(default="")
    till = models.CharField(max_length=64, default="")
    branch = models.CharField(max_length=64, default="")
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
