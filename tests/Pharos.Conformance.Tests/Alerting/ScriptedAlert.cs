using System.Globalization;
using Pharos.Alerting.Alerts;
using Pharos.Storage.Model;

namespace Pharos.Conformance.Tests.Alerting;

/// <summary>An alert as a step writes it.</summary>
internal sealed record ScriptedAlert(IReadOnlyList<Label> Labels, double? From, double? Until, string Note)
{
    public static ScriptedAlert Of(TimelineStep step)
    {
        var alert = new ScriptedAlert([], null, step.Verb == "resolved" ? step.At : null, "");
        var labels = new List<Label>();
        foreach (var word in step.Rest.Split(' '))
        {
            var (key, value) = (word.Split(':')[0], word[(word.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            alert = key switch
            {
                "from" => alert with { From = Seconds(value) },
                "until" => alert with { Until = Seconds(value) },
                "note" => alert with { Note = value },
                _ => alert,
            };
            if (!word.Contains(':', StringComparison.Ordinal))
            {
                var pair = word.Split('=');
                labels.Add(pair.Length == 1 ? new Label("alertname", word) : new Label(pair[0], pair[1]));
            }
        }
        return alert with { Labels = labels };
    }

    /// <summary>As steps write alerts: the name, and the other labels sorted.</summary>
    public static string Text(IEnumerable<KeyValuePair<string, string>> labels, bool isResolved)
    {
        var sorted = labels.OrderBy(label => label.Key, StringComparer.Ordinal).ToArray();
        var words = sorted.Where(label => label.Key == "alertname").Select(label => label.Value)
            .Concat(sorted.Where(label => label.Key != "alertname").Select(label => $"{label.Key}={label.Value}"));
        return (isResolved ? "!" : "") + string.Join(' ', words);
    }

    public PostableAlert Postable(DateTimeOffset zero) => new()
    {
        Labels = Labels,
        Annotations = Note.Length > 0 ? [new Label("note", Note)] : [],
        StartsAt = From is { } from ? At(zero, from) : null,
        EndsAt = Until is { } until ? At(zero, until) : null,
    };

    /// <summary>To the millisecond: the double next to 1.2 is none of the script's.</summary>
    public static DateTimeOffset At(DateTimeOffset zero, double seconds) => zero.AddMilliseconds(Math.Round(seconds * 1000));

    private static double Seconds(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
