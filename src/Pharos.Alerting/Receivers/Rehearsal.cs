using Pharos.Alerting.Alerts;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Templates;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Receivers;

/// <summary>Makes every text that an integration would send, of alerts made up for it, and sends nothing: a template that
/// fails shows before somebody needs it.</summary>
public static class Rehearsal
{
    /// <summary>Renders a firing group, and one that is over where the integration is told about those.</summary>
    /// <returns>What failed, each problem once.</returns>
    public static async Task<IReadOnlyList<RehearsalProblem>> RunAsync(
        string receiver, Func<ReceiverSetup, INotifier> create, NotificationTemplates templates, CancellationToken cancellation)
    {
        var log = new RehearsalLog();
        using var client = new HttpClient(new RehearsalHandler());
        var notifier = create(new ReceiverSetup(client, templates, TimeProvider.System, log) { IsRehearsal = true });
        var problems = new List<RehearsalProblem>();
        foreach (var isFiring in notifier.SendResolved ? (bool[])[true, false] : [true])
        {
            var result = await notifier.NotifyAsync(Sample(receiver, isFiring), cancellation);
            if (result.Outcome != NotifyOutcome.Sent)
            {
                problems.Add(new RehearsalProblem("", result.Reason));
            }
        }
        return [.. log.Problems.Concat(problems).Distinct()];
    }

    private static Notification Sample(string receiver, bool isFiring)
    {
        var now = TimeProvider.System.GetUtcNow();
        var group = LabelSet.From(("alertname", "SampleAlert"));
        return new Notification
        {
            Receiver = receiver,
            GroupKey = """{}:{alertname="SampleAlert"}""",
            GroupLabels = group,
            Alerts = [Sample("sample-1:9100", "critical", now, isFiring), Sample("sample-2:9100", "warning", now, isFiring)],
            Reason = "first notification",
            ExternalUrl = "http://localhost:9093",
            Now = now,
        };
    }

    private static Alert Sample(string instance, string severity, DateTimeOffset now, bool isFiring) => new()
    {
        Labels = LabelSet.From(
            ("alertname", "SampleAlert"), ("instance", instance),
            ("job", "sample"), ("severity", severity)),
        Annotations = LabelSet.From(
            ("description", "An alert made up to try a template."), ("summary", "A sample alert"),
            ("runbook_url", "http://localhost/runbook")),
        StartsAt = now - TimeSpan.FromMinutes(10),
        EndsAt = isFiring ? now + TimeSpan.FromMinutes(5) : now - TimeSpan.FromMinutes(1),
        UpdatedAt = now,
        GeneratorUrl = "http://localhost:9090/graph?g0.expr=up",
    };
}
