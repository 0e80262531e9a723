"""Words of the field: how far up a return is accepted is a depth, and a write is told by a row version."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("reporting", "0005_issued_period")]

    operations = [
        migrations.RenameField(model_name="return", old_name="vouched", new_name="accepted_depth"),
        migrations.RenameField(model_name="return", old_name="edition", new_name="row_version"),
    ]
