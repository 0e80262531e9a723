from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plan", "0004_additions")]

    operations = [
        migrations.AlterField(
            model_name="allocation",
            name="state",
            field=models.CharField(
                choices=[("draft", "Bản thảo"), ("issued", "Đã giao"), ("discarded", "Đã bỏ")],
                default="draft",
                max_length=10,
            ),
        ),
    ]
