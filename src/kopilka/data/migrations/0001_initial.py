import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.manager
import kopilka.data.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Program",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("slug", models.SlugField(max_length=63, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("currency", models.CharField(default="RUB", max_length=3)),
                ("timezone", models.CharField(default="Europe/Moscow", max_length=64)),
                ("language", models.CharField(default="ru", max_length=2)),
                ("country", models.CharField(default="RU", max_length=2)),
                ("rulebook_number", models.IntegerField(default=0)),
                ("switches_number", models.IntegerField(default=0)),
                ("needs_approval", models.BooleanField(default=False)),
                ("is_demo", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="api_keys", to="kopilka.program"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("prefix", models.CharField(max_length=16)),
                ("key_hash", models.BinaryField(max_length=32, unique=True)),
                ("capabilities", models.TextField(default="")),
                ("till", models.CharField(default="", max_length=64)),
                ("branch", models.CharField(default="", max_length=64)),
                ("created_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sku", models.CharField(max_length=100)),
                ("name", models.CharField(max_length=400)),
                ("kind", models.CharField(default="goods", max_length=10)),
                ("category", models.CharField(default="", max_length=100)),
                ("brand", models.CharField(default="", max_length=100)),
                ("price", models.BigIntegerField()),
                ("vat", models.IntegerField(null=True)),
                ("barcode", models.CharField(default="", max_length=64)),
                ("search", models.CharField(default="", max_length=400)),
                ("place", models.IntegerField(default=0)),
                ("active", models.BooleanField(default=True)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "place", "sku"], name="article_in_order")],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "sku"), name="article_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("barcode", ""), _negated=True),
                        fields=("program", "barcode"),
                        name="article_barcode_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("price__gte", 0)), name="article_price"),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="AuditRecord",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_id", models.UUIDField(null=True)),
                ("actor_name", models.CharField(default="", max_length=200)),
                ("act", models.CharField(max_length=40)),
                ("subject_id", models.UUIDField(null=True)),
                ("before", models.TextField(default="")),
                ("after", models.TextField(default="")),
                ("reason", models.CharField(default="", max_length=500)),
                ("request_id", models.CharField(default="", max_length=64)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "at"], name="audit_by_time")],
                "constraints": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Branch",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=64)),
                ("name", models.CharField(default="", max_length=200)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [models.UniqueConstraint(fields=("program", "code"), name="branch_code_once")],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="BulkGrant",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("condition", models.TextField()),
                ("currency", models.CharField(max_length=64)),
                ("units", models.BigIntegerField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(max_length=500)),
                ("members", models.BigIntegerField()),
                ("state", models.CharField(default="granting", max_length=10)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(default="", max_length=200)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by", models.CharField(default="", max_length=200)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "at"], name="bulk_grant_by_time")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("units__gt", 0)), name="bulk_grant_gives_something")
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=64)),
                ("asks_pin", models.BooleanField(default=False)),
                ("tries_left", models.IntegerField(default=0)),
                ("state", models.CharField(default="active", max_length=10)),
                ("balance_minor", models.BigIntegerField(default=0)),
                ("held_minor", models.BigIntegerField(default=0)),
                ("issued_at", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                ("purchase_id", models.UUIDField(null=True)),
                ("line", models.IntegerField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(
                        condition=models.Q(("purchase_id__isnull", False)),
                        fields=["program", "purchase_id"],
                        name="certificate_by_purchase",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "number"), name="certificate_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("balance_minor__gte", 0), ("held_minor__gte", 0)),
                        name="certificate_not_negative",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="CertificateEntry",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("operation", models.UUIDField()),
                (
                    "certificate",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.certificate",
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("account", models.CharField(max_length=10)),
                ("minor", models.BigIntegerField()),
                ("subject_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("actor_name", models.CharField(default="", max_length=200)),
                ("reason", models.CharField(default="", max_length=500)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(fields=["program", "certificate", "id"], name="certificate_entry_by_one"),
                    models.Index(fields=["program", "operation"], name="certificate_entry_by_act"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minor", 0), _negated=True), name="certificate_entry_not_zero"
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ClearingAct",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.BigIntegerField()),
                ("since", models.DateTimeField(null=True)),
                ("until", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(default="", max_length=200)),
                ("document", models.TextField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [models.UniqueConstraint(fields=("program", "number"), name="clearing_act_number_once")],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject_id", models.UUIDField()),
                ("purchase_id", models.UUIDField()),
                ("issuer", models.CharField(default="", max_length=64)),
                ("acceptor", models.CharField(default="", max_length=64)),
                ("currency", models.CharField(max_length=64)),
                ("units", models.BigIntegerField()),
                ("minor", models.BigIntegerField()),
                ("fee_minor", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.clearingact",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(
                        condition=models.Q(("act__isnull", True)), fields=["program", "at"], name="acceptance_open"
                    ),
                    models.Index(
                        condition=models.Q(("act__isnull", False)), fields=["program", "act"], name="acceptance_by_act"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("program", "subject_id", "purchase_id", "issuer", "currency"), name="acceptance_once"
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("version", models.IntegerField()),
                ("text_ru", models.TextField()),
                ("text_en", models.TextField()),
                ("published_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [
                    models.UniqueConstraint(fields=("program", "kind", "version"), name="consent_text_once")
                ],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="CouponBatch",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("coupon", models.CharField(max_length=64)),
                ("wanted", models.BigIntegerField()),
                ("made", models.BigIntegerField(default=0)),
                ("note", models.CharField(default="", max_length=500)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(default="", max_length=200)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(default="", max_length=500)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "coupon", "id"], name="coupon_batch_by_coupon")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("made__gte", 0), ("made__lte", models.F("wanted"))),
                        name="coupon_batch_full",
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DaySeal",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("number", models.BigIntegerField()),
                ("chain_hash", models.BinaryField(max_length=32)),
                ("sealed_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "day"], name="day_seal_by_day")],
                "constraints": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DemoMessage",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("to", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "at"], name="demo_message_by_time")],
                "constraints": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=100)),
                ("branch", models.CharField(default="", max_length=64)),
                ("till", models.CharField(default="", max_length=64)),
                (
                    "beside",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.device"
                    ),
                ),
                ("token_hash", models.BinaryField(max_length=32)),
                ("receipts", models.BigIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(default="", max_length=200)),
                ("seen_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "created_at"], name="device_by_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "token_hash"), name="device_token_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "till"), ("revoked_at__isnull", True)),
                        fields=("program", "till"),
                        name="device_till_once",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="DeviceCode",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("name", models.CharField(max_length=100)),
                ("branch", models.CharField(default="", max_length=64)),
                ("till", models.CharField(default="", max_length=64)),
                (
                    "beside",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.device"
                    ),
                ),
                ("code_hash", models.BinaryField(max_length=32)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(default="", max_length=200)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "device",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.device"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(
                        condition=models.Q(("used_at__isnull", True)),
                        fields=["program", "code_hash"],
                        name="device_code_by_hash",
                    )
                ],
                "constraints": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ErasedContact",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("contact_hash", models.BinaryField(max_length=32)),
                ("at", models.DateTimeField()),
                ("returned_id", models.UUIDField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(
                        condition=models.Q(("returned_id__isnull", False)),
                        fields=["program", "returned_id"],
                        name="erased_who_returned",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "contact_hash"), name="erased_contact_once")
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("member_id", models.UUIDField(null=True)),
                ("subject_id", models.UUIDField(null=True)),
                ("payload", models.TextField(default="")),
                ("at", models.DateTimeField()),
                ("handled_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(
                        condition=models.Q(("handled_at__isnull", True)), fields=["program", "id"], name="event_open"
                    )
                ],
                "constraints": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("file_hash", models.CharField(max_length=64)),
                ("file_name", models.CharField(max_length=255)),
                ("state", models.CharField(default="running", max_length=10)),
                ("position", models.BigIntegerField(default=0)),
                ("figures", models.TextField(default="{}")),
                ("started_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [
                    models.UniqueConstraint(fields=("program", "kind", "file_hash"), name="import_file_once")
                ],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="InviteLink",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=64)),
                ("slug", models.CharField(max_length=16)),
                ("in_rulebook", models.BooleanField(default=False)),
                ("name", models.CharField(default="", max_length=200)),
                ("labels", models.TextField(default="")),
                ("partner", models.CharField(default="", max_length=64)),
                ("segment", models.CharField(default="", max_length=64)),
                ("tags_on", models.TextField(default="")),
                ("tags_off", models.TextField(default="")),
                ("starts_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("limit", models.BigIntegerField(default=0)),
                ("cost_minor", models.BigIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.CharField(default="", max_length=200)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [
                    models.UniqueConstraint(fields=("program", "code"), name="link_code_once"),
                    models.UniqueConstraint(fields=("program", "slug"), name="link_slug_once"),
                    models.CheckConstraint(condition=models.Q(("limit__gte", 0)), name="link_limit_not_negative"),
                    models.CheckConstraint(condition=models.Q(("cost_minor__gte", 0)), name="link_cost_not_negative"),
                ],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="KioskGuest",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kopilka.device"
                    ),
                ),
                ("visit_id", models.UUIDField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "device", "at"], name="kiosk_guest_by_device")],
                "constraints": [models.UniqueConstraint(fields=("program", "visit_id"), name="kiosk_guest_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="LinkView",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kopilka.invitelink"
                    ),
                ),
                ("visitor", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "link", "at"], name="link_view_by_time")],
                "constraints": [models.UniqueConstraint(fields=("program", "link", "visitor"), name="link_view_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="LoginCode",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("contact_hash", models.BinaryField(max_length=32)),
                ("place_hash", models.BinaryField(max_length=32)),
                ("code_hash", models.BinaryField(max_length=32)),
                ("tries_left", models.IntegerField(default=5)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(fields=["program", "contact_hash", "created_at"], name="login_code_by_contact"),
                    models.Index(fields=["program", "place_hash", "created_at"], name="login_code_by_place"),
                    models.Index(fields=["program", "created_at"], name="login_code_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("tries_left__gte", 0)), name="login_tries_not_negative")
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="LoginFailure",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("contact_hash", models.BinaryField(max_length=32)),
                ("place_hash", models.BinaryField(max_length=32)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(fields=["program", "contact_hash", "at"], name="login_failure_by_contact"),
                    models.Index(fields=["program", "at"], name="login_failure_by_time"),
                ],
                "constraints": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="LookUpHour",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("employee", models.UUIDField()),
                ("hour", models.DateTimeField()),
                ("looked", models.IntegerField(default=0)),
                ("sold", models.IntegerField(default=0)),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [
                    models.UniqueConstraint(fields=("program", "employee", "hour"), name="look_up_hour_once")
                ],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("status", models.CharField(default="active", max_length=10)),
                ("enrolled_at", models.DateTimeField()),
                ("tier", models.CharField(default="", max_length=64)),
                ("tier_since", models.DateTimeField(null=True)),
                ("tags", models.TextField(default="")),
                ("segments", models.TextField(default="")),
                ("purchases", models.BigIntegerField(default=0)),
                ("spent_minor", models.BigIntegerField(default=0)),
                ("last_purchase_minor", models.BigIntegerField(null=True)),
                ("last_purchase_at", models.DateTimeField(null=True)),
                ("referrals", models.BigIntegerField(default=0)),
                ("link", models.CharField(default="", max_length=64)),
                (
                    "inviter",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.member",
                    ),
                ),
                ("agent", models.CharField(db_default="", default="", max_length=64)),
                ("role", models.CharField(db_default="", default="", max_length=10)),
                ("tier_until", models.DateTimeField(null=True)),
                ("tier_lowered_at", models.DateTimeField(null=True)),
                ("tier_review_at", models.DateTimeField(null=True)),
                (
                    "merged_into",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.member",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(fields=["program", "id"], name="member_in_order"),
                    models.Index(fields=["program", "enrolled_at"], name="member_by_enrolled"),
                    models.Index(
                        condition=models.Q(("link", ""), _negated=True),
                        fields=["program", "link", "enrolled_at"],
                        name="member_by_link",
                    ),
                    models.Index(
                        condition=models.Q(("tier_review_at__isnull", False)),
                        fields=["program", "tier_review_at"],
                        name="member_by_tier_review",
                    ),
                    models.Index(
                        condition=models.Q(("inviter__isnull", False)),
                        fields=["program", "inviter"],
                        name="member_by_inviter",
                    ),
                ],
                "constraints": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Beneficiary",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("code", models.CharField(max_length=64)),
                ("name", models.CharField(default="", max_length=200)),
                ("branch", models.CharField(default="", max_length=64)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.member"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.member"
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [
                    models.UniqueConstraint(fields=("program", "kind", "code"), name="beneficiary_code_once")
                ],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="CardLink",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kopilka.member"
                    ),
                ),
                ("token_hash", models.BinaryField(max_length=32)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [models.UniqueConstraint(fields=("program", "token_hash"), name="card_link_once")],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ChatMessage",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kopilka.member"
                    ),
                ),
                ("author", models.CharField(max_length=10)),
                ("staff", models.CharField(default="", max_length=64)),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(fields=["program", "member", "at"], name="chat_by_member"),
                    models.Index(
                        condition=models.Q(("author", "member"), ("read_at", None)),
                        fields=["program", "at"],
                        name="chat_unread",
                    ),
                ],
                "constraints": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ClubUse",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.member",
                    ),
                ),
                ("service", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("branch", models.CharField(default="", max_length=64)),
                ("cost_minor", models.BigIntegerField(default=0)),
                ("by", models.CharField(default="", max_length=200)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(fields=["program", "member", "service", "at"], name="club_use_by_member"),
                    models.Index(fields=["program", "at"], name="club_use_by_time"),
                ],
                "constraints": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kopilka.member"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("channel", models.CharField(default="", max_length=20)),
                ("version", models.IntegerField()),
                ("given", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("door", models.CharField(max_length=10)),
                ("evidence", models.CharField(default="", max_length=300)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(fields=["program", "member", "kind", "channel", "at"], name="consent_by_member")
                ],
                "constraints": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="CouponCode",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("coupon", models.CharField(max_length=64)),
                ("word", models.CharField(max_length=64)),
                (
                    "batch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.couponbatch",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.member",
                    ),
                ),
                ("state", models.CharField(default="new", max_length=10)),
                ("issued_at", models.DateTimeField()),
                ("bound_at", models.DateTimeField(null=True)),
                ("valid_until", models.DateTimeField(null=True)),
                ("purchase_id", models.UUIDField(null=True)),
                ("changed_at", models.DateTimeField()),
                ("reason", models.CharField(default="", max_length=500)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(fields=["program", "coupon", "state", "word"], name="coupon_code_by_state"),
                    models.Index(fields=["program", "batch", "word"], name="coupon_code_by_batch"),
                    models.Index(
                        condition=models.Q(("member__isnull", False)),
                        fields=["program", "member", "state"],
                        name="coupon_code_of_member",
                    ),
                    models.Index(
                        condition=models.Q(("state", "bound")),
                        fields=["program", "valid_until"],
                        name="coupon_code_by_end",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "word"), name="coupon_word_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["reserved", "used"]), _negated=True),
                            ("purchase_id__isnull", False),
                            _connector="OR",
                        ),
                        name="coupon_code_used_by_a_purchase",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Deed",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("rule", models.CharField(max_length=64)),
                ("cause", models.CharField(max_length=120)),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.member",
                    ),
                ),
                ("about", models.UUIDField(null=True)),
                ("subject", models.UUIDField(null=True)),
                ("payload", models.TextField(default="")),
                ("branch", models.CharField(default="", max_length=64)),
                ("due_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("state", models.CharField(default="due", max_length=12)),
                ("told", models.TextField(default="")),
                ("currency", models.CharField(default="", max_length=64)),
                ("units", models.BigIntegerField(default=0)),
                ("operation_id", models.UUIDField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("tries", models.IntegerField(default=0)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "due")), fields=["program", "due_at", "id"], name="deed_due"
                    ),
                    models.Index(fields=["program", "rule", "at"], name="deed_by_rule"),
                    models.Index(fields=["program", "member", "rule"], name="deed_by_member"),
                    models.Index(
                        condition=models.Q(("subject__isnull", False)),
                        fields=["program", "subject"],
                        name="deed_by_subject",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "kind", "rule", "cause", "member"), name="deed_once")
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="EnrolledBy",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.member",
                    ),
                ),
                ("staff", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "staff", "at"], name="enrolled_by_staff")],
                "constraints": [models.UniqueConstraint(fields=("program", "member"), name="enrolled_by_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="GiftClaim",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.member"
                    ),
                ),
                ("gift", models.CharField(max_length=64)),
                ("sku", models.CharField(max_length=100)),
                ("name", models.CharField(default="", max_length=200)),
                ("pieces", models.BigIntegerField()),
                ("count", models.BigIntegerField(default=1)),
                ("code", models.CharField(default="", max_length=20)),
                ("cash_minor", models.BigIntegerField(default=0)),
                ("paid", models.TextField(default="")),
                ("origin", models.CharField(max_length=10)),
                ("deed_id", models.UUIDField(null=True)),
                ("state", models.CharField(default="open", max_length=10)),
                ("chosen_at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("purchase_id", models.UUIDField(null=True)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(fields=["program", "member", "id"], name="gift_by_member"),
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["program", "until"], name="gift_by_end"
                    ),
                    models.Index(
                        condition=models.Q(("purchase_id__isnull", False)),
                        fields=["program", "purchase_id"],
                        name="gift_by_purchase",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("code", ""), _negated=True),
                        fields=("program", "code"),
                        name="gift_code_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pieces__gt", 0), ("count__gt", 0)), name="gift_holds_something"
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="GoalReached",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("goal", models.CharField(max_length=64)),
                (
                    "beneficiary",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.beneficiary",
                    ),
                ),
                ("period", models.DateField()),
                ("premium_minor", models.BigIntegerField()),
                ("figures", models.TextField(default="")),
                ("reached_at", models.DateTimeField()),
                ("paid_at", models.DateTimeField(null=True)),
                ("paid_minor", models.BigIntegerField(null=True)),
                ("paid_by", models.CharField(default="", max_length=200)),
                ("note", models.CharField(default="", max_length=500)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "period", "id"], name="goal_reached_by_period")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("program", "beneficiary", "goal", "period"), name="goal_reached_once"
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="GoodsRequest",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.member"
                    ),
                ),
                ("sku", models.CharField(max_length=100)),
                ("name", models.CharField(default="", max_length=400)),
                ("quantity", models.BigIntegerField(default=1000)),
                ("branch", models.CharField(default="", max_length=64)),
                ("staff", models.CharField(default="", max_length=64)),
                ("note", models.CharField(default="", max_length=500)),
                ("state", models.CharField(default="open", max_length=10)),
                ("created_at", models.DateTimeField()),
                ("arrived_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("purchase_id", models.UUIDField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "sku", "state"], name="goods_request_by_sku")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("open", "arrived"))),
                        fields=("program", "member", "sku"),
                        name="goods_request_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="goods_request_quantity"),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Identifier",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="identifiers", to="kopilka.member"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("value", models.CharField(max_length=200)),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.member",
                    ),
                ),
                (
                    "tail",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Right("value", 4),
                        output_field=models.CharField(max_length=4),
                    ),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(
                        condition=models.Q(("owner__isnull", False)),
                        fields=["program", "owner"],
                        name="identifier_by_owner",
                    ),
                    models.Index(
                        condition=models.Q(("kind", "phone")), fields=["program", "tail"], name="phone_by_tail"
                    ),
                ],
                "constraints": [models.UniqueConstraint(fields=("program", "kind", "value"), name="identifier_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="KioskVisit",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kopilka.device"
                    ),
                ),
                ("document", models.TextField(default="")),
                ("state", models.CharField(default="open", max_length=10)),
                (
                    "member",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kopilka.member"
                    ),
                ),
                ("link", models.CharField(default="", max_length=200)),
                ("on_receipt", models.BooleanField(default=False)),
                ("started_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [models.UniqueConstraint(fields=("program", "device"), name="kiosk_visit_once")],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="MemberCode",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="codes", to="kopilka.member"
                    ),
                ),
                ("way", models.CharField(db_default="sent", default="sent", max_length=10)),
                ("code_hash", models.BinaryField(max_length=32)),
                ("tries_left", models.IntegerField(default=5)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(fields=["program", "member", "created_at"], name="code_by_member"),
                    models.Index(
                        condition=models.Q(("used_at__isnull", True)),
                        fields=["program", "code_hash"],
                        name="code_by_hash",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("tries_left__gte", 0)), name="code_tries_not_negative")
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="MemberPin",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kopilka.member"
                    ),
                ),
                ("pin_hash", models.CharField(max_length=200)),
                ("wrong_tries", models.IntegerField(default=0)),
                ("locks", models.IntegerField(default=0)),
                ("locked_until", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [models.UniqueConstraint(fields=("program", "member"), name="member_pin_once")],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="MemberSession",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kopilka.member"
                    ),
                ),
                ("token_hash", models.BinaryField(max_length=32)),
                ("live_number", models.BigIntegerField()),
                ("label", models.CharField(default="", max_length=200)),
                ("came_by", models.CharField(default="code", max_length=10)),
                ("created_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "member", "created_at"], name="member_session_by_member")],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "token_hash"), name="member_session_token_once"),
                    models.UniqueConstraint(fields=("program", "live_number"), name="member_session_live_once"),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="LiveCodeUse",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kopilka.membersession"
                    ),
                ),
                ("slot", models.BigIntegerField()),
                ("taker", models.CharField(default="", max_length=100)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "at"], name="live_code_use_by_time")],
                "constraints": [models.UniqueConstraint(fields=("program", "session", "slot"), name="live_code_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="OpenReceipt",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.device"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.member"
                    ),
                ),
                ("state", models.CharField(default="open", max_length=10)),
                ("number", models.CharField(max_length=100)),
                ("document", models.TextField(default="")),
                ("training", models.BooleanField(default=False)),
                ("started_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("purchase_id", models.UUIDField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "device", "started_at"], name="open_receipt_by_device")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("program", "device"), name="open_receipt_once"
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.member",
                    ),
                ),
                ("spent_minor", models.BigIntegerField(default=0)),
                ("purchases", models.BigIntegerField(default=0)),
                ("operation_id", models.UUIDField()),
                ("source", models.CharField(default="", max_length=100)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "source"], name="opening_by_source")],
                "constraints": [models.UniqueConstraint(fields=("program", "member"), name="opening_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Operation",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.member",
                    ),
                ),
                ("subject_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_id", models.UUIDField(null=True)),
                ("actor_name", models.CharField(default="", max_length=200)),
                ("reason", models.CharField(default="", max_length=500)),
                ("request_id", models.CharField(default="", max_length=64)),
                ("key_owner", models.UUIDField(null=True)),
                ("key", models.CharField(max_length=255, null=True)),
                ("fingerprint", models.BinaryField(max_length=32, null=True)),
                ("language", models.CharField(default="ru", max_length=2)),
                ("status", models.IntegerField(default=0)),
                ("answer", models.TextField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key__isnull", False)),
                        fields=("program", "key_owner", "key"),
                        name="operation_key_once",
                    )
                ],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="PageSettings",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("accent", models.CharField(default="", max_length=7)),
                ("logo", models.CharField(default="", max_length=100)),
                ("slogan_ru", models.CharField(default="", max_length=200)),
                ("slogan_en", models.CharField(default="", max_length=200)),
                ("about_ru", models.TextField(default="")),
                ("about_en", models.TextField(default="")),
                ("phone", models.CharField(default="", max_length=40)),
                ("address", models.CharField(default="", max_length=300)),
                ("hours", models.CharField(default="", max_length=200)),
                ("undo_minutes", models.IntegerField(default=15)),
                ("idle_minutes", models.IntegerField(default=30)),
                ("offline_sales", models.IntegerField(default=500)),
                ("offline_worth", models.BigIntegerField(default=1000000)),
                ("kiosk_guests", models.IntegerField(default=40)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [models.UniqueConstraint(fields=("program",), name="page_settings_once")],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(default="")),
                ("published_at", models.DateTimeField()),
                ("hidden_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "published_at"], name="post_by_time")],
                "constraints": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="PostMedia",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="media", to="kopilka.post"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("file", models.CharField(max_length=100)),
                ("alt", models.CharField(default="", max_length=200)),
                ("width", models.IntegerField(default=0)),
                ("height", models.IntegerField(default=0)),
                ("place", models.IntegerField(default=0)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "post", "place"], name="post_media_in_order")],
                "constraints": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Privilege",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.member"
                    ),
                ),
                ("promotion", models.CharField(max_length=64)),
                ("rule", models.CharField(default="", max_length=64)),
                ("opened_at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("times", models.BigIntegerField(default=0)),
                ("used", models.BigIntegerField(default=0)),
                ("state", models.CharField(default="open", max_length=10)),
                ("deed_id", models.UUIDField(null=True)),
                ("purchase_id", models.UUIDField(null=True)),
                ("lines", models.TextField(default="")),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(fields=["program", "member", "id"], name="privilege_by_member"),
                    models.Index(fields=["program", "promotion", "opened_at"], name="privilege_by_promotion"),
                    models.Index(
                        condition=models.Q(("purchase_id__isnull", False)),
                        fields=["program", "purchase_id"],
                        name="privilege_by_purchase",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("deed_id__isnull", False)),
                        fields=("program", "deed_id", "promotion"),
                        name="privilege_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("used__gte", 0)), name="privilege_used_not_negative"),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "member",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="profile",
                        serialize=False,
                        to="kopilka.member",
                    ),
                ),
                ("name", models.CharField(default="", max_length=200)),
                ("search", models.CharField(default="", max_length=200)),
                ("birth_date", models.DateField(null=True)),
                ("birth_told_at", models.DateTimeField(null=True)),
                ("gender", models.CharField(default="", max_length=1)),
                ("language", models.CharField(default="", max_length=2)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "search"], name="profile_by_search")],
                "constraints": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ProfileAnswer",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kopilka.member"
                    ),
                ),
                ("question", models.CharField(max_length=64)),
                ("number", models.IntegerField()),
                ("text", models.CharField(max_length=500)),
                ("day", models.DateField(null=True)),
                ("name", models.CharField(default="", max_length=200)),
                ("same", models.IntegerField(default=0)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(
                        condition=models.Q(("day__isnull", False)),
                        fields=["program", "question", "day"],
                        name="answer_by_day",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("program", "member", "question", "number"), name="profile_answer_once"
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Purchase",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.member",
                    ),
                ),
                ("state", models.CharField(default="confirmed", max_length=10)),
                ("source", models.CharField(max_length=100)),
                ("external_id", models.CharField(max_length=100)),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("branch", models.CharField(default="", max_length=64)),
                ("till", models.CharField(default="", max_length=64)),
                ("staff", models.CharField(default="", max_length=64)),
                ("agent", models.CharField(default="", max_length=64)),
                ("origin", models.CharField(default="till", max_length=10)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("version", models.IntegerField()),
                ("net_minor", models.BigIntegerField()),
                ("paid_minor", models.BigIntegerField()),
                ("receipt", models.TextField()),
                ("decision", models.TextField()),
                ("returned", models.TextField(null=True)),
                ("returned_minor", models.BigIntegerField(default=0)),
                ("is_back", models.BooleanField(db_default=False, default=False)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(fields=["member", "at"], name="purchase_by_member"),
                    models.Index(
                        condition=models.Q(("staff", ""), _negated=True),
                        fields=["program", "staff", "at"],
                        name="purchase_by_staff",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "source", "external_id"), name="receipt_once"),
                    models.CheckConstraint(
                        condition=models.Q(("returned_minor__gte", 0), ("returned_minor__lte", models.F("paid_minor"))),
                        name="purchase_returned_in_bounds",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="PrivilegeUse",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "privilege",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="kopilka.privilege"
                    ),
                ),
                (
                    "purchase",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.purchase"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("state", models.CharField(max_length=10)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "purchase"], name="privilege_use_by_purchase")],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "privilege", "purchase"), name="privilege_use_once")
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="QueuedSale",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.device"
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("staff", models.CharField(default="", max_length=64)),
                ("document", models.TextField()),
                ("occurred_at", models.DateTimeField()),
                ("arrived_at", models.DateTimeField()),
                ("state", models.CharField(max_length=10)),
                ("refused", models.CharField(default="", max_length=64)),
                ("told", models.TextField(default="")),
                ("reason", models.CharField(default="", max_length=500)),
                ("worth", models.BigIntegerField(default=0)),
                ("purchase_id", models.UUIDField(null=True)),
                ("settled_by", models.CharField(default="", max_length=200)),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("arrived", "waiting"))),
                        fields=["program", "arrived_at"],
                        name="queued_sale_open",
                    ),
                    models.Index(fields=["program", "device", "occurred_at"], name="queued_sale_by_day"),
                ],
                "constraints": [models.UniqueConstraint(fields=("program", "device", "key"), name="queued_sale_once")],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Quote",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="kopilka.member",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("version", models.IntegerField()),
                ("receipt", models.TextField()),
                ("decision", models.TextField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "expires_at"], name="quote_by_expiry")],
                "constraints": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Raffle",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=64)),
                ("name", models.CharField(default="", max_length=200)),
                ("currency", models.CharField(max_length=64)),
                ("prizes", models.TextField()),
                ("one_each", models.BooleanField(default=True)),
                ("state", models.CharField(default="announced", max_length=10)),
                ("secret", models.CharField(max_length=64)),
                ("secret_hash", models.CharField(max_length=64)),
                ("announced_at", models.DateTimeField()),
                ("announced_by", models.CharField(default="", max_length=200)),
                ("closed_at", models.DateTimeField(null=True)),
                ("tickets", models.BigIntegerField(default=0)),
                ("list_hash", models.CharField(default="", max_length=64)),
                ("drawn_at", models.DateTimeField(null=True)),
                ("record", models.TextField(default="")),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [models.UniqueConstraint(fields=("program", "code"), name="raffle_code_once")],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="RaffleEntrant",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "raffle",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="kopilka.raffle",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.member"
                    ),
                ),
                ("mark", models.CharField(max_length=32)),
                ("tickets", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [
                    models.UniqueConstraint(fields=("program", "raffle", "mark"), name="raffle_mark_once"),
                    models.UniqueConstraint(fields=("program", "raffle", "member"), name="raffle_member_once"),
                ],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Return",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.member"
                    ),
                ),
                (
                    "purchase",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.purchase"
                    ),
                ),
                ("source", models.CharField(max_length=100)),
                ("external_id", models.CharField(max_length=100)),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("refund_minor", models.BigIntegerField()),
                ("document", models.TextField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "at"], name="return_by_time")],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "source", "external_id"), name="return_once")
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Reversal",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("rule", models.CharField(max_length=130)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("reason", models.CharField(default="", max_length=500)),
                ("state", models.CharField(default="running", max_length=10)),
                ("position", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(default="", max_length=200)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "at"], name="reversal_by_time")],
                "constraints": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ReversalItem",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "reversal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.reversal"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("subject_id", models.UUIDField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.member"
                    ),
                ),
                ("operation_id", models.UUIDField()),
                ("given", models.TextField()),
                ("document", models.TextField()),
                ("undo_operation_id", models.UUIDField(null=True)),
                ("undo_document", models.TextField(default="")),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [
                    models.UniqueConstraint(fields=("program", "reversal", "subject_id"), name="reversal_item_once")
                ],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="RuleClock",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("rule", models.CharField(max_length=64)),
                ("version", models.IntegerField()),
                ("until", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [models.UniqueConstraint(fields=("program", "rule"), name="rule_clock_once")],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="RuleCount",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("rule", models.CharField(max_length=80)),
                ("whose", models.CharField(default="", max_length=80)),
                ("span", models.CharField(default="", max_length=16)),
                ("uses", models.BigIntegerField(default=0)),
                ("minor", models.BigIntegerField(default=0)),
                ("units", models.BigIntegerField(default=0)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [
                    models.UniqueConstraint(fields=("program", "rule", "whose", "span"), name="rule_count_once"),
                    models.CheckConstraint(
                        condition=models.Q(("uses__gte", 0), ("minor__gte", 0), ("units__gte", 0)),
                        name="rule_count_not_negative",
                    ),
                ],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="RuleUse",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("code", models.CharField(max_length=80)),
                (
                    "member",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kopilka.member"
                    ),
                ),
                ("used", models.BigIntegerField(default=0)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("member__isnull", True)),
                        fields=("program", "kind", "code"),
                        name="rule_use_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("member__isnull", False)),
                        fields=("program", "kind", "code", "member"),
                        name="rule_use_of_member_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("used__gte", 0)), name="rule_use_not_negative"),
                ],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="RulebookDraft",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("source", models.TextField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("note", models.CharField(default="", max_length=500)),
                ("state", models.CharField(default="open", max_length=10)),
                ("number", models.IntegerField(default=0)),
                ("saved_at", models.DateTimeField()),
                ("author_kind", models.CharField(max_length=10)),
                ("author_id", models.UUIDField(null=True)),
                ("author_name", models.CharField(default="", max_length=200)),
                ("approved_at", models.DateTimeField(null=True)),
                ("approver_kind", models.CharField(default="", max_length=10)),
                ("approver_id", models.UUIDField(null=True)),
                ("approver_name", models.CharField(default="", max_length=200)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("open", "approved"))),
                        fields=("program", "name"),
                        name="draft_name_once",
                    )
                ],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="RulebookVersion",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField()),
                ("source", models.TextField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("note", models.CharField(default="", max_length=500)),
                ("published_at", models.DateTimeField()),
                ("published_by", models.CharField(default="", max_length=200)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [models.UniqueConstraint(fields=("program", "number"), name="rulebook_number_once")],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="SegmentDue",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="kopilka.member",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [models.UniqueConstraint(fields=("program", "member"), name="segment_due_once")],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="SegmentLook",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("segment", models.CharField(max_length=64)),
                ("fingerprint", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [models.UniqueConstraint(fields=("program", "segment"), name="segment_look_once")],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="SegmentMember",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kopilka.member"
                    ),
                ),
                ("segment", models.CharField(max_length=64)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("next_sale", models.BooleanField(default=False)),
                ("purchase_id", models.UUIDField(null=True)),
                ("source", models.CharField(max_length=10)),
                ("by", models.CharField(default="", max_length=200)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True), ("until__isnull", False)),
                        fields=["program", "until"],
                        name="segment_member_by_end",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("program", "segment", "member"),
                        name="segment_member_once",
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="ShareState",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("purchase_id", models.UUIDField()),
                ("rule", models.CharField(max_length=64)),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.member",
                    ),
                ),
                ("currency", models.CharField(max_length=64)),
                ("to", models.CharField(max_length=10)),
                ("level", models.IntegerField(default=0)),
                ("split", models.CharField(default="", max_length=64)),
                ("funded_by", models.CharField(default="", max_length=64)),
                ("units", models.BigIntegerField()),
                ("taken", models.BigIntegerField(default=0)),
                ("lots", models.TextField(default="")),
                ("returned", models.TextField(default="")),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "member", "at"], name="share_by_member")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("program", "purchase_id", "rule", "member", "currency"), name="share_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("taken__gte", 0), ("taken__lte", models.F("units"))),
                        name="share_taken_in_bounds",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="StaffAccess",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.beneficiary"
                    ),
                ),
                ("role", models.CharField(default="cashier", max_length=10)),
                ("pin_hash", models.CharField(default="", max_length=200)),
                ("wrong_tries", models.IntegerField(default=0)),
                ("locks", models.IntegerField(default=0)),
                ("locked_until", models.DateTimeField(null=True)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [models.UniqueConstraint(fields=("program", "employee"), name="staff_access_once")],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="StaffSession",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.device"
                    ),
                ),
                (
                    "employee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.beneficiary"
                    ),
                ),
                ("role", models.CharField(default="cashier", max_length=10)),
                ("token_hash", models.BinaryField(max_length=32)),
                ("training", models.BooleanField(default=False)),
                ("started_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "device", "started_at"], name="staff_session_by_device")],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "token_hash"), name="staff_session_token_once")
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Switchboard",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.IntegerField()),
                ("earning", models.BooleanField(default=True)),
                ("spending", models.BooleanField(default=True)),
                ("rules_off", models.TextField(default="")),
                ("rollout_version", models.IntegerField(default=0)),
                ("rollout_branches", models.TextField(default="")),
                ("reason", models.CharField(default="", max_length=500)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(default="", max_length=200)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [models.UniqueConstraint(fields=("program", "number"), name="switchboard_number_once")],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="TierChange",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.member",
                    ),
                ),
                ("before", models.CharField(default="", max_length=64)),
                ("after", models.CharField(default="", max_length=64)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("why", models.CharField(max_length=12)),
                ("cause", models.UUIDField(null=True)),
                ("by", models.CharField(default="", max_length=200)),
                ("reason", models.CharField(default="", max_length=500)),
                ("before_since", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "member", "id"], name="tier_change_by_member")],
                "constraints": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="TierLook",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64)),
                ("position", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [models.UniqueConstraint(fields=("program",), name="tier_look_once")],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Till",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "branch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tills",
                        to="kopilka.branch",
                    ),
                ),
                ("code", models.CharField(max_length=64)),
                ("name", models.CharField(default="", max_length=200)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [models.UniqueConstraint(fields=("program", "code"), name="till_code_once")],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.member"
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.member"
                    ),
                ),
                ("currency", models.CharField(max_length=64)),
                ("units", models.BigIntegerField()),
                ("fee", models.BigIntegerField(default=0)),
                ("state", models.CharField(default="proposed", max_length=10)),
                ("reason", models.CharField(default="", max_length=500)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(fields=["program", "giver", "created_at"], name="transfer_by_giver"),
                    models.Index(fields=["program", "taker", "created_at"], name="transfer_by_taker"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("units__gt", 0)), name="transfer_moves_something"),
                    models.CheckConstraint(
                        condition=models.Q(("fee__gte", 0), ("fee__lt", models.F("units"))),
                        name="transfer_fee_in_bounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("giver", models.F("taker")), _negated=True), name="transfer_between_two"
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Wallet",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.member"
                    ),
                ),
                ("currency", models.CharField(max_length=64)),
                ("available", models.BigIntegerField(default=0)),
                ("pending", models.BigIntegerField(default=0)),
                ("held", models.BigIntegerField(default=0)),
                ("debt", models.BigIntegerField(default=0)),
                ("carry_num", models.BigIntegerField(default=0)),
                ("carry_den", models.BigIntegerField(default=1)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [
                    models.UniqueConstraint(fields=("program", "member", "currency"), name="wallet_once"),
                    models.CheckConstraint(
                        condition=models.Q(("available__gte", 0)), name="wallet_available_not_negative"
                    ),
                    models.CheckConstraint(condition=models.Q(("pending__gte", 0)), name="wallet_pending_not_negative"),
                    models.CheckConstraint(condition=models.Q(("held__gte", 0)), name="wallet_held_not_negative"),
                    models.CheckConstraint(condition=models.Q(("debt__gte", 0)), name="wallet_debt_not_negative"),
                ],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "wallet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.wallet"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.member"
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.operation"
                    ),
                ),
                (
                    "purchase",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.purchase"
                    ),
                ),
                ("units", models.BigIntegerField()),
                ("captured", models.BigIntegerField(default=0)),
                ("state", models.CharField(default="open", max_length=10)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["program", "expires_at"], name="hold_by_expiry"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("units__gt", 0)), name="hold_holds_something"),
                    models.CheckConstraint(
                        condition=models.Q(("captured__gte", 0), ("captured__lte", models.F("units"))),
                        name="hold_captured_in_bounds",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.operation"
                    ),
                ),
                (
                    "wallet",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.wallet",
                    ),
                ),
                ("account", models.CharField(max_length=10)),
                ("currency", models.CharField(max_length=64)),
                ("units", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["wallet", "id"], name="entry_by_wallet")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("units", 0), _negated=True), name="entry_moves_something"
                    )
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="EntrySeal",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.ledgerentry"
                    ),
                ),
                ("day", models.DateField()),
                ("chain_hash", models.BinaryField(max_length=32)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [
                    models.UniqueConstraint(fields=("program", "number"), name="seal_number_once"),
                    models.UniqueConstraint(fields=("program", "entry"), name="seal_entry_once"),
                ],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Lot",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "wallet",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.wallet",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.operation",
                    ),
                ),
                (
                    "purchase",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.purchase",
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("remaining", models.BigIntegerField()),
                ("expired", models.BigIntegerField(default=0)),
                ("starts_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("active", models.BooleanField(default=True)),
                ("grace", models.BooleanField(default=False)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(fields=["wallet", "expires_at"], name="lot_by_wallet"),
                    models.Index(
                        condition=models.Q(("expires_at__isnull", False)),
                        fields=["program", "expires_at"],
                        name="lot_by_expiry",
                    ),
                    models.Index(
                        condition=models.Q(("active", False)), fields=["program", "starts_at"], name="lot_by_start"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("remaining__gte", 0), ("remaining__lte", models.F("amount"))),
                        name="lot_remaining_in_bounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expired__gte", 0), ("expired__lte", models.F("amount"))),
                        name="lot_expired_in_bounds",
                    ),
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Draw",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.operation"
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.lot"),
                ),
                ("units", models.BigIntegerField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("units", 0), _negated=True), name="draw_moves_something")
                ],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="LotIssuer",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kopilka.lot"
                    ),
                ),
                ("issuer", models.CharField(max_length=64)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [models.UniqueConstraint(fields=("program", "lot"), name="lot_issuer_once")],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=64)),
                ("url", models.CharField(max_length=500)),
                ("secret", models.CharField(max_length=100)),
                ("events", models.TextField(default="")),
                ("active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "constraints": [models.UniqueConstraint(fields=("program", "code"), name="webhook_once")],
                "indexes": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="WebhookCall",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="kopilka.webhook"
                    ),
                ),
                ("event_id", models.UUIDField()),
                ("member_id", models.UUIDField(null=True)),
                ("body", models.TextField()),
                ("state", models.CharField(default="due", max_length=10)),
                ("tries", models.IntegerField(default=0)),
                ("at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("status", models.IntegerField(default=0)),
                ("told", models.CharField(default="", max_length=500)),
                ("delivered_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "due")),
                        fields=["program", "due_at", "id"],
                        name="webhook_call_due",
                    ),
                    models.Index(
                        condition=models.Q(("state", "due")),
                        fields=["program", "webhook", "member_id", "id"],
                        name="webhook_call_order",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("program", "webhook", "event_id"), name="webhook_call_once")
                ],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="WordMiss",
            fields=[
                (
                    "program",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kopilka.program",
                    ),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=kopilka.data.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("asker", models.CharField(max_length=100)),
                ("at", models.DateTimeField()),
                ("misses", models.IntegerField()),
            ],
            options={
                "abstract": False,
                "base_manager_name": "rows",
                "indexes": [models.Index(fields=["program", "asker", "at"], name="word_miss_by_asker")],
                "constraints": [],
            },
            managers=[
                ("objects", django.db.models.manager.Manager()),
                ("rows", django.db.models.manager.Manager()),
            ],
        ),
    ]
