"""Words of the field: a placement is a unit's version, and a write is told by the row version it was based on."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("org", "0004_accounts")]

    operations = [
        migrations.RenameModel(old_name="Placement", new_name="UnitVersion"),
        migrations.AlterField(
            model_name="unitversion",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="unit_versions", to="org.unit"
            ),
        ),
        migrations.RenameField(model_name="reform", old_name="edition", new_name="row_version"),
    ]
