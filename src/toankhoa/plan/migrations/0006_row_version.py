"""Words of the field: a write is told by the row version it was based on."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("plan", "0005_discarded_sheets")]

    operations = [
        migrations.RenameField(model_name="planversion", old_name="edition", new_name="row_version"),
        migrations.RenameField(model_name="allocation", old_name="edition", new_name="row_version"),
    ]
