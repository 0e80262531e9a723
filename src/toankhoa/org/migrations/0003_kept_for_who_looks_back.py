from django.db import migrations, models


def tell_when_people_were_seated(apps, schema_editor):
    """By the reform itself, or by hand after it, as the audit log says."""
    move, entry = apps.get_model("org", "MemberMove"), apps.get_model("audit", "AuditEntry")
    seated = {
        (subject.removeprefix("user:"), data["reform"]): at
        for subject, data, at in entry.objects.filter(verb="seat_member").values_list("subject", "data", "at")
    }
    for each in move.objects.filter(now__isnull=False).select_related("reform", "user"):
        each.seated_at = seated.get((each.user.username, each.reform.code), each.reform.applied_at)
        each.save()


class Migration(migrations.Migration):
    dependencies = [("org", "0002_reforms"), ("audit", "0002_initial")]

    operations = [
        migrations.AddField(model_name="membermove", name="seated_at", field=models.DateTimeField(null=True)),
        migrations.AlterField(model_name="reform", name="code", field=models.CharField(max_length=40)),
        migrations.AlterField(
            model_name="reform",
            name="state",
            field=models.CharField(
                choices=[("draft", "Draft"), ("applied", "Applied"), ("undone", "Undone"), ("dropped", "Dropped")],
                default="draft",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="reform",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "dropped"), _negated=True), fields=("code",), name="org_one_reform_a_code"
            ),
        ),
        migrations.RunPython(tell_when_people_were_seated, migrations.RunPython.noop),
    ]
